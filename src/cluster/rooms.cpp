#include "cluster/rooms.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "signaling/event.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Answers;
using signaling::Error;
using signaling::Membership;
using signaling::PassedOn;
using signaling::PeerId;
using signaling::RemoteRelay;
using signaling::Room;
using signaling::RoomDirectory;
using signaling::RoomRequest;
namespace action = signaling::room_action;

// What one commit carries out at most.
constexpr std::size_t kMostWorks = 64;

// Before the store is asked again for what it did not do at once.
constexpr base::Duration kPause = std::chrono::milliseconds(50);

// Whether somebody waits for what comes of it. What nobody waits for is done whenever it can be.
bool is_awaited(const RoomRequest& request) {
  if (const auto* leave = std::get_if<action::Leave>(&request.action)) return !leave->has_gone;
  return !std::holds_alternative<action::ChangePeerinfo>(request.action) &&
         !std::holds_alternative<action::TimeOut>(request.action) &&
         !std::holds_alternative<action::NodeGone>(request.action) &&
         !std::holds_alternative<action::PeersGone>(request.action);
}

bool is_entry(const RoomRequest& request) {
  return std::holds_alternative<action::Create>(request.action) ||
         std::holds_alternative<action::Join>(request.action);
}

PeerId sender_of(const Rooms::Asked& asked) {
  const auto* request = std::get_if<RoomRequest>(&asked);
  return request ? request->from : std::get<RemoteRelay>(asked).from;
}

// What is to follow the sender's earlier requests, and is to be reported when it has.
void add_passed_on(Deliveries& deliveries, const PeerId& sender, const std::string& room) {
  deliveries.add(sender.home, PassedOn{sender, room});
}

void carry_out(RoomDirectory& directory, Deliveries& deliveries, RoomRequest request,
               base::TimePoint now) {
  const PeerId from = request.from;
  const std::string room = request.room;
  const bool wants_passed_on = request.wants_passed_on;
  for (signaling::RoomEffect& effect : directory.handle(std::move(request), now)) {
    deliveries.add(std::move(effect));
  }
  if (wants_passed_on) add_passed_on(deliveries, from, room);
}

void carry_out(RoomDirectory&, Deliveries& deliveries, RemoteRelay relay, base::TimePoint) {
  const PeerId from = relay.from;
  const std::string room = relay.room;
  relay.by_home = false;
  const signaling::Address home = relay.to.home;
  deliveries.add(home, std::move(relay));
  add_passed_on(deliveries, from, room);
}

std::set<std::uint32_t> nodes_of(const std::optional<Room>& room) {
  return room ? cluster::nodes_of(*room) : std::set<std::uint32_t>{};
}

std::uint64_t count_of(std::string_view version) {
  std::uint64_t count = 0;
  std::from_chars(version.data(), version.data() + version.size(), count);
  return count;
}

Commit::Life life_of(const std::optional<Room>& before, const std::optional<Room>& after) {
  if (!after) return Commit::Life::kIsNone;
  return before ? Commit::Life::kGoesOn : Commit::Life::kBegins;
}

std::vector<std::uint32_t> without(const std::set<std::uint32_t>& nodes,
                                   const std::set<std::uint32_t>& others) {
  std::vector<std::uint32_t> rest;
  std::ranges::set_difference(nodes, others, std::back_inserter(rest));
  return rest;
}

}  // namespace

void Rooms::ask(Asked asked, base::TimePoint now) {
  const auto* request = std::get_if<RoomRequest>(&asked);
  const bool waits = !request || is_awaited(*request);
  const std::string room = request ? request->room : std::get<RemoteRelay>(asked).room;
  const base::TimePoint deadline = waits ? now + settings_.patience : base::TimePoint::max();
  if (waits) wakeups_.emplace(deadline, room);
  const auto entry = queues_.try_emplace(room).first;
  entry->second.works.emplace_back(std::move(asked), deadline);
  proceed(entry, now);
}

