#pragma once

#include <string_view>

namespace heliograph::base {

// Without the blanks around it (RFC 9110 §5.6.3).
std::string_view trim(std::string_view text);

// Takes what stands before the first `separator`, or all, off the front of `text`, and the
// separator.
std::string_view cut_first(std::string_view& text, char separator);

// ASCII letters only.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace heliograph::base
