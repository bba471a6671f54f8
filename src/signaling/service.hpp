#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "signaling/command.hpp"
#include "signaling/doors.hpp"
#include "signaling/emission.hpp"
#include "signaling/event.hpp"
#include "signaling/limits.hpp"
#include "signaling/member_index.hpp"
#include "signaling/peers.hpp"
#include "signaling/room_directory.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// An event of a stranger, who is not in the room.
struct Knock {
  std::string_view room;
  Stranger stranger;
  std::string_view event;
};

/// Where a worker's Service puts what it has to say. Views live until the call returns.
class Outbox {
 public:
  virtual ~Outbox() = default;
  /// An event, `["name",{…}]`, to a peer of this worker.
  virtual void deliver(const PeerId& to, const EventText& event,
                       const SharedAttachments& attachments) = 0;
  /// The same, of one who knocks at the door of a room that `to` owns, or goes away from there.
  virtual void knock(const PeerId& to, const Knock& knock, const SharedAttachments& attachments) {
    deliver(to, knock.event, attachments);
  }
  /// The arguments, `[…]`, of the acknowledgement `id` to a peer of this worker.
  virtual void acknowledge(const PeerId& to, std::uint64_t id, std::string_view arguments) = 0;
  /// A `request-error` to a peer of this worker.
  virtual void report(const PeerId& to, const Refusal& refusal, const RefusedEvent& refused) {
    report(to, request_error(refusal, refused));
  }
  /// The same from another worker, `["request-error",{…}]`.
  virtual void report(const PeerId& to, std::string_view event) { deliver(to, event, {}); }
  /// Whether too much waits already for the worker at this address.
  virtual bool is_congested(const Address& /*to*/) const { return false; }
  /// A message to another worker; see worker_message.hpp for the order that must be kept.
  virtual void post(Address to, WorkerMessage message) = 0;
  /// Takes out a peer of this worker, if its client is not connected now; false if it is.
  virtual bool end_absent(const PeerId& /*peer*/) { return false; }
  /// Closes the connection of a peer that was taken out just now: its client has another one.
  virtual void close_replaced(const Replace& /*replace*/) {}
  /// One of the answers to Service::replace() has come.
  virtual void replaced(const Replaced& /*answer*/) {}
};

