#pragma once

#include <string>
#include <string_view>

namespace heliograph::config {

// `stun:` or `stuns:`, a host and maybe a port (RFC 7064 §3.1). The host is a name, an IPv4 address
// or an IPv6 address in brackets.
bool is_stun_url(std::string_view url);

// `turn:` or `turns:`, the same, and maybe `?transport=udp` or `?transport=tcp` (RFC 7065 §3.1).
bool is_turn_url(std::string_view url);

// The reason why a text is not a JSON array of RTCIceServer objects that a browser's
// RTCPeerConnection accepts (W3C WebRTC §4.2.4). It quotes nothing of the text, which may contain
// credentials. Empty if the text is one.
std::string ice_servers_problem(std::string_view text);

// Whether there is no such problem.
bool are_ice_servers(std::string_view text);

}  // namespace heliograph::config
