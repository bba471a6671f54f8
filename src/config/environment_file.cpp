#include "config/environment_file.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace heliograph::config {

namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";

bool is_name(std::string_view text) {
  const auto is_good = [](char c) {
    return kLetters.find(c) != std::string_view::npos || kDigits.find(c) != std::string_view::npos;
  };
  return !text.empty() && kDigits.find(text.front()) == std::string_view::npos &&
         std::ranges::all_of(text, is_good);
}

bool is_quote(char c) { return c == '"' || c == '\''; }

// Takes the quotes off. Within double quotes a backslash makes the next one of `"\$` and the grave
// accent stand for itself, as in a shell.
bool unquote(std::string_view text, std::string& value) {
  const char quote = text.front();
  std::size_t i = 1;
  for (; i < text.size() && text[i] != quote; ++i) {
    constexpr std::string_view kEscaped = "\"\\$`";
    const bool is_escape = quote == '"' && text[i] == '\\' && i + 1 < text.size() &&
                           kEscaped.find(text[i + 1]) != std::string_view::npos;
    if (is_escape) ++i;
    value += text[i];
  }
  return i + 1 == text.size();
}

// Without what an editor of Windows leaves at its end.
std::string_view content_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return base::trim(line);
}

// Without quotes a backslash makes any next one stand for itself.
std::string unescape(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return value;
}

// Whether the line ends with a backslash that is not escaped itself.
bool goes_on(std::string_view text) {
  const std::size_t last = text.find_last_not_of('\\');
  const std::size_t count = last == std::string_view::npos ? text.size() : text.size() - 1 - last;
  return count % 2 == 1;
}

FileEntry parse_line(unsigned number, std::string_view line) {
  FileEntry parsed{.line = number};
  const std::size_t equals = line.find('=');
  const std::string_view name = base::trim(line.substr(0, equals));
  if (equals == std::string_view::npos || !is_name(name)) {
    parsed.problem = "must be NAME=value";
    return parsed;
  }
  parsed.key = name;
  const std::string_view text = base::trim(line.substr(equals + 1));
  if (goes_on(text)) {
    parsed.problem = "must end in its line";
  } else if (text.empty() || !is_quote(text.front())) {
    parsed.text = unescape(text);
  } else if (!unquote(text, parsed.text)) {
    parsed.problem = "must end with the quote that it begins with";
  }
  return parsed;
}

}  // namespace

std::vector<FileEntry> parse_environment_file(std::string_view text) {
  std::vector<FileEntry> lines;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::string_view line = content_of(base::cut_first(text, '\n'));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    lines.push_back(parse_line(number, line));
  }
  return lines;
}

std::string with_value(std::string_view text, std::string_view name, std::string_view value) {
  std::string out;
  bool is_set = false;
  while (!text.empty()) {
    const std::string_view line = base::cut_first(text, '\n');
    const FileEntry parsed = parse_line(0, content_of(line));
    if (!is_set && parsed.key == name && parsed.problem.empty() && parsed.text.empty()) {
      out.append(name).append("=").append(value);
      is_set = true;
    } else {
      out += line;
    }
    out += '\n';
  }
  if (!is_set) out.append(name).append("=").append(value).append("\n");
  return out;
}

}  // namespace heliograph::config
