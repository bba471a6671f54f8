#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.hpp"

namespace heliograph::json {

// The string as UTF-8, escapes decoded; nullopt if the value is not a string or holds an escaped
// lone surrogate (RFC 8259 §8.2). The value must come from a checked text.
std::optional<std::string> decode_string(const Value& value);

// nullopt unless the value is a number written as digits only and below 2^64.
std::optional<std::uint64_t> decode_unsigned(const Value& value);

// Appends `utf8` as a JSON string: quoted, with quote, backslash and control characters escaped the
// way JSON.stringify writes them. `utf8` must be valid UTF-8.
void append_string(std::string& out, std::string_view utf8);

// Decodes the text between the quotes of a checked string; nullopt for a lone surrogate. For the
// files of json.hpp only.
std::optional<std::string> decode_escapes(std::string_view text);

}  // namespace heliograph::json