void Rooms::remove_node(const std::string& room, std::uint32_t node, base::TimePoint now) {
  RoomRequest request;
  request.room = room;
  request.action = action::NodeGone{node};
  // Before whatever waits: this node's own peers, where it is this one that comes anew.
  const auto entry = queues_.try_emplace(room).first;
  Queue& queue = entry->second;
  const std::size_t under_way = queue.transaction ? queue.transaction->works : 0;
  queue.works.emplace(queue.works.begin() + static_cast<std::ptrdiff_t>(under_way),
                      std::move(request), base::TimePoint::max());
  proceed(entry, now);
}

void Rooms::look_again(const signaling::RoomUpdate& update, base::TimePoint now) {
  const auto entry = queues_.find(update.room);
  if (entry == queues_.end()) return;
  entry->second.is_stale = true;
  if (update.membership != Membership::kUnchanged) {
    for (const PeerId& peer : update.to) entry->second.told[peer] = update.membership;
  }
  proceed(entry, now);
}

void Rooms::hear_of_restored(const std::string& room, base::TimePoint now) {
  const auto entry = queues_.try_emplace(room).first;
  entry->second.must_look = true;
  entry->second.was_restored = true;
  proceed(entry, now);
}

// Begins the next transaction of the room, or forgets it where there is nothing to do or to know.
void Rooms::proceed(Entry entry, base::TimePoint now) {
  const Queue& queue = entry->second;
  if (queue.transaction || is_paused_ || now < queue.not_before) return;
  const bool has_peers = has_peers_here(queue);
  const bool looks = queue.must_look || (queue.is_stale && has_peers);
  if (!queue.works.empty() || looks) return begin(entry, now);
  if (!has_peers) queues_.erase(entry);
}

void Rooms::begin(Entry entry, base::TimePoint now) {
  const std::string& name = entry->first;
  Queue& queue = entry->second;
  const std::uint64_t serial = surroundings_.next_serial();
  const std::optional<Room> before = room_of(queue.known.fields);
  RoomDirectory directory(settings_.join_request_timeout);
  if (before) directory.put(name, Room(before->parts()));

  Deliveries deliveries = deliveries_of(serial);
  const std::size_t works = std::min(queue.works.size(), kMostWorks);
  base::TimePoint deadline = base::TimePoint::max();
  std::set<std::uint32_t> nodes_before = nodes_of(before);
  for (std::size_t i = 0; i < works; ++i) {
    if (queue.works[i].is_refused) continue;
    deadline = std::min(deadline, queue.works[i].deadline);
    std::visit([&](const auto& asked) { carry_out(directory, deliveries, asked, now); },
               queue.works[i].asked);
    const auto* request = std::get_if<RoomRequest>(&queue.works[i].asked);
    const auto* gone = request ? std::get_if<action::NodeGone>(&request->action) : nullptr;
    if (gone) nodes_before.insert(gone->node);  // whatever the list of its rooms says
    if (gone && gone->node != settings_.node) deliveries.leave_out(gone->node);
  }
  const std::optional<Room> after = directory.take(name);
  const std::set<std::uint32_t> nodes_after = nodes_of(after);
  RoomFields fields = after ? fields_of(*after) : RoomFields{};
  Commit commit{.room = name,
                .serial = serial,
                .version = queue.known.version,
                .new_version = queue.known.version,
                .change = difference(queue.known.fields, fields),
                .joined = without(nodes_after, nodes_before),
                .left = without(nodes_before, nodes_after),
                .deliveries = deliveries.take(),
                .life = life_of(before, after),
                .news = {},
                .restores = false,
                .deadline = deadline};
  const bool changes = !commit.change.set.empty() || !commit.change.erased.empty();
  if (changes) commit.new_version = version_after(commit.version, serial);
  queue.transaction = {std::move(commit), std::move(fields), works,
                       std::exchange(queue.is_stale, false), std::exchange(queue.must_look, false)};
  surroundings_.commit(queue.transaction->commit);
}

