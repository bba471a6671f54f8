#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/ip_address.hpp"
#include "signaling/event.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/refusal.hpp"
#include "signaling/room_action.hpp"

namespace heliograph::signaling {

// Messages between workers. Those from one worker to another arrive in the order in which they were
// posted, and a message is in its inbox before the next one is posted to anybody: so messages that
// follow from a message never overtake it.

/// The worker number of a node's way to the rooms that several nodes share; see ../cluster.
inline constexpr std::uint16_t kClusterWorker = 0xFFFF;

/// The standing of a peer in a room, as the room's home last said. kUnchanged only in a RoomUpdate:
/// the home could not find out.
enum class Membership : std::uint8_t { kNone, kPending, kMember, kUnchanged };

/// From a peer's worker to the room's home.
struct RoomRequest {
  PeerId from;
  std::string room;
  RoomAction action;
  std::string payload;  // raw JSON or empty
  SharedAttachments attachments;
  std::optional<std::uint64_t> ack;
  bool wants_passed_on = false;  // see PassedOn
  RefusedAs refused_as{};        // if there is no `ack`
  base::IpAddress address{};     // the sender's, by which limits count; `::` if none do
};

/// A request without a sender: a room's home, or a node, asks for itself.
inline RoomRequest own_request(std::string room, RoomAction action) {
  RoomRequest request;
  request.room = std::move(room);
  request.action = std::move(action);
  return request;
}

/// Which kind of request of a peer an update answers; each gets exactly one such answer.
enum class Answers : std::uint8_t { kNone, kEntry, kLeave };  // kEntry: a Create or Join

/// A peer outside a room, and the news of it for the room's owners: it is new, it asks again with
/// another payload, or it is gone.
struct Stranger {
  enum class News : std::uint8_t { kFirst, kAgain, kNoMore };
  PeerId peer;
  News news = News::kFirst;
};

/// From a room's home to the peers of one worker: their standing in the room now, and the event
/// that tells them (empty: none).
struct RoomUpdate {
  std::vector<PeerId> to;
  std::string room;
  Membership membership = Membership::kNone;
  Answers answers = Answers::kNone;
  std::string event;
  SharedAttachments attachments;
  /// How many members the room has now; 0 if this update says nothing of that.
  std::uint32_t members = 0;
  /// The one that the event is about, if it knocks at the door or goes away from there.
  std::optional<Stranger> stranger{};
};

/// The acknowledgement of an event that another worker carried out.
struct Acknowledgement {
  PeerId to;
  std::uint64_t id = 0;
  std::string arguments;
};

/// A `request-error` for an event that another worker has refused and that asked for no
/// acknowledgement.
struct RequestError {
  PeerId to;
  std::string event;
};

/// From the sender's worker, which has checked that the sender is in `room`, to the target's. It
/// goes through the room's home if an earlier request of the sender to the home is still on its
/// way: otherwise an owner that accepts a candidate and writes to it at once would be too early.
struct RemoteRelay {
  PeerId from;
  PeerId to;
  std::string room;
  std::string event;
  SharedAttachments attachments;
  std::optional<std::uint64_t> ack;
  bool by_home = false;
  RefusedAs refused_as{};  // if there is no `ack`
};

/// From a room's home to the worker of a peer: one more answer, broadcast or relay that this peer
/// sent to the home has been passed on, and its effects have been posted.
struct PassedOn {
  PeerId to;
  std::string room;
};

/// From a room's home to the worker of a peer whose ticket another peer shows: the peer goes at
/// once, unless its client is connected. Answered by Vacated.
struct Vacate {
  PeerId peer;
  RoomRequest request;  // the Join that shows the ticket
};

/// The answer, by way of the room's home, so that it comes behind the peer's Leave, to the worker
/// that the request came from; that makes the request again if the candidate is still there. Its
/// Join::holder has the outcome.
struct Vacated {
  RoomRequest request;
};

/// Asks the worker of `peer` to take it out at once and to close its connection: its client has
/// come back as `successor`. Answered by Replaced.
struct Replace {
  PeerId peer;
  PeerId successor;
};

/// The answer: from each room that the peer was in, behind its Leave, or once if it was in none.
struct Replaced {
  PeerId peer;
  PeerId successor;
  std::uint32_t answers = 1;  // how many there are
};

using WorkerMessage = std::variant<RoomRequest, RoomUpdate, Acknowledgement, RequestError,
                                   RemoteRelay, PassedOn, Vacate, Vacated, Replace, Replaced>;

/// Tells the sender of a request or relay that it is refused: by its acknowledgement, or else by a
/// request-error; nothing if it gets neither.
std::optional<std::variant<Acknowledgement, RequestError>> refusal_of(const RoomRequest& request,
                                                                      const Refusal& refusal);
std::optional<std::variant<Acknowledgement, RequestError>> refusal_of(const RemoteRelay& relay,
                                                                      const Refusal& refusal);

/// About how many bytes a message takes while it waits in an inbox.
std::size_t weight(const WorkerMessage& message);

}  // namespace heliograph::signaling
