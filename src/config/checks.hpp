#pragma once

#include <string_view>

namespace heliograph::config {

// `*`, or an origin as browsers send it (RFC 6454 §6.2): scheme, host and maybe port, in lower case
// and without a slash at the end.
bool is_origin(std::string_view text);

// A path as it stands in a URL (RFC 3986 §3.3): a slash before each segment and none at the end,
// nothing escaped, no segment "." or "..".
bool is_base_path(std::string_view text);

// A secret that a TURN server shares with us: not empty, of at most 1024 bytes.
bool is_turn_secret(std::string_view text);

// Letters, digits, - and _ only.
bool is_key_prefix(std::string_view text);

// The same, and . : and / as well: nothing that means something else in a pattern of Redis'.
bool is_channel_key(std::string_view text);

}  // namespace heliograph::config