Deliveries Rooms::deliveries_of(std::uint64_t serial) const {
  return Deliveries({.node = settings_.node,
                     .epoch = surroundings_.epoch(),
                     .serial = serial,
                     .is_commit = true});
}

// "COUNT-NODE-SERIAL": like no other version of any room of this name.
std::string Rooms::version_after(const std::string& version, std::uint64_t serial) const {
  const std::uint64_t count = std::max(count_of(version), surroundings_.changes());
  return fmt::format("{}-{:x}-{:x}-{:x}", count + 1, settings_.node, surroundings_.epoch(), serial);
}

void Rooms::answered(const std::string& room, CommitAnswer answer, base::TimePoint now) {
  const auto entry = queues_.find(room);
  if (entry == queues_.end() || !entry->second.transaction) return;
  Queue& queue = entry->second;
  switch (answer.kind) {
    case CommitAnswer::Kind::kDone:
      return done(entry, now);
    case CommitAnswer::Kind::kConflict:
      drop_refused(entry);
      learn(entry, std::move(answer.room));
      watch_join_requests(entry, now);
      return proceed(entry, now);
    case CommitAnswer::Kind::kLater:
      queue.is_stale = queue.is_stale || queue.transaction->is_of_stale;
      queue.must_look = queue.must_look || queue.transaction->must_look;
      drop_refused(entry);
      queue.not_before = now + kPause;
      wakeups_.emplace(queue.not_before, room);
      return;
    case CommitAnswer::Kind::kFenced:
    case CommitAnswer::Kind::kUnknown:
      return;  // the caller knows what to do about all of them
  }
}

// Peers of this node come in by its own commits alone: others that the store takes for its peers
// were here long ago, and are there because a node that slept has restored the room.
void Rooms::learn(Entry entry, StoredRoom stored) {
  Queue& queue = entry->second;
  const auto expected = peers_here(queue.known);
  if (queue.was_restored && is_misled(queue, stored)) send_all_away(queue);
  if (queue.was_restored && queue.knew_older) send_displaced_away(queue, stored);
  queue.was_restored = false;
  queue.knew_older = false;
  queue.known = std::move(stored);
  if (!queue.is_stale) queue.told.clear();
  std::vector<PeerId> unknown;
  for (const auto& [peer, place] : peers_here(queue.known)) {
    if (!expected.contains(peer)) unknown.push_back(peer);
  }
  take_out(entry, std::move(unknown));
}

// The transaction has come to nothing, and so have the works that were refused while it was tried.
void Rooms::drop_refused(Entry entry) {
  Queue& queue = entry->second;
  const std::uint64_t serial = queue.transaction->commit.serial;
  const auto is_of_it = [&](const auto& item) { return item.first == serial; };
  std::erase_if(refused_entries_, is_of_it);
  std::erase_if(reported_, is_of_it);
  std::erase_if(shut_out_, [&](const auto& item) {
    return std::get<0>(item) == entry->first && std::get<2>(item) == serial;
  });
  queue.transaction.reset();
  std::erase_if(queue.works, [](const Work& work) { return work.is_refused; });
}

void Rooms::done(Entry entry, base::TimePoint now) {
  Queue& queue = entry->second;
  Transaction transaction = *std::exchange(queue.transaction, std::nullopt);
  const auto before = peers_here(queue.known);
  queue.was_restored = false;
  queue.knew_older = false;
  if (!queue.is_stale) queue.told.clear();
  queue.known.version = std::move(transaction.commit.new_version);
  queue.known.fields = std::move(transaction.after);
  std::vector<PeerId> refused;
  for (std::size_t i = 0; i < transaction.works; ++i) {
    const Work& work = queue.works.front();
    const auto* request = std::get_if<RoomRequest>(&work.asked);
    const bool has_entered = request && is_entry(*request) && !before.contains(request->from);
    if (work.is_refused && has_entered) refused.push_back(request->from);
    queue.works.pop_front();
  }
  // They were told that they could not enter, and have entered after all.
  take_out(entry, std::move(refused));
  watch_join_requests(entry, now);
  proceed(entry, now);
}

