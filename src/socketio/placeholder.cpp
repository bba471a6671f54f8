#include "socketio/placeholder.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace heliograph::socketio {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

// Walks the objects of a text known to be valid JSON, so that a quote outside a string opens one,
// and a string before a colon is the name of a member of the innermost open object.
class ObjectWalker {
 public:
  enum class Step { kOpen, kName, kClose, kEnd };

  explicit ObjectWalker(std::string_view json_text) : rest_(json_text) {}

  Step next() {
    while (true) {
      skip_to_mark();
      if (rest_.empty()) return Step::kEnd;
      if (rest_.front() == '"') {
        take_string();
        if (take_colon()) return Step::kName;
      } else {
        const bool opens = rest_.front() == '{';
        rest_.remove_prefix(1);
        return opens ? Step::kOpen : Step::kClose;
      }
    }
  }

  // After kName: whether the member's name, its escapes decoded, is this one.
  bool name_is(std::string_view name) const {
    if (string_.find('\\') == std::string_view::npos) {
      return string_.substr(1, string_.size() - 2) == name;
    }
    return json::decode_string({.text = string_, .kind = json::Kind::kString}) == name;
  }

  // After kName: the text of the member's value if that is a number, else not all of it.
  std::string_view number() const {
    return rest_.substr(0, rest_.find_first_not_of("+-.0123456789Ee"));
  }

 private:
  void skip_to_mark() {
    const auto is_mark = [](char c) { return c == '"' || c == '{' || c == '}'; };
    rest_ = {std::ranges::find_if(rest_, is_mark), rest_.end()};
  }

  void take_string() {
    std::size_t end = 1;
    while (rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    string_ = rest_.substr(0, end + 1);
    rest_.remove_prefix(end + 1);
  }

  bool take_colon() {
    skip_white_space();
    if (!rest_.starts_with(':')) return false;
    rest_.remove_prefix(1);
    skip_white_space();
    return true;
  }

  void skip_white_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kWhiteSpace), rest_.size()));
  }

  std::string_view rest_;
  std::string_view string_;  // the last one, with its quotes
};

bool is_index_below(std::uint32_t limit, std::string_view number) {
  std::uint32_t index = 0;
  const char* const end = number.data() + number.size();
  const auto result = std::from_chars(number.data(), end, index);
  return result.ec == std::errc{} && result.ptr == end && index < limit;
}

}  // namespace

bool mentions_placeholder(std::string_view json_text) {
  ObjectWalker walker(json_text);
  while (true) {
    const auto step = walker.next();
    if (step == ObjectWalker::Step::kEnd) return false;
    if (step == ObjectWalker::Step::kName && walker.name_is("_placeholder")) return true;
  }
}

bool placeholders_are_valid(std::string_view json_text, std::uint32_t attachments) {
  struct Object {
    bool is_placeholder = false;
    bool has_valid_index = false;
  };
  std::vector<Object> open;
  ObjectWalker walker(json_text);
  while (true) {
    switch (walker.next()) {
      case ObjectWalker::Step::kOpen:
        open.emplace_back();
        break;
      case ObjectWalker::Step::kName:
        if (walker.name_is("_placeholder")) open.back().is_placeholder = true;
        if (walker.name_is("num")) {  // of duplicates the last counts, as JSON.parse has it
          open.back().has_valid_index = is_index_below(attachments, walker.number());
        }
        break;
      case ObjectWalker::Step::kClose:
        if (open.back().is_placeholder && !open.back().has_valid_index) return false;
        open.pop_back();
        break;
      case ObjectWalker::Step::kEnd:
        return true;
    }
  }
}

}  // namespace heliograph::socketio
