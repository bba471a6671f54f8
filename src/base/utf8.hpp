#pragma once

#include <string_view>

namespace heliograph::base {

// Whether `bytes` is well-formed UTF-8 (RFC 3629): no overlong form, surrogate or code point above
// U+10FFFF, and no sequence cut short. Empty text is valid.
bool is_valid_utf8(std::string_view bytes);

}  // namespace heliograph::base
