#include "signaling/service.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>

#include "signaling/split_update.hpp"

namespace heliograph::signaling {
namespace {

RoomRequest room_request(const PeerId& from, std::string_view room, RoomAction action,
                         const Service::Context& context) {
  return {from,
          std::string(room),
          std::move(action),
          std::string(context.payload),
          context.attachments,
          context.ack,
          false,
          context.refused_as,
          context.address};
}

// The worker that a message is for.
Address home_of(const Acknowledgement& answer) { return answer.to.home; }
Address home_of(const RequestError& error) { return error.to.home; }
Address home_of(const RemoteRelay& relay) { return relay.to.home; }
Address home_of(const PassedOn& passed) { return passed.to.home; }
Address home_of(const Vacate& vacate) { return vacate.peer.home; }
Address home_of(const Replace& replace) { return replace.peer.home; }
Address home_of(const Replaced& answer) { return answer.successor.home; }

}  // namespace

Service::Service(const Homes& homes, Secrets secrets, const Settings& settings, Outbox& outbox)
    : homes_(homes),
      secrets_(std::move(secrets)),
      limits_(settings.limits),
      outbox_(outbox),
      peers_(homes.self),
      relations_(settings.limits,
                 settings.takes_emissions ? Relations::Index::kMembers : Relations::Index::kNone),
      relays_(homes, settings.limits, peers_, outbox),
      directory_(settings.limits),
      doors_(settings.guesses) {}

PeerId Service::add_peer(std::uint64_t nonce) {
  const Peer& peer = peers_.add(nonce);
  relations_.add(peer);
  return peer.id;
}

std::size_t Service::held_bytes(const PeerId& id) {
  const Peer* const peer = peers_.find(id);
  return peer ? peer->held_bytes() : 0;
}

void Service::remove_peer(const PeerId& id, base::TimePoint now,
                          const std::optional<PeerId>& successor) {
  Peer* peer = peers_.find(id);
  if (!peer) return;
  const std::vector<Relation> relations = relations_.take_all(*peer);
  peers_.remove(id);
  const room_action::Leave leave{.has_gone = true,
                                 .successor = successor,
                                 .leaves = static_cast<std::uint32_t>(relations.size())};
  for (const Relation& relation : relations) {
    request(room_request(id, relation.room, leave, {}), now);
  }
}

bool Service::replace(const PeerId& peer, const PeerId& successor, base::TimePoint now) {
  if (!homes_.may_have_peers_at(peer.home)) return false;
  send(Replace{peer, successor}, now);
  return true;
}

bool Service::is_member(const PeerId& id, std::string_view room) {
  Peer* peer = peers_.find(id);
  return peer && peer->is_member(room);
}

void Service::set_peerinfo(const PeerId& id, Raw peerinfo, base::TimePoint now) {
  Peer* peer = peers_.find(id);
  if (!peer || peerinfo.empty() || peer->peerinfo == peerinfo) return;
  relations_.set_peerinfo(*peer, peerinfo);
  for (const Relation& relation : peer->relations) {
    request(room_request(id, relation.room, room_action::ChangePeerinfo{std::string(peerinfo)}, {}),
            now);
  }
}

void Service::refuse(const PeerId& to, const Refusal& refusal, std::string_view room,
                     const Context& context) {
  signaling::refuse(outbox_, to, context, refusal, {.event = context.refused_as, .room = room});
}

void Service::execute(const PeerId& from, const CreateRoom& command, const Context& context) {
  Peer* peer = peers_.find(from);
  if (!peer) return;
  const std::string room =
      command.room.view().empty() ? secrets_.make_room_name() : std::string(command.room.view());
  if (const auto refusal = relations_.begin_entry(*peer, room, 0)) {
    outbox_.deliver(from, message_event("room-create-reject", *refusal, context.payload),
                    context.attachments);
    return refuse(from, *refusal, room, context);
  }
  room_action::Create create{peer->peerinfo, tickets(context, {})};
  request(room_request(from, room, std::move(create), context), context.now);
}

void Service::execute(const PeerId& from, const JoinRoom& command, const Context& context) {
  Peer* peer = peers_.find(from);
  if (!peer) return;
  const std::size_t bytes = context.bytes();
  const auto refusal = bytes > limits_.max_join_payload_bytes
                           ? std::optional(Refusal{.error = Error::kEventTooLarge})
                           : relations_.begin_entry(*peer, command.room.view(), bytes);
  if (refusal) {
    outbox_.deliver(from, message_event("room-join-reject", *refusal, context.payload),
                    context.attachments);
    return refuse(from, *refusal, command.room.view(), context);
  }
  room_action::Join join{peer->peerinfo, {}};
  join.tickets = tickets(context, command.ticket ? command.ticket->view() : std::string_view());
  if (command.password) join.passwords = secrets_.digests(command.password->view());
  request(room_request(from, command.room.view(), std::move(join), context), context.now);
}

SharedTickets Service::tickets(const Context& context, std::string_view shown) const {
  if (context.app.empty() || !secrets_.make_ticket) return nullptr;
  return make_tickets(context.wants_ticket ? secrets_.make_ticket() : std::string(), shown,
                      context.app);
}

void Service::execute(const PeerId& from, const LeaveRoom& command, const Context& context) {
  Peer* peer = peers_.find(from);
  if (!peer) return;
  const std::string_view room = command.room.view();
  Relation* const relation = peer->find(room);
  // The answer to the first of two may have been lost.
  if (!relation && relations_.has_left(from, room)) {
    if (context.ack) outbox_.acknowledge(from, *context.ack, ok_arguments());
    return;
  }
  if (!relation) return refuse(from, {.error = Error::kNotInRoom}, room, context);
  room_action::Leave leave{.is_repeated = relation->leaving > 0};
  ++relation->leaving;
  request(room_request(from, room, leave, context), context.now);
}

void Service::execute(const PeerId& from, const UpdateRoom& command, const Context& context) {
  if (!peers_.find(from)) return;
  room_action::Update update{command.locked, command.capacity, command.admission, {}};
  if (command.password) update.password = secrets_.digests(command.password->view()).front();
  request(room_request(from, command.room.view(), std::move(update), context), context.now);
}

void Service::execute(const PeerId& from, const ActOnRoom& command, const Context& context) {
  Peer* peer = peers_.find(from);
  if (!peer) return;
  RoomRequest asked = room_request(from, command.room.view(), command.action, context);
  // An owner that accepts a candidate and writes to it at once is not to be too early.
  if (std::holds_alternative<room_action::AnswerJoin>(command.action)) {
    return request_in_order(*peer, std::move(asked), context.now);
  }
  request(std::move(asked), context.now);
}

void Service::execute(const PeerId& from, const Broadcast& command, const Context& context) {
  Peer* sender = peers_.find(from);
  if (!sender) return;
  auto broadcast = relays_.broadcast(*sender, command, context);
  if (!broadcast) return;
  RoomRequest message{from,
                      std::string(command.room.view()),
                      *std::move(broadcast),
                      {},
                      context.attachments,
                      context.ack,
                      false,
                      context.refused_as};
  request_in_order(*sender, std::move(message), context.now);
}

// A request that no relay of the same peer in the same room may overtake.
void Service::request_in_order(Peer& peer, RoomRequest request, base::TimePoint now) {
  relays_.keep_behind(request, peer);
  this->request(std::move(request), now);
}

void Service::request(RoomRequest request, base::TimePoint now) {
  const Address home = homes_.of_room(request.room);
  send_to(home, std::move(request), now);
}

void Service::expire(base::TimePoint now) {
  send_all(directory_.expire(now), now);
  for (const Doors::Report& report : doors_.take_reports(now)) {
    send_all(directory_.report_guesses(report.room, report.failures, now), now);
  }
}

std::size_t Service::forget_places(std::size_t bytes, base::TimePoint now) {
  const std::size_t before = directory_.held_bytes();
  send_all(directory_.hold_less(before - std::min(bytes, before), now), now);
  return before - directory_.held_bytes();
}

void Service::emit(const Emission& emission) {
  const auto meant = emission.to.empty() ? peers_.ids() : named_by(emission.to);
  const auto excepted = named_by(emission.except);
  for (const PeerId& peer : meant) {
    const bool is_excepted = std::ranges::binary_search(excepted, peer);
    if (!is_excepted) outbox_.deliver(peer, emission.event, emission.attachments);
  }
}

// In order, each once.
std::vector<PeerId> Service::named_by(std::span<const std::string> names) {
  std::vector<PeerId> peers;
  for (const std::string& name : names) {
    if (const auto id = peer_rather_than_room(name)) {
      if (peers_.find(*id)) peers.push_back(*id);
    } else {
      std::ranges::copy_if(
          relations_.members_of(name), std::back_inserter(peers),
          [&](const PeerId& member) { return peers_.find(member)->is_member(name); });
    }
  }
  std::ranges::sort(peers);
  peers.erase(std::ranges::unique(peers).begin(), peers.end());
  return peers;
}

// If it is for this worker, it is here.
template <class Message>
void Service::send_to(const Address& home, Message&& message, base::TimePoint now) {
  if (home == homes_.self) {
    on_message(std::forward<Message>(message), now);
  } else {
    outbox_.post(home, std::forward<Message>(message));
  }
}

template <class Message>
void Service::send(Message message, base::TimePoint now) {
  const Address home = home_of(message);
  send_to(home, std::move(message), now);
}

void Service::send_all(std::vector<RoomEffect> effects, base::TimePoint now) {
  const auto send_one = [&]<class Effect>(Effect& effect) {
    if constexpr (std::is_same_v<Effect, RoomUpdate>) {
      split_by_home(std::move(effect),
                    [&](const Address& home, const RoomUpdate& part) { send_to(home, part, now); });
    } else {
      send(std::move(effect), now);
    }
  };
  for (RoomEffect& effect : effects) std::visit(send_one, effect);
}

void Service::on_message(WorkerMessage message, base::TimePoint now) {
  std::visit([&](auto& each) { this->on_message(std::move(each), now); }, message);
}

// Of a room that is here.
void Service::on_message(RoomRequest request, base::TimePoint now) {
  std::optional<PassedOn> passed;
  if (request.wants_passed_on) passed = PassedOn{request.from, request.room};
  if (std::holds_alternative<room_action::Join>(request.action)) {
    doors_.judge(request, directory_.find(request.room), now);
  }
  send_all(directory_.carry_out(std::move(request), now), now);
  if (passed) send(*std::move(passed), now);
}

void Service::on_message(const RoomUpdate& update, base::TimePoint /*now*/) {
  for (const PeerId& to : update.to) apply(update, to);
}

void Service::apply(const RoomUpdate& update, const PeerId& to) {
  Peer* peer = peers_.find(to);
  Relation* relation = peer ? peer->find(update.room) : nullptr;
  if (!relation) return;  // the peer has gone; its Leave is on the way to the room's home
  relations_.settle(*peer, *relation, update);
  if (update.event.empty()) return;
  if (update.stranger) {
    return outbox_.knock(to, {update.room, *update.stranger, update.event}, update.attachments);
  }
  outbox_.deliver(to, update.event, update.attachments);
}

void Service::on_message(const Acknowledgement& acknowledgement, base::TimePoint /*now*/) {
  if (!peers_.find(acknowledgement.to)) return;
  outbox_.acknowledge(acknowledgement.to, acknowledgement.id, acknowledgement.arguments);
}

void Service::on_message(const RequestError& error, base::TimePoint /*now*/) {
  if (peers_.find(error.to)) outbox_.report(error.to, error.event);
}

void Service::on_message(RemoteRelay relay, base::TimePoint now) {
  if (relay.by_home) {
    PassedOn passed{relay.from, relay.room};
    relay.by_home = false;
    send(std::move(relay), now);
    return send(std::move(passed), now);
  }
  auto answer = relays_.deliver(relay);
  if (answer) std::visit([&](auto& told) { send(std::move(told), now); }, *answer);
}

void Service::on_message(const PassedOn& passed, base::TimePoint /*now*/) {
  relays_.on_passed_on(passed);
}

// If the peer has gone already, its Leave is on the way in front of the answer.
void Service::on_message(Vacate vacate, base::TimePoint now) {
  using Holder = room_action::Join::Holder;
  const bool stays = peers_.find(vacate.peer) && !outbox_.end_absent(vacate.peer);
  auto& join = std::get<room_action::Join>(vacate.request.action);
  join.holder = stays ? Holder::kStays : Holder::kGone;
  const Address home = homes_.of_room(vacate.request.room);
  send_to(home, Vacated{std::move(vacate.request)}, now);
}

void Service::on_message(Vacated vacated, base::TimePoint now) {
  const PeerId candidate = vacated.request.from;
  if (candidate.home != homes_.self) return outbox_.post(candidate.home, std::move(vacated));
  if (peers_.find(candidate)) request(std::move(vacated.request), now);
}

void Service::on_message(const Replace& replace, base::TimePoint now) {
  Peer* const peer = peers_.find(replace.peer);
  const bool is_in_rooms = peer && !peer->relations.empty();
  if (peer) {
    remove_peer(replace.peer, now, replace.successor);
    outbox_.close_replaced(replace);
  }
  if (!is_in_rooms) send(Replaced{replace.peer, replace.successor}, now);
}

void Service::on_message(const Replaced& answer, base::TimePoint /*now*/) {
  if (peers_.find(answer.successor)) outbox_.replaced(answer);
}

}  // namespace heliograph::signaling
