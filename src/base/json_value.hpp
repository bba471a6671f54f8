#pragma once

#include <cstdint>
#include <string_view>

namespace heliograph::json {

enum class Kind : std::uint8_t { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull };

// A value as it stands in the text, a string with its quotes, without white space around it.
struct Value {
  std::string_view text;
  Kind kind;
  bool may_have_escapes = true;  // false if there are none in the whole text

  bool has_escapes() const { return may_have_escapes && text.find('\\') != std::string_view::npos; }
};

// kSyntax: not JSON, or not UTF-8. kDepth: arrays and objects nested deeper than allowed; what
// follows the place where that showed is not checked.
enum class Status : std::uint8_t { kOk, kSyntax, kDepth };

// No text may be allowed to nest deeper than this; a greater max_depth is taken as this.
inline constexpr unsigned kMaxDepth = 1024;

}  // namespace heliograph::json
