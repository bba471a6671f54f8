#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::websocket {

// The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 §4.2.2, item 5.4).
std::string accept_key(std::string_view sec_websocket_key);

// Whether a Sec-WebSocket-Key is what §4.1 asks for: 16 bytes in padded base64.
bool is_valid_key(std::string_view sec_websocket_key);

// The first token (RFC 9110 §5.6.2) in one Sec-WebSocket-Protocol field, which is a list. Elements
// that are no token are passed over.
std::optional<std::string_view> first_subprotocol(std::string_view sec_websocket_protocol);

}  // namespace heliograph::websocket
