#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::load {

// A Socket.IO event with one object as its argument: `42["name",{…}]`. Both point into the text.
struct Event {
  std::string_view name;
  std::string_view argument;
};

// Nothing where `text` is another kind of packet.
std::optional<Event> read_event(std::string_view text);

// The text of an event; `argument` is JSON.
std::string event_text(std::string_view name, std::string_view argument);

// The value of the first member `"name":"…"` in `json`. Enough for ids and tokens, which hold no
// escapes; nothing where there is no such member.
std::optional<std::string_view> string_member(std::string_view json, std::string_view name);

}  // namespace heliograph::load
