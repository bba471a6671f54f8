#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::base {

// Without the blanks around it (RFC 9110 §5.6.3).
std::string_view trim(std::string_view text);

// Cuts the part before the first `separator`, or all, off the front of `text`, and the separator,
// too.
std::string_view cut_first(std::string_view& text, char separator);

// ASCII letters only.
bool equals_ignoring_case(std::string_view a, std::string_view b);

// The byte that `text` begins with when it is "%XX" (RFC 3986 §2.1).
std::optional<char> escaped_byte(std::string_view text);

// RFC 3986 §2.1; nullopt if a '%' is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

// Bytes that the text takes on the heap. A short text lies within its object and takes none.
std::size_t heap_bytes(const std::string& text);

}  // namespace heliograph::base
