#include "load/event_text.hpp"

namespace heliograph::load {

std::optional<Event> read_event(std::string_view text) {
  constexpr std::string_view kStart = "42[\"";
  constexpr std::string_view kBetween = "\",";
  if (!text.starts_with(kStart) || !text.ends_with(']')) {
    return std::nullopt;
  }
  text.remove_prefix(kStart.size());
  text.remove_suffix(1);
  const std::size_t name_end = text.find(kBetween);
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  return Event{text.substr(0, name_end), text.substr(name_end + kBetween.size())};
}

ObjectText& ObjectText::text(std::string_view name, std::string_view value) {
  std::string quoted = "\"";
  return raw(name, quoted.append(value).append("\""));
}

ObjectText& ObjectText::raw(std::string_view name, std::string_view json) {
  json_.append(json_.size() == 1 ? "\"" : ",\"").append(name).append("\":").append(json);
  return *this;
}

std::string event_text(std::string_view name, const ObjectText& argument) {
  std::string text = "42[\"";
  return text.append(name).append("\",").append(argument.end()).append("]");
}

std::optional<std::string_view> string_member(std::string_view json, std::string_view name) {
  std::string start = "\"";
  start.append(name).append("\":\"");
  const std::size_t found = json.find(start);
  if (found == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view value = json.substr(found + start.size());
  return value.substr(0, value.find('"'));
}

}  // namespace heliograph::load
