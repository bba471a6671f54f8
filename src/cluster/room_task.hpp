#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/peer_id.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// A task for a room that nodes share: a request, a relay that must follow what its sender asked
/// before, or the answer of a peer of this node that was asked to vacate its place.
using RoomTask = std::variant<signaling::RoomRequest, signaling::RemoteRelay, signaling::Vacated>;

/// The answer that the sender of a task waits for.
enum class AwaitedAnswer : std::uint8_t {
  kNone,             // so the task may wait for any time until it is done
  kAcknowledgement,  // or a request-error, if the sender asked for either
  kToLeave,          // a RoomUpdate, and then the same as kAcknowledgement
  kToEntry,          // the same; an entry is a Create or Join
};
AwaitedAnswer awaited_answer(const RoomTask& task);

const std::string& room_name(const RoomTask& task);
const signaling::PeerId& sender_of(const RoomTask& task);
/// The node whose peers to remove, if that is the task.
std::optional<std::uint32_t> gone_node(const RoomTask& task);

/// The messages that tell the sender that its task is refused with `cluster-unavailable`. None for
/// a relay to a peer of another node than `node`, this one: Node refuses that.
std::vector<signaling::WorkerMessage> refusal_messages(const RoomTask& task, std::uint32_t node);
/// The message that tells the sender's worker that the task does not hold back later ones any more.
/// Nothing if that does not wait to be told.
std::optional<signaling::PassedOn> passed_on(const RoomTask& task);

}  // namespace heliograph::cluster
