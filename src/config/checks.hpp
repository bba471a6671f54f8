#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "auth/secrets.hpp"

namespace heliograph::config {

// `*`, or an origin as browsers send it (RFC 6454 §6.2): scheme, host and maybe port, in lower case
// and without a slash at the end.
bool is_origin(std::string_view text);

// The same, and what stands for the origin of a page that has none: `null`, or `file://` in the
// web views of apps.
bool is_page_origin(std::string_view text);

// The sources of a frame-ancestors directive (CSP 3 §6.4.2), separated by spaces: hosts and
// schemes, `self`, or `none` alone. The keywords may have their quotes. Nothing that would end the
// directive or the header.
bool is_frame_ancestors(std::string_view text);

// An IPv4 or IPv6 address, or a name (RFC 1123 §2.1).
bool is_host(std::string_view text);

// A path as it stands in a URL (RFC 3986 §3.3): a slash before each segment and none at the end,
// nothing escaped, no segment "." or "..".
bool is_base_path(std::string_view text);

// A secret that a TURN server shares with us: not empty, of at most 1024 bytes.
bool is_turn_secret(std::string_view text);

// Of each secret of the server.
inline constexpr std::size_t kLeastSecretBytes = 32;

// The server's secret, or two with a comma between them, byte by byte as they are. Nothing if one
// is empty, if there are more, or if there is white space beside the comma, which would count.
std::optional<auth::Secrets> parse_secrets(std::string_view text);

// The problem with two or more secrets, each of which must have kLeastSecretBytes; empty for one.
std::string secrets_problem(std::string_view text);

// Letters, digits, - and _ only.
bool is_key_prefix(std::string_view text);

// The same, and . : and / as well: nothing that means something else in a pattern of Redis'.
bool is_channel_key(std::string_view text);

}  // namespace heliograph::config
