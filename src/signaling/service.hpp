#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "signaling/command.hpp"
#include "signaling/command_context.hpp"
#include "signaling/doors.hpp"
#include "signaling/emission.hpp"
#include "signaling/event.hpp"
#include "signaling/homes.hpp"
#include "signaling/limits.hpp"
#include "signaling/outbox.hpp"
#include "signaling/peers.hpp"
#include "signaling/relations.hpp"
#include "signaling/relays.hpp"
#include "signaling/room_directory.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// The functions that need randomness or keys, which this folder does not touch.
struct Secrets {
  std::function<std::string()> make_room_name;  // for a room created without one
  std::function<std::string()> make_ticket{};   // see ticket.hpp; null: there are none
  /// Keyed digests of a room's password: the same for the same one, and of no use to anybody else.
  /// A room keeps the first. Each of them opens it, because another node may use another key.
  std::function<std::vector<std::string>(std::string_view password)> digests;
};

/// The peers of one worker, and the rooms whose home it is. Carries out the commands of its peers
/// and the messages of other workers, or passes them on. Not thread-safe: its worker's own.
class Service {
 public:
  struct Settings {
    Limits limits{};
    GuessCounts guesses{};
    bool takes_emissions = false;  // else emit() must not be called
  };
  Service(const Homes& homes, Secrets secrets, const Settings& settings, Outbox& outbox);

  PeerId add_peer(std::uint64_t nonce);
  /// Takes the peer out of its rooms; the others there are told. `successor` gets a Replaced for
  /// each room.
  void remove_peer(const PeerId& id, base::TimePoint now,
                   const std::optional<PeerId>& successor = std::nullopt);
  /// Takes out a peer of any worker or node, in favour of `successor`, a peer of this worker.
  /// Answered by Outbox::replaced(), once or several times, maybe before this returns. False if
  /// there can be no such peer; then no answer comes.
  bool replace(const PeerId& peer, const PeerId& successor, base::TimePoint now);
  bool is_member(const PeerId& id, std::string_view room);
  /// Other peers are told this of the peer: raw JSON; empty leaves it as it was.
  void set_peerinfo(const PeerId& id, Raw peerinfo, base::TimePoint now);

  using Context = CommandContext;
  void execute(const PeerId& from, const CreateRoom& command, const Context& context);
  void execute(const PeerId& from, const JoinRoom& command, const Context& context);
  void execute(const PeerId& from, const LeaveRoom& command, const Context& context);
  void execute(const PeerId& from, const UpdateRoom& command, const Context& context);
  void execute(const PeerId& from, const ActOnRoom& command, const Context& context);
  void execute(const PeerId& from, const Relay& command, const Context& context) {
    relays_.execute(from, command, context);
  }
  void execute(const PeerId& from, const Broadcast& command, const Context& context);

  /// Whether the worker that the room lives on is too far behind to be asked for more. execute()
  /// itself refuses relays and broadcasts.
  bool is_congested(std::string_view room) const {
    return relays_.is_congested(homes_.of_room(room));
  }

  /// A message that another worker's Service posted to this one.
  void on_message(WorkerMessage message, base::TimePoint now);

  /// Delivers to those of this worker's peers that are meant.
  void emit(const Emission& emission);

  /// Answers join requests whose time is over, and tells owners what they have yet to be told.
  void expire(base::TimePoint now);
  /// When expire() is due next; TimePoint::max() for never.
  base::TimePoint deadline() const { return std::min(directory_.deadline(), doors_.deadline()); }

  /// About what is held for all peers, and for this one, in bytes.
  std::size_t held_bytes() const { return relations_.held_bytes() + directory_.held_bytes(); }
  std::size_t held_bytes(const PeerId& id);
  /// Makes the tickets of absent members worthless, and then closes rooms that wait for them, the
  /// oldest first, until this many bytes are free. Returns how many are.
  std::size_t forget_places(std::size_t bytes, base::TimePoint now);

  std::size_t peer_count() const { return peers_.size(); }
  std::size_t room_count() const { return directory_.size(); }

 private:
  void refuse(const PeerId& to, const Refusal& refusal, std::string_view room,
              const Context& context);
  void request(RoomRequest request, base::TimePoint now);
  void request_in_order(Peer& peer, RoomRequest request, base::TimePoint now);
  void send_all(std::vector<RoomEffect> effects, base::TimePoint now);
  template <class Message>
  void send(Message message, base::TimePoint now);
  template <class Message>
  void send_to(const Address& home, Message&& message, base::TimePoint now);

  void on_message(RoomRequest request, base::TimePoint now);
  void on_message(const RoomUpdate& update, base::TimePoint now);
  void on_message(const Acknowledgement& acknowledgement, base::TimePoint now);
  void on_message(const RequestError& error, base::TimePoint now);
  void on_message(RemoteRelay relay, base::TimePoint now);
  void on_message(const PassedOn& passed, base::TimePoint now);
  void on_message(Vacate vacate, base::TimePoint now);
  void on_message(Vacated vacated, base::TimePoint now);
  void on_message(const Replace& replace, base::TimePoint now);
  void on_message(const Replaced& answer, base::TimePoint now);
  void apply(const RoomUpdate& update, const PeerId& to);

  SharedTickets tickets(const Context& context, std::string_view shown) const;
  std::vector<PeerId> named_by(std::span<const std::string> names);

  Homes homes_;
  Secrets secrets_;
  Limits limits_;
  Outbox& outbox_;
  Peers peers_;
  Relations relations_;
  Relays relays_;
  RoomDirectory directory_;
  Doors doors_;  // of the rooms that are here
};

}  // namespace heliograph::signaling
