#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "auth/tokens.hpp"
#include "base/clock.hpp"
#include "gateway/counted_bytes.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"

namespace heliograph::gateway {

/// The event that tells a client its session token.
inline constexpr std::string_view kSignIn = "auth-accept";

/// An `auth-request` whose token is good.
struct SignIn {
  auth::AppClaims claims;
  std::string peerinfo;  // raw JSON or empty
  std::string payload;   // the same
  signaling::SharedAttachments attachments;
  std::optional<std::uint64_t> ack;

  std::size_t bytes() const {
    return sizeof *this + claims.app.size() + peerinfo.size() + payload.size() +
           signaling::bytes_of(attachments);
  }
};

/// Those of one client that wait until a peer that it was before has left its rooms. There are
/// several if the client says the same again.
struct WaitingSignIns {
  /// `total` counts their bytes.
  WaitingSignIns(const signaling::PeerId& of_replaced, base::TimePoint until, std::size_t& total)
      : replaced(of_replaced), deadline(until), bytes(total) {
    bytes += sizeof *this;
  }
  void add(SignIn sign_in) {
    bytes += sign_in.bytes();
    sign_ins.push_back(std::move(sign_in));
  }

  signaling::PeerId replaced;
  base::TimePoint deadline;   // then they wait no longer
  std::uint32_t answers = 0;  // of the Replaced that are to come
  std::vector<SignIn> sign_ins;
  CountedBytes bytes;
};

}  // namespace heliograph::gateway
