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

// Writes a JSON object member by member.
class ObjectText {
 public:
  ObjectText& text(std::string_view name, std::string_view value);  // needs no escapes
  ObjectText& raw(std::string_view name, std::string_view json);
  std::string end() const { return json_ + "}"; }

 private:
  std::string json_ = "{";
};

// `42["name",argument]`
std::string event_text(std::string_view name, const ObjectText& argument);

// The value of the first member `"name":"…"` in `json`. Enough for ids and tokens, which hold no
// escapes; nothing where there is no such member.
std::optional<std::string_view> string_member(std::string_view json, std::string_view name);

}  // namespace heliograph::load
