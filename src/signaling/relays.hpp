#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/token_bucket.hpp"
#include "signaling/command.hpp"
#include "signaling/command_context.hpp"
#include "signaling/homes.hpp"
#include "signaling/limits.hpp"
#include "signaling/outbox.hpp"
#include "signaling/peers.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// Relays of one worker's peers, and relays to them: permissions, budgets and routes. A relay goes
/// straight to the target's worker, unless an earlier request of its sender to the room's home is
/// still under way; then it goes through the home, so that it does not arrive early.
class Relays {
 public:
  /// `peers` and `outbox` must outlive it.
  Relays(const Homes& homes, const Limits& limits, Peers& peers, Outbox& outbox)
      : homes_(homes),
        relay_bytes_(limits.relay_bytes),
        room_bytes_(limits.room_bytes),
        peers_(peers),
        outbox_(outbox) {}

  void execute(const PeerId& from, const Relay& command, const CommandContext& context);

  /// The action to ask of the room's home; nothing if the command has been refused.
  std::optional<room_action::Broadcast> broadcast(Peer& sender, const Broadcast& command,
                                                  const CommandContext& context);

  /// Delivers a relay that has come for a peer of this worker. Returns the answer to its sender, if
  /// there is one.
  std::optional<std::variant<Acknowledgement, RequestError>> deliver(const RemoteRelay& relay);

  /// Relays that the sender of the request sends to the same room later will not overtake it.
  void keep_behind(RoomRequest& request, Peer& sender);
  void on_passed_on(const PassedOn& passed);

  /// Whether too much waits already for this other worker.
  bool is_congested(const Address& home) const {
    return home != homes_.self && outbox_.is_congested(home);
  }

 private:
  bool may_reach(const PeerId& to, const Relation& relation);
  bool is_any_congested() const;
  void relay_to_neighbour(const Peer& sender, const PeerId& to, base::TokenBucket& budget,
                          const Relay& command, const CommandContext& context);
  void relay_far(const Peer& sender, const PeerId& to, Relation& relation,
                 base::TokenBucket& budget, const Relay& command, const CommandContext& context);

  Homes homes_;
  base::BucketRate relay_bytes_;
  base::BucketRate room_bytes_;
  Peers& peers_;
  Outbox& outbox_;
  std::string scratch_;
};

}  // namespace heliograph::signaling
