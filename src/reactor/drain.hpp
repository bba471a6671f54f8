#pragma once

#include <vector>

namespace heliograph::reactor {

/// Takes all items out of a list and acts on each. Items that are added meanwhile stay. The list
/// keeps its memory. False if it was empty.
template <class T, class Act>
bool drain(std::vector<T>& list, Act&& act) {
  if (list.empty()) return false;
  std::vector<T> items;
  items.swap(list);
  for (T& item : items) act(item);
  items.clear();
  if (list.empty()) list.swap(items);
  return true;
}

}  // namespace heliograph::reactor
