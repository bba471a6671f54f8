#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::http {

// The path of a request target in origin-form or absolute-form (RFC 9112 §3.2), as sent and without
// its query; empty for the other forms.
std::string_view path_of(std::string_view target);

// `target` without `base` in front of its path, as a target in origin-form; nullopt if the path is
// not below `base`, which is empty or has no slash at its end. "/rtc" itself is the root below it.
std::optional<std::string_view> below(std::string_view base, std::string_view target);

// The first field of this name in an application/x-www-form-urlencoded body (WHATWG URL §5.1), as
// bytes that need not be UTF-8; nullopt if there is none.
std::optional<std::string> form_field(std::string_view body, std::string_view name);

}  // namespace heliograph::http
