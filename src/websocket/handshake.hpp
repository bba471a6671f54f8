#pragma once

#include <string>
#include <string_view>

namespace heliograph::websocket {

// The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 §4.2.2, item 5.4).
std::string accept_key(std::string_view sec_websocket_key);

// Whether a Sec-WebSocket-Key is what §4.1 asks for: 16 bytes in padded base64.
bool is_valid_key(std::string_view sec_websocket_key);

}  // namespace heliograph::websocket
