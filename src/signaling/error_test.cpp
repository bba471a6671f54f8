#include "signaling/error.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

// Long because it is a table of all errors.
// What programs and people rely on: a change of a row is a change of the wire protocol.
TEST(Error, CodesAndMessagesAreThoseOfTheProtocol) {
  struct Row {
    Error error;
    std::string_view code;
    std::string_view message;
  };
  for (const Row& row : {
           Row{Error::kUnauthorized, "unauthorized", "Token is not valid"},
           Row{Error::kInvalidArguments, "invalid-arguments",
               "An argument is missing, of the wrong type or contradicts another"},
           Row{Error::kUnknownEvent, "unknown-event", "There is no such event"},
           Row{Error::kRoomTaken, "room-taken",
               "Room already taken someone else. Please type another room name or stay it blank."},
           Row{Error::kRoomNotFound, "room-not-found", "Room is not found."},
           Row{Error::kNotOwner, "not-owner", "Only an owner of the room may do this"},
           Row{Error::kNotInRoom, "not-in-room", "You are not in this room"},
           Row{Error::kPeerNotInRoom, "peer-not-in-room", "The peer is not in this room"},
           Row{Error::kNoJoinRequest, "no-join-request",
               "The peer has not asked to join this room"},
           Row{Error::kRejectedByOwner, "rejected-by-owner",
               "Room owner was rejected your request"},
           Row{Error::kJoinRequestTimeout, "join-request-timeout",
               "No owner of the room answered your request in time"},
           Row{Error::kRoomLocked, "room-locked", "The room is locked"},
           Row{Error::kRoomFull, "room-full", "The room is full"},
           Row{Error::kWrongPassword, "wrong-password", "The password of the room is another one"},
           Row{Error::kBanned, "banned", "You may not come back into this room"},
           Row{Error::kEventTooLarge, "event-too-large",
               "The event is larger than this server takes"},
           Row{Error::kPeerinfoTooLarge, "peerinfo-too-large",
               "The peerinfo is larger than this server takes"},
           Row{Error::kRoomNameTooLong, "room-name-too-long",
               "The room's name is longer than this server takes"},
           Row{Error::kTooManyRooms, "too-many-rooms", "You are in too many rooms already"},
           Row{Error::kTooManyRequests, "too-many-requests",
               "Too many peers are asking to enter this room"},
           Row{Error::kJsonTooDeep, "json-too-deep", "The event's JSON is nested too deeply"},
           Row{Error::kRateLimited, "rate-limited", "You send events too fast"},
       }) {
    EXPECT_EQ(text(row.error).code, row.code);
    EXPECT_EQ(text(row.error).message, row.message);
  }
}

TEST(Error, NoTwoShareACode) {
  std::set<std::string_view> codes;
  const auto count = static_cast<unsigned>(Error::kRateLimited) + 1;
  for (unsigned i = 0; i < count; ++i) codes.insert(text(static_cast<Error>(i)).code);
  EXPECT_EQ(codes.size(), count);
}

}  // namespace
}  // namespace heliograph::signaling