/// Why a client's event is refused if the worker that it is meant for is too far behind.
inline constexpr Refusal kCongested{.error = Error::kRateLimited,
                                    .retry_after = std::chrono::milliseconds(1'000)};

/// Who else is there, and what needs chance or keys: everything that a Service does not decide
/// itself.
struct Surroundings {
  Address self;
  std::uint16_t workers = 1;                    // of this node
  bool is_clustered = false;                    // rooms have members on other nodes as well
  bool indexes_members = false;                 // needed by emit(), which is not called without
  std::function<std::string()> make_room_name;  // for a room created without one
  std::function<std::string()> make_ticket{};   // see ticket.hpp; null: there are none
  /// Keyed digests of a room's password: the same for the same one, and of no use to anybody else.
  /// A room keeps the first. Each of them opens it, because another node may use another key.
  std::function<std::vector<std::string>(std::string_view password)> digests;
  GuessCounts guesses{};
};

/// The rules of rooms for the peers and rooms of one worker. Not thread-safe: its worker's own.
class Service {
 public:
  Service(Surroundings surroundings, const Limits& limits, Outbox& outbox);

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
  /// What other peers are told of this one, raw JSON; empty leaves it as it was.
  void set_peerinfo(const PeerId& id, Raw peerinfo, base::TimePoint now);

  /// What came along with a command.
  struct Context {
    Raw payload;
    SharedAttachments attachments;
    std::optional<std::uint64_t> ack;
    base::TimePoint now;
    RefusedAs refused_as{};
    base::TimePoint real{};     // no stall holds it up: for budgets
    base::IpAddress address{};  // by which limits count; `::` if none do
    std::string_view app{};     // the client's; empty: tickets are nothing to it
    bool wants_ticket = false;  // to be given one
  };
  void execute(const PeerId& from, const CreateRoom& command, const Context& context);
  void execute(const PeerId& from, const JoinRoom& command, const Context& context);
  void execute(const PeerId& from, const LeaveRoom& command, const Context& context);
  void execute(const PeerId& from, const UpdateRoom& command, const Context& context);
  void execute(const PeerId& from, const ActOnRoom& command, const Context& context);
  void execute(const PeerId& from, const Relay& command, const Context& context);
  void execute(const PeerId& from, const Broadcast& command, const Context& context);

  /// Whether the worker that the room lives on is too far behind to be asked for more. execute()
  /// itself refuses relays and broadcasts.
  bool is_congested(std::string_view room) const;

  /// A message that another worker's Service posted to this one.
  void receive(WorkerMessage message, base::TimePoint now);

  /// Delivers to those of this worker's peers that are meant.
  void emit(const Emission& emission);

  /// Answers join requests whose time is over, and tells owners what they have yet to be told.
  void expire(base::TimePoint now);
  /// When expire() is due next; TimePoint::max() for never.
  base::TimePoint deadline() const { return std::min(directory_.deadline(), doors_.deadline()); }

  /// About what is held for all peers, and for this one, in bytes.
  std::size_t held_bytes() const { return held_bytes_ + directory_.held_bytes(); }
  std::size_t held_bytes(const PeerId& id);
  /// Makes tickets of members that have gone worthless, and then closes rooms that wait for them,
  /// the oldest first, until so many bytes are free; how many are.
  std::size_t forget_places(std::size_t bytes, base::TimePoint now);

  std::size_t peer_count() const { return peers_.size(); }
  std::size_t room_count() const { return directory_.size(); }

 private:
  // Counts, when it ends, by how much what is held for a peer has changed since it began.
  class Count {
   public:
    Count(Service& service, const Peer& peer)
        : service_(service), peer_(peer), before_(peer.held_bytes()) {}
    ~Count() { service_.held_bytes_ += peer_.held_bytes() - before_; }
    Count(const Count&) = delete;
    Count& operator=(const Count&) = delete;

   private:
    Service& service_;
    const Peer& peer_;
    std::size_t before_;
  };

  void refuse(const PeerId& to, const Refusal& refusal, std::string_view room,
              const Context& context);
  void refuse(const Peer& sender, const Relay& relay, const Refusal& refusal,
              const Context& context);
  std::optional<Refusal> reserve(Peer& peer, std::string_view room, std::size_t pending_bytes);
  void request(RoomRequest request, base::TimePoint now);
  void handle(RoomRequest request, base::TimePoint now);
  void request_in_order(Peer& peer, RoomRequest request, base::TimePoint now);
  void carry_out(std::vector<RoomEffect> effects, base::TimePoint now);
  void send(RoomUpdate update);
  void apply(const RoomUpdate& update, const PeerId& to);
  void settle(Peer& peer, Relation& relation, const RoomUpdate& update);
  void acknowledge(Acknowledgement acknowledgement);
  void report(RequestError error);
  void pass_on(RemoteRelay relay);
  void post_back(PassedOn passed);
  void vacate(Vacate vacate, base::TimePoint now);
  void go_on(Vacated vacated, base::TimePoint now);
  void carry_out(const Replace& replace, base::TimePoint now);
  void tell(const Replaced& answer);
  SharedTickets tickets(const Context& context, const std::optional<Text>& shown) const;
  void count_passed_on(const PassedOn& passed);
  void relay_here(const RemoteRelay& relay);
  bool is_congested(const Address& home) const;
  bool is_any_congested() const;
  bool may_reach(const PeerId& to, const Relation& relation);
  void relay_to_neighbour(const Peer& sender, const PeerId& to, base::TokenBucket& budget,
                          const Relay& command, const Context& context);
  void relay_far(const Peer& sender, const PeerId& to, Relation& relation,
                 base::TokenBucket& budget, const Relay& command, const Context& context);
  void note_left(const PeerId& peer, std::string_view room);
  bool has_left(const PeerId& peer, std::string_view room) const;
  void set_membership(Relation& relation, Membership membership, const PeerId& peer);
  std::vector<PeerId> named_by(std::span<const std::string> names);
  bool may_live_at(const Address& home) const;
  Address home_of(std::string_view room) const;

  Surroundings surroundings_;
  Limits limits_;
  Outbox& outbox_;
  Peers peers_;
  std::optional<MemberIndex> members_;
  RoomDirectory directory_;
  Doors doors_;                 // of the rooms that are here
  std::size_t held_bytes_ = 0;  // of all peers
  // Who has left which room, by its hash: the last of them.
  std::deque<std::pair<PeerId, std::size_t>> left_;
  std::string scratch_;
};

}  // namespace heliograph::signaling
