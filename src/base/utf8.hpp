#pragma once

#include <cstddef>
#include <string_view>

namespace heliograph::base {

// Whether `bytes` is well-formed UTF-8 (RFC 3629): no overlong form, surrogate or code point above
// U+10FFFF, and no sequence cut short. Empty text is valid.
bool is_valid_utf8(std::string_view bytes);

// The longest beginning of `text`, which is UTF-8, that has at most `bytes` and ends between two
// characters.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace heliograph::base
