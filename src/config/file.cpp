#include "config/file.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace heliograph::config {

namespace {

std::string as_json(const toml::array& array) {
  std::ostringstream text;
  text << toml::json_formatter(array);
  return std::move(text).str();
}

std::string joined(const toml::array& array) {
  std::string list;
  for (const toml::node& item : array) {
    list += (list.empty() ? "" : ",") + item.value_or(std::string());
  }
  return list;
}

std::optional<std::string> as_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* boolean = node.as_boolean()) return boolean->get() ? "on" : "off";
  if (const auto* array = node.as_array()) {
    return array->is_homogeneous<std::string>() ? joined(*array) : as_json(*array);
  }
  return std::nullopt;
}

}  // namespace

std::vector<FileEntry> parse_file(std::string_view toml) {
  const toml::parse_result result = toml::parse(toml);
  if (result.failed()) {
    const toml::parse_error& error = result.error();
    return {{.line = error.source().begin.line,
             .problem =
                 "is no TOML (texts stand in quotes there): " + std::string(error.description())}};
  }
  std::vector<FileEntry> entries;
  for (const auto& [key, node] : result.table()) {
    FileEntry entry{.line = key.source().begin.line, .key = std::string(key.str())};
    if (std::optional<std::string> text = as_text(node)) {
      entry.text = std::move(*text);
    } else {
      entry.problem =
          node.is_table() ? "no settings stand in sections" : "must be a text or a number";
    }
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &FileEntry::line);
  return entries;
}

}  // namespace heliograph::config
