#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace heliograph::signaling {

/// A worker of a node: the home of a peer or a room.
struct Address {
  std::uint32_t node = 0;  // 24 bits
  std::uint16_t worker = 0;
  friend auto operator<=>(const Address&, const Address&) = default;
};

/// Names one peer for as long as it is connected, and says where it lives, so that a relay goes
/// straight there. Public: other members of its rooms see it. On the wire it is the Socket.IO id,
/// 20 characters of base64url over 15 bytes: node (3), worker (2), slot (4), nonce (6).
struct PeerId {
  Address home;
  std::uint32_t slot = 0;   // place in its worker's table
  std::uint64_t nonce = 0;  // 48 random bits: an id is never used again for another peer
  friend auto operator<=>(const PeerId&, const PeerId&) = default;
};

inline constexpr std::uint64_t kNonceMask = (std::uint64_t{1} << 48) - 1;

/// The 20 characters of an id.
class PeerIdText {
 public:
  explicit PeerIdText(const PeerId& id);
  operator std::string_view() const { return {characters_.data(), characters_.size()}; }

 private:
  std::array<char, 20> characters_;
};

/// Reads the 20 characters; nothing else names a peer.
std::optional<PeerId> parse_peer_id(std::string_view text);

/// The peer of a name that may also be a room's. A peer that names a room like another peer's id
/// must not get what is meant for that peer. So a name that can be an id is one, of any node. No
/// node has 1024 workers: the fifth character of every id is an A, by which ids differ from most
/// other text of their length.
std::optional<PeerId> peer_rather_than_room(std::string_view name);

}  // namespace heliograph::signaling
