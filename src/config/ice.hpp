#pragma once

#include <string>
#include <string_view>

namespace heliograph::config {

// `stun:` or `stuns:`, a host and maybe a port (RFC 7064 §3.1). The host is a name, an IPv4 address
// or an IPv6 address in brackets.
bool is_stun_url(std::string_view url);

// `turn:` or `turns:`, the same, and maybe `?transport=udp` or `?transport=tcp` (RFC 7065 §3.1).
bool is_turn_url(std::string_view url);

// What keeps a text from being a JSON array of RTCIceServer objects that a browser's
// RTCPeerConnection takes (W3C WebRTC §4.2.4), in words that show nothing of it, for there may be
// credentials in it. Empty where nothing does.
std::string ice_servers_problem(std::string_view text);

// Whether there is no such problem.
bool are_ice_servers(std::string_view text);

}  // namespace heliograph::config
