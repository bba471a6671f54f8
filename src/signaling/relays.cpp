#include "signaling/relays.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/json.hpp"
#include "signaling/event.hpp"

namespace heliograph::signaling {
namespace {

// The event of a relay: its text before the room's name, and before its body.
struct RelayText {
  std::string_view before_room;
  std::string_view before_body;
};

RelayText around(RelayKind kind) {
  switch (kind) {
    case RelayKind::kSessionDescription:
      return {R"(["session-description",{"room":)", R"(","session_description":)"};
    case RelayKind::kIceCandidate:
      return {R"(["ice-candidate",{"room":)", R"(","ice_candidate":)"};
    case RelayKind::kMessage:
      return {R"(["message",{"room":)", R"(","data":)"};
  }
  return {};
}

// The event of a relay without its body, and where that belongs. It is the event that is sent most:
// written piece by piece as the others are, it costs 2 % more of a relay's instructions.
std::size_t write_around_body(std::string& out, const Peer& from, RelayKind kind,
                              std::string_view room, Raw payload) {
  const RelayText text = around(kind);
  out += text.before_room;
  json::append_string(out, room);
  out += R"(,"peer_id":")";
  out += PeerIdText(from.id);
  out += text.before_body;
  const std::size_t place = out.size();
  if (!from.peerinfo.empty()) out.append(R"(,"peerinfo":)").append(from.peerinfo);
  if (!payload.empty()) out.append(R"(,"payload":)").append(payload);
  out += "}]";
  return place;
}

std::string relay_event(const Peer& from, RelayKind kind, std::string_view room, Raw body,
                        Raw payload) {
  std::string around;
  const std::size_t place = write_around_body(around, from, kind, room, payload);
  return EventText(around, place, body).whole();
}

RefusedEvent refused(const Relay& command, const CommandContext& context) {
  return {.event = context.refused_as, .room = command.room.view(), .to = command.to.view()};
}

}  // namespace

void Relays::execute(const PeerId& from, const Relay& command, const CommandContext& context) {
  Peer* sender = peers_.find(from);
  if (!sender) return;
  const std::string_view room = command.room.view();
  Relation* const relation = sender->find(room);
  if (!relation || !sender->is_member(room)) {
    return refuse(outbox_, from, context, {.error = Error::kNotInRoom}, refused(command, context));
  }
  const auto to = parse_peer_id(command.to.view());
  if (!to || !may_reach(*to, *relation)) {
    return refuse(outbox_, from, context, {.error = Error::kPeerNotInRoom},
                  refused(command, context));
  }
  base::TokenBucket& budget = sender->budget().bucket_for(*to, relay_bytes_, context.real);
  if (!budget.admits(relay_bytes_)) {
    const Refusal refusal{.error = Error::kRateLimited, .retry_after = budget.wait(relay_bytes_)};
    return refuse(outbox_, from, context, refusal, refused(command, context));
  }
  if (is_congested(relation->under_way > 0 ? homes_.of_room(room) : to->home)) {
    return refuse(outbox_, from, context, kCongested, refused(command, context));
  }
  if (to->home == homes_.self && relation->under_way == 0) {
    return relay_to_neighbour(*sender, *to, budget, command, context);
  }
  relay_far(*sender, *to, *relation, budget, command, context);
}

// Whether the target can be in the room, as far as this worker knows.
bool Relays::may_reach(const PeerId& to, const Relation& relation) {
  if (to.home != homes_.self) return homes_.may_have_peers_at(to.home);
  if (relation.under_way > 0) return true;  // the room's home knows better
  Peer* const target = peers_.find(to);
  return target && target->is_member(relation.room);
}

// To a peer of this worker: the body is copied once, to where the event goes.
void Relays::relay_to_neighbour(const Peer& sender, const PeerId& to, base::TokenBucket& budget,
                                const Relay& command, const CommandContext& context) {
  scratch_.clear();
  const std::size_t place =
      write_around_body(scratch_, sender, command.kind, command.room.view(), context.payload);
  budget.take(scratch_.size() + command.body.size() + bytes_of(context.attachments));
  outbox_.deliver(to, {scratch_, place, command.body}, context.attachments);
  if (context.ack) outbox_.acknowledge(sender.id, *context.ack, ok_arguments());
}

void Relays::relay_far(const Peer& sender, const PeerId& to, Relation& relation,
                       base::TokenBucket& budget, const Relay& command,
                       const CommandContext& context) {
  const bool by_home = relation.under_way > 0;
  RemoteRelay relay{sender.id,
                    to,
                    relation.room,
                    relay_event(sender, command.kind, relation.room, command.body, context.payload),
                    context.attachments,
                    context.ack,
                    by_home,
                    context.refused_as};
  budget.take(relay.event.size() + bytes_of(relay.attachments));
  if (by_home) ++relation.under_way;
  outbox_.post(by_home ? homes_.of_room(relation.room) : to.home, std::move(relay));
}

std::optional<room_action::Broadcast> Relays::broadcast(Peer& sender, const Broadcast& command,
                                                        const CommandContext& context) {
  const std::string_view room = command.room.view();
  const auto refused = [&](const Refusal& refusal) {
    refuse(outbox_, sender.id, context, refusal, {.event = context.refused_as, .room = room});
    return std::nullopt;
  };
  const Relation* const relation = sender.find(room);
  if (!relation || !sender.is_member(room)) return refused({.error = Error::kNotInRoom});
  base::TokenBucket& budget = sender.budget().bucket_for_rooms(room_bytes_, context.real);
  if (!budget.admits(room_bytes_)) {
    return refused({.error = Error::kRateLimited, .retry_after = budget.wait(room_bytes_)});
  }
  if (is_any_congested()) return refused(kCongested);
  room_action::Broadcast broadcast{
      relay_event(sender, RelayKind::kMessage, room, command.data, context.payload)};
  const std::size_t receivers = relation->members > 1 ? relation->members - 1 : 0;
  budget.take((broadcast.event.size() + bytes_of(context.attachments)) * receivers);
  return broadcast;
}

// The members of a room may live on all workers.
bool Relays::is_any_congested() const {
  for (std::uint16_t worker = 0; worker < homes_.workers; ++worker) {
    if (is_congested(Address{homes_.self.node, worker})) return true;
  }
  return false;
}

std::optional<std::variant<Acknowledgement, RequestError>> Relays::deliver(
    const RemoteRelay& relay) {
  Peer* target = peers_.find(relay.to);
  if (!target || !target->is_member(relay.room)) {
    return refusal_of(relay, {.error = Error::kPeerNotInRoom});
  }
  outbox_.deliver(relay.to, relay.event, relay.attachments);
  if (!relay.ack) return std::nullopt;
  return Acknowledgement{relay.from, *relay.ack, ok_arguments()};
}

void Relays::keep_behind(RoomRequest& request, Peer& sender) {
  Relation* const relation = sender.find(request.room);
  request.wants_passed_on = relation && homes_.of_room(request.room) != homes_.self;
  if (request.wants_passed_on) ++relation->under_way;
}

void Relays::on_passed_on(const PassedOn& passed) {
  Peer* peer = peers_.find(passed.to);
  Relation* relation = peer ? peer->find(passed.room) : nullptr;
  if (relation && relation->under_way > 0) --relation->under_way;
}

}  // namespace heliograph::signaling
