#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "auth/tokens.hpp"
#include "base/clock.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

/// An `auth-request` whose token is good. If it names a peer that its client was before, it waits
/// until that one has left its rooms, or its deadline has passed.
struct SignIn {
  auth::AppClaims claims;
  std::string peerinfo;  // raw JSON or empty
  std::string payload;   // the same
  signaling::SharedAttachments attachments;
  std::optional<std::uint64_t> ack;
  std::optional<signaling::PeerId> replaced{};
  std::uint32_t answers = 0;  // of its Replaced, so far
  base::TimePoint deadline{};

  std::size_t bytes() const {
    return sizeof *this + claims.app.size() + peerinfo.size() + payload.size() +
           signaling::bytes_of(attachments);
  }
};

}  // namespace heliograph::gateway