// Before anything else that waits.
void Rooms::take_out(Entry entry, std::vector<PeerId> peers) {
  if (peers.empty()) return;
  RoomRequest request;
  request.room = entry->first;
  request.action = action::PeersGone{std::move(peers)};
  entry->second.works.emplace_front(std::move(request), base::TimePoint::max());
}

bool Rooms::take_refused_entry(std::uint64_t serial, const PeerId& peer) {
  return take(refused_entries_, {serial, peer});
}

bool Rooms::is_shut_out(const std::string& room, const PeerId& peer, std::uint64_t serial) const {
  if (shut_out_.empty()) return false;
  const auto found = shut_out_.lower_bound({room, peer, 0});
  return found != shut_out_.end() && *found <= std::tuple(room, peer, serial);
}

void Rooms::hear_of_gone(const std::string& room, const PeerId& peer, std::uint64_t serial) {
  shut_out_.erase(shut_out_.lower_bound({room, peer, 0}),
                  shut_out_.lower_bound({room, peer, serial}));
}

bool Rooms::take_reported(std::uint64_t serial, const PeerId& peer) {
  return take(reported_, {serial, peer});
}

bool Rooms::take(Refused& refused, const std::pair<std::uint64_t, PeerId>& item) {
  const auto found = refused.find(item);
  if (found == refused.end()) return false;
  refused.erase(found);
  return true;
}

// Each node sees to the time of its own candidates.
void Rooms::watch_join_requests(Entry entry, base::TimePoint now) {
  Queue& queue = entry->second;
  const std::optional<Room> room = room_of(queue.known.fields);
  decltype(queue.join_deadlines) deadlines;
  if (room) {
    for (const signaling::JoinRequest* request : room->requests()) {
      if (request->candidate.home.node != settings_.node) continue;
      const auto known = queue.join_deadlines.find(request->candidate);
      const bool is_known =
          known != queue.join_deadlines.end() && known->second.first == request->serial;
      const base::TimePoint end = now + settings_.join_request_timeout;
      deadlines[request->candidate] = is_known ? known->second : std::pair(request->serial, end);
      if (!is_known) wakeups_.emplace(end, entry->first);
    }
  }
  queue.join_deadlines = std::move(deadlines);
}

bool Rooms::has_peers_here(const Queue& queue) const {
  const std::optional<Room> room = room_of(queue.known.fields);
  return room && cluster::nodes_of(*room).contains(settings_.node);
}

// Where this node's peers take themselves to be.
Rooms::Places Rooms::places_told(const Queue& queue) const {
  Places places = peers_here(queue.known);
  for (const auto& [peer, membership] : queue.told) places[peer] = membership;
  std::erase_if(places, [](const auto& item) { return item.second == Membership::kNone; });
  return places;
}

Rooms::Places Rooms::peers_here(const StoredRoom& stored) const {
  Places peers;
  const std::optional<Room> room = room_of(stored.fields);
  if (!room) return peers;
  for (const signaling::Member& member : room->members()) {
    peers[member.peer] = Membership::kMember;
  }
  for (const signaling::JoinRequest* request : room->requests()) {
    peers[request->candidate] = Membership::kPending;
  }
  std::erase_if(peers, [&](const auto& item) { return item.first.home.node != settings_.node; });
  return peers;
}

void Rooms::resume(base::TimePoint now) {
  is_paused_ = false;
  for (auto entry = queues_.begin(); entry != queues_.end();) proceed(entry++, now);
}

const Commit* Rooms::renumber(const std::string& room, std::uint64_t serial) {
  const auto found = queues_.find(room);
  if (found == queues_.end() || !found->second.transaction) return nullptr;
  Commit& commit = found->second.transaction->commit;
  cluster::renumber(commit.deliveries, serial);
  return &commit;
}

