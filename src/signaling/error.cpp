#include "signaling/error.hpp"

#include <array>
#include <cstddef>

namespace heliograph::signaling {
namespace {

struct Row {
  Error error;
  ErrorText text;
};

// The messages of unauthorized, room-taken, room-not-found and rejected-by-owner are those of the
// Node.js server that Heliograph replaces, letter for letter.
constexpr std::array kTable{
    Row{Error::kUnauthorized, {"unauthorized", "Token is not valid"}},
    Row{Error::kInvalidArguments,
        {"invalid-arguments", "An argument is missing, of the wrong type or contradicts another"}},
    Row{Error::kUnknownEvent, {"unknown-event", "There is no such event"}},
    Row{Error::kRoomTaken,
        {"room-taken",
         "Room already taken someone else. Please type another room name or stay it blank."}},
    Row{Error::kRoomNotFound, {"room-not-found", "Room is not found."}},
    Row{Error::kNotOwner, {"not-owner", "Only an owner of the room may do this"}},
    Row{Error::kNotInRoom, {"not-in-room", "You are not in this room"}},
    Row{Error::kPeerNotInRoom, {"peer-not-in-room", "The peer is not in this room"}},
    Row{Error::kNoJoinRequest, {"no-join-request", "The peer has not asked to join this room"}},
    Row{Error::kRejectedByOwner, {"rejected-by-owner", "Room owner was rejected your request"}},
    Row{Error::kJoinRequestTimeout,
        {"join-request-timeout", "No owner of the room answered your request in time"}},
    Row{Error::kRoomLocked, {"room-locked", "The room is locked"}},
    Row{Error::kRoomFull, {"room-full", "The room is full"}},
    Row{Error::kWrongPassword, {"wrong-password", "The password of the room is another one"}},
    Row{Error::kBanned, {"banned", "You may not come back into this room"}},
    Row{Error::kEventTooLarge, {"event-too-large", "The event is larger than this server takes"}},
    Row{Error::kPeerinfoTooLarge,
        {"peerinfo-too-large", "The peerinfo is larger than this server takes"}},
    Row{Error::kRoomNameTooLong,
        {"room-name-too-long", "The room's name is longer than this server takes"}},
    Row{Error::kTooManyRooms, {"too-many-rooms", "You are in too many rooms already"}},
    Row{Error::kTooManyRequests,
        {"too-many-requests", "Too many peers are asking to enter this room"}},
    Row{Error::kTicketInUse,
        {"ticket-in-use", "Somebody who is connected is in this room with the same ticket"}},
    Row{Error::kJsonTooDeep, {"json-too-deep", "The event's JSON is nested too deeply"}},
    Row{Error::kRateLimited, {"rate-limited", "You send events too fast"}},
    Row{Error::kClusterUnavailable,
        {"cluster-unavailable",
         "The servers cannot reach each other right now. Please try again."}},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].error) != i) return false;
  }
  return kTable.size() == static_cast<std::size_t>(Error::kClusterUnavailable) + 1;
}
static_assert(in_order(), "kTable has one row an Error, in the order of the enumeration");

}  // namespace

ErrorText text(Error error) { return kTable[static_cast<std::size_t>(error)].text; }

}  // namespace heliograph::signaling
