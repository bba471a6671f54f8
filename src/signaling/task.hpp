#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "signaling/room.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// A message that follows from a request to a room.
using RoomEffect = std::variant<RoomUpdate, Acknowledgement, RequestError, Vacate, Replaced>;

/// A request while the room's home carries it out, and the effects that it has had so far.
struct Task {
  RoomRequest request;
  base::TimePoint now;
  std::vector<RoomEffect> effects{};  // in the order in which they must be posted
  bool ends_room = false;             // erase the room when this is done

  // --- to the sender
  /// Nothing if the sender asks for no acknowledgement.
  void acknowledge(std::string arguments);
  void refuse(const Refusal& refusal);
  void refuse(Error error);
  /// The one answer to a Create, Join or Leave.
  void settle(Answers answers, Membership membership, std::string event);

  // --- to anybody
  /// Tells these peers their standing in the room now, by this event (empty: by none).
  void update(std::vector<PeerId> to, Membership membership, std::string event,
              SharedAttachments attachments = {});
  /// An event about one who is outside.
  void tell_of_stranger(std::vector<PeerId> owners, const Stranger& stranger, std::string event,
                        SharedAttachments attachments = {});
  /// Tells the other members that this one has come in.
  void announce(Room& room, const PeerId& newcomer, Raw payload,
                const SharedAttachments& attachments);

  /// The room has so many members now: each update says so.
  void note_members(std::size_t members);
};

/// The standing of a peer in the room. Null: there is no room.
Membership membership_in(Room* room, const PeerId& peer);

}  // namespace heliograph::signaling