// A commit under way goes on as it is: what it was computed from is what is restored first.
void Rooms::restore() {
  // What was to end it may be lost.
  std::erase_if(shut_out_, [&](const auto& item) {
    const auto entry = queues_.find(std::get<0>(item));
    const bool is_under_way = entry != queues_.end() && entry->second.transaction &&
                              entry->second.transaction->commit.serial == std::get<2>(item);
    return !is_under_way;
  });
  for (auto& [name, queue] : queues_) {
    const std::set<std::uint32_t> nodes = nodes_of(room_of(queue.known.fields));
    if (!nodes.contains(settings_.node)) continue;
    const bool is_of_stale = queue.transaction && queue.transaction->is_of_stale;
    if (queue.is_stale || is_of_stale) {
      queue.must_look = true;
      queue.was_restored = true;
      queue.knew_older = true;
      continue;
    }
    queue.known.restored = queue.known.version;
    const std::uint64_t serial = surroundings_.next_serial();
    Commit commit{.room = name,
                  .serial = serial,
                  .version = queue.known.version,
                  .new_version = queue.known.version,
                  .change = difference({}, queue.known.fields),
                  .joined = without(nodes, {}),
                  .left = {},
                  .deliveries = {},
                  .life = Commit::Life::kGoesOn,
                  .news = news_of_restored(name, serial),
                  .restores = true,
                  .deadline = base::TimePoint::max()};
    for (const std::uint32_t node : nodes) {
      if (node != settings_.node) commit.deliveries.push_back({node, commit.news});
    }
    surroundings_.commit(commit);
  }
}

// A batch for whichever node.
std::string Rooms::news_of_restored(const std::string& room, std::uint64_t serial) const {
  signaling::RoomUpdate for_nobody;
  for_nobody.room = room;
  Deliveries news = deliveries_of(serial);
  news.add({}, for_nobody);
  return std::move(news.take().front().batch);
}

void Rooms::replace(const std::string& room, StoredRoom stored) {
  const auto entry = queues_.find(room);
  if (entry == queues_.end()) return;
  if (is_misled(entry->second, stored)) {
    send_all_away(entry->second);
  } else {
    send_displaced_away(entry->second, stored);  // as others may have taken this node for dead
  }
  if (!entry->second.transaction) learn(entry, std::move(stored));
}

// What became of the room since goes back to the version that somebody has restored. Where that is
// not the one that this node's peers were told of, they know what does not hold.
bool Rooms::is_misled(const Queue& queue, const StoredRoom& stored) {
  return !queue.knew_older && stored.restored != queue.known.restored;
}

void Rooms::send_all_away(const Queue& queue) {
  for (const auto& [peer, place] : places_told(queue)) surroundings_.send_away(peer);
}

// Those who are not where they were, and cannot have been told how that came.
void Rooms::send_displaced_away(const Queue& queue, const StoredRoom& stored) {
  const Places places = peers_here(stored);
  for (const auto& [peer, place] : places_told(queue)) {
    const auto found = places.find(peer);
    const bool has_lost_its_place = found == places.end() || found->second < place;
    if (has_lost_its_place) surroundings_.send_away(peer);
  }
}

void Rooms::clear() {
  queues_.clear();
  wakeups_.clear();
  refused_entries_.clear();
  reported_.clear();
  shut_out_.clear();
}

void Rooms::elapse(base::TimePoint now) {
  while (!wakeups_.empty() && wakeups_.begin()->first <= now) {
    const std::string room = wakeups_.extract(wakeups_.begin()).value().second;
    const auto entry = queues_.find(room);
    if (entry != queues_.end()) elapse(entry, now);
  }
}

