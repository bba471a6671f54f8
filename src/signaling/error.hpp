#pragma once

#include <cstdint>
#include <string_view>

namespace heliograph::signaling {

/// Every way in which the server refuses an event. Codes and messages stand in one table,
/// error.cpp.
enum class Error : std::uint8_t {
  kUnauthorized,
  kInvalidArguments,
  kUnknownEvent,
  kRoomTaken,
  kRoomNotFound,
  kNotOwner,
  kNotInRoom,
  kPeerNotInRoom,
  kNoJoinRequest,
  kRejectedByOwner,
  kJoinRequestTimeout,
  kRoomLocked,
  kRoomFull,
  kWrongPassword,
  kBanned,
  kEventTooLarge,
  kPeerinfoTooLarge,
  kRoomNameTooLong,
  kTooManyRooms,
  kTooManyRequests,
  kTicketInUse,
  kJsonTooDeep,
  kRateLimited,
  kClusterUnavailable,
};

/// `code` is for programs, `message` for people; both are part of the wire protocol.
struct ErrorText {
  std::string_view code;
  std::string_view message;
};

ErrorText text(Error error);

}  // namespace heliograph::signaling
