#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "signaling/peer_id.hpp"
#include "signaling/ticket.hpp"

namespace heliograph::signaling {

enum class Answer : std::uint8_t { kAccept, kReject };

/// A room may be entered if an owner agrees, by everybody, or with the password.
enum class Admission : std::uint8_t { kOwner, kOpen, kPassword };
/// As it is called on the wire; the same below.
constexpr std::string_view text(Admission admission) {
  switch (admission) {
    case Admission::kOwner:
      return "owner";
    case Admission::kOpen:
      return "open";
    case Admission::kPassword:
      return "password";
  }
  return {};
}

enum class MediaKind : std::uint8_t { kAudio, kVideo };
constexpr std::string_view text(MediaKind kind) {
  return kind == MediaKind::kAudio ? "audio" : "video";
}

// Actions that a room's home is asked to carry out.
namespace room_action {
struct Create {
  std::string peerinfo;
  SharedTickets tickets{};
};
struct Join {
  std::string peerinfo;
  std::vector<std::string> passwords;  // digests of the one given: a room with any of them opens
  std::chrono::milliseconds wait{};    // it comes too soon by so much; see Doors
  SharedTickets tickets{};
  /// The peer that has the place of the shown ticket: see Vacate.
  enum class Holder : std::uint8_t { kNotAsked, kStays, kGone };
  Holder holder = Holder::kNotAsked;
  std::uint32_t members = 0;      // of the room, that peer among them, when it was asked
  std::uint64_t wait_number = 0;  // under which ../cluster waits for Vacated
};
struct AnswerJoin {
  PeerId candidate;
  Answer answer;
};
struct Kick {
  PeerId peer;
  bool ban = false;
};
/// An owner asks a member to mute what it sends. The member decides.
struct Mute {
  PeerId peer;
  MediaKind kind{};
};
struct Update {
  std::optional<bool> locked;
  std::optional<std::uint32_t> capacity;
  std::optional<Admission> admission;
  std::string password;  // its digest; empty: as it was
};
struct Describe {};
struct Broadcast {
  std::string event;
};
struct ChangePeerinfo {
  std::string peerinfo;
};
struct Leave {
  bool has_gone = false;     // the peer is not there any more and needs no answer
  bool is_repeated = false;  // behind another one of this peer
  /// The peer that gets a Replaced when this is done, and how many it gets in all.
  std::optional<PeerId> successor{};
  std::uint32_t leaves = 1;
};
/// The sender's join request was not answered in time. Another one than `serial` stays.
struct TimeOut {
  std::uint64_t serial = 0;
};
/// Asks owners about candidates of this node that they have not been asked about yet: see
/// Room::to_be_shown. Has no sender.
struct ShowRequests {
  std::uint32_t node = 0;
};
/// Tells owners of wrong passwords. Has no sender.
struct ReportGuesses {
  std::uint32_t failures = 0;
};
/// Nobody with a ticket has come back in time. Nothing if the room was left again since. Has no
/// sender.
struct EndLinger {
  std::uint64_t number = 0;
};
/// A node has gone, and all of its peers with it. `remover` takes over its duties.
/// Has no sender.
struct NodeGone {
  std::uint32_t node = 0;
  std::uint32_t remover = 0;
};
/// These have gone, all at once, and are told so by an update without an event, which comes after
/// everything that they were told as members. Their places go, too. Has no sender.
struct PeersGone {
  std::vector<PeerId> peers;
};
}  // namespace room_action

using RoomAction =
    std::variant<room_action::Create, room_action::Join, room_action::Leave,
                 room_action::AnswerJoin, room_action::Kick, room_action::Mute, room_action::Update,
                 room_action::Describe, room_action::Broadcast, room_action::ChangePeerinfo,
                 room_action::TimeOut, room_action::ShowRequests, room_action::ReportGuesses,
                 room_action::EndLinger, room_action::NodeGone, room_action::PeersGone>;

}  // namespace heliograph::signaling