void Rooms::elapse(Entry entry, base::TimePoint now) {
  Queue& queue = entry->second;
  const std::size_t under_way = queue.transaction ? queue.transaction->works : 0;
  for (std::size_t i = 0; i < queue.works.size();) {
    const Work& work = queue.works[i];
    const bool is_due = !work.is_refused && work.deadline <= now;
    if (is_due && i >= under_way) {
      refuse(work.asked);
      report_passed_on(work.asked);
      queue.works.erase(queue.works.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    if (is_due) refuse_under_way(entry, i);
    ++i;
  }
  std::vector<RoomRequest> timed_out;
  std::erase_if(queue.join_deadlines, [&](const auto& item) {
    const auto& [candidate, asked] = item;
    if (asked.second > now) return false;
    RoomRequest request;
    request.from = candidate;
    request.room = entry->first;
    request.action = action::TimeOut{asked.first};
    timed_out.push_back(std::move(request));
    return true;
  });
  for (RoomRequest& request : timed_out) {
    queue.works.emplace_back(std::move(request), base::TimePoint::max());
  }
  proceed(entry, now);
}

// It may be carried out all the same. Where that lets its sender in, nothing of the room is for it
// before it is out again, nor what else it asked in the same go.
void Rooms::refuse_under_way(Entry entry, std::size_t index) {
  Queue& queue = entry->second;
  const Transaction& transaction = *queue.transaction;
  const std::uint64_t serial = transaction.commit.serial;
  Work& work = queue.works[index];
  work.is_refused = true;
  refuse(work.asked);
  const PeerId sender = sender_of(work.asked);
  if (report_passed_on(work.asked)) reported_.emplace(serial, sender);
  const auto* request = std::get_if<RoomRequest>(&work.asked);
  if (!request || !is_entry(*request)) return;
  if (peers_here(queue.known).contains(sender)) {
    refused_entries_.emplace(serial, sender);
    return;
  }
  shut_out_.emplace(entry->first, sender, serial);
  for (std::size_t i = index + 1; i < transaction.works; ++i) {
    const Work& later = queue.works[i];
    const bool waits = later.deadline != base::TimePoint::max();
    if (waits && !later.is_refused && sender_of(later.asked) == sender) refuse_under_way(entry, i);
  }
}

void Rooms::refuse(const Asked& asked) {
  constexpr Error kError = Error::kClusterUnavailable;
  if (const auto* relay = std::get_if<RemoteRelay>(&asked)) {
    // Node watches over those that lead to other nodes until they are answered from there.
    if (relay->to.home.node != settings_.node) return;
    return acknowledge(relay->from, relay->ack, signaling::error_arguments(kError));
  }
  const auto& request = std::get<RoomRequest>(asked);
  const bool creates = std::holds_alternative<action::Create>(request.action);
  if (is_entry(request)) {
    const std::string_view name = creates ? "room-create-reject" : "room-join-reject";
    settle(request, Answers::kEntry, signaling::message_event(name, kError, request.payload));
  } else if (std::holds_alternative<action::Leave>(request.action)) {
    settle(request, Answers::kLeave, {});
  }
  acknowledge(request.from, request.ack, signaling::error_arguments(kError));
}

void Rooms::settle(const RoomRequest& request, Answers answers, std::string event) {
  surroundings_.tell(request.from, signaling::RoomUpdate{.to = {request.from},
                                                         .room = request.room,
                                                         .membership = Membership::kUnchanged,
                                                         .answers = answers,
                                                         .event = std::move(event),
                                                         .attachments = request.attachments});
}

void Rooms::acknowledge(const PeerId& to, const std::optional<std::uint64_t>& ack,
                        std::string arguments) {
  if (ack) surroundings_.tell(to, signaling::Acknowledgement{to, *ack, std::move(arguments)});
}

// What was refused does not hold back what its sender says next. Whether it would have.
bool Rooms::report_passed_on(const Asked& asked) {
  const auto* request = std::get_if<RoomRequest>(&asked);
  if (request && !request->wants_passed_on) return false;
  const std::string room = request ? request->room : std::get<RemoteRelay>(asked).room;
  const PeerId sender = sender_of(asked);
  surroundings_.tell(sender, PassedOn{sender, room});
  return true;
}

base::TimePoint Rooms::deadline() const {
  return wakeups_.empty() ? base::TimePoint::max() : wakeups_.begin()->first;
}

bool Rooms::is_idle() const {
  return std::ranges::all_of(queues_, [](const auto& entry) {
    return !entry.second.transaction && entry.second.works.empty();
  });
}

}  // namespace heliograph::cluster
