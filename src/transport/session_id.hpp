#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heliograph::transport {

/// An Engine.IO session id: where the session lives, and a secret of 120 bits that makes it the
/// client's own. Never shown to anybody but its client. On the wire 28 characters of base64url over
/// 21 bytes: worker (2), slot (4), secret (15).
struct SessionId {
  std::uint16_t worker = 0;
  std::uint32_t slot = 0;
  std::array<unsigned char, 15> secret{};
};

std::string to_text(const SessionId& id);
std::optional<SessionId> parse_session_id(std::string_view text);

/// Whether the secrets are the same, in constant time.
bool same_secret(const SessionId& a, const SessionId& b);

}  // namespace heliograph::transport
