#pragma once

#include <string_view>

namespace heliograph::config {

// `*`, or an origin as browsers send it (RFC 6454 §6.2): scheme, host and maybe port, in lower case
// and without a slash at the end.
bool is_origin(std::string_view text);

// A JSON array of RTCIceServer objects that a browser's RTCPeerConnection takes (W3C WebRTC
// §4.2.4): `urls` a string or an array of them, each a stun:, stuns:, turn: or turns: address, and
// beside turn: and turns: `username` and `credential`.
bool are_ice_servers(std::string_view text);

}  // namespace heliograph::config
