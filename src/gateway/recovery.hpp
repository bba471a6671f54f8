#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/crypto.hpp"
#include "auth/secrets.hpp"
#include "auth/tokens.hpp"
#include "signaling/peer_id.hpp"

// Connection state recovery: the values that let a Socket.IO client come back as the same peer
// (https://socket.io/docs/v4/connection-state-recovery).
namespace heliograph::gateway {

/// The `pid` of a peer: its id, and a code that only the server can make, so that nobody comes back
/// as somebody else. It is the same as long as the peer lives, and holds for its app only. 42
/// characters.
std::string private_id(const signaling::PeerId& peer, std::string_view app,
                       const auth::HmacSha256& hmac);
std::optional<signaling::PeerId> verify_private_id(std::string_view pid, std::string_view app,
                                                   const auth::SecretHmac& hmac);

/// A client's former peer, as its CONNECT says.
struct ReturnRequest {
  signaling::PeerId peer;
  std::string app;                             // of the CONNECT's token, and the peer's
  std::int64_t app_expires_at = auth::kNever;  // that token, in seconds since the Unix epoch
  std::uint64_t after = 0;  // the number of the last event that the client has got
};

/// The `offset` that goes with an event: its number, and what ties it to its peer, because a client
/// may remember one of an earlier peer.
class Offset {
 public:
  Offset(const signaling::PeerId& peer, std::uint64_t number);
  operator std::string_view() const { return as_last_element().substr(2, size_ - 4); }
  /// `,"…"]`, the end of an event's array.
  std::string_view as_last_element() const { return {characters_.data(), size_}; }

 private:
  std::array<char, 32> characters_;  // 6 for the peer, at most 20 digits, 4 around them
  std::size_t size_;
};

/// The number; 0 if it is none of this peer's.
std::uint64_t parse_offset(std::string_view offset, const signaling::PeerId& peer);

}  // namespace heliograph::gateway
