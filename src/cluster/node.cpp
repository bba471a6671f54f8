#include "cluster/node.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "cluster/deliveries.hpp"
#include "signaling/event.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Address;
using signaling::Error;
using signaling::RemoteRelay;
using signaling::RoomRequest;
using signaling::WorkerMessage;

// A batch that has grown to this is sent without waiting for more.
constexpr std::size_t kFullBatch = 64UL * 1024;

// How many later serials of commits are remembered: of more than can be under way.
constexpr std::size_t kMostAskedAgain = 100'000;

std::size_t bytes_of(const Commit& commit) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : commit.change.set) bytes += name.size() + value.size();
  for (const Delivery& delivery : commit.deliveries) bytes += delivery.batch.size();
  return bytes;
}

// Otherwise the batch is sent again, unless it would come too late.
bool is_final(SendAnswer answer) {
  return answer == SendAnswer::kDone || answer == SendAnswer::kGone || answer == SendAnswer::kFull;
}

}  // namespace

Node::Node(const NodeSettings& settings, Store& store, Workers& workers)
    : settings_(settings),
      store_(store),
      workers_(workers),
      rooms_({.node = settings.id,
              .limits = settings.limits,
              .patience = settings.patience,
              .guesses = settings.guesses},
             *this, refusals_) {}

void Node::post(Address to, WorkerMessage message, base::TimePoint now) {
  now_ = now;
  auto* request = std::get_if<RoomRequest>(&message);
  if (!has_place_ && !request) return;  // of peers that are no members any more
  if (to.node != settings_.id) return gather(to, message);
  if (request) {
    if (request->ack) awaited_.insert({request->from, *request->ack});
    rooms_.ask(std::move(*request), now);
  } else if (auto* relay = std::get_if<RemoteRelay>(&message)) {
    const bool leads_out = relay->to.home.node != settings_.id;
    if (leads_out && relay->ack) await({relay->from, *relay->ack});
    if (!leads_out && relay->ack) awaited_.insert({relay->from, *relay->ack});
    rooms_.ask(std::move(*relay), now);
  } else if (auto* vacated = std::get_if<signaling::Vacated>(&message)) {
    rooms_.ask(std::move(*vacated), now);
  }
}

void Node::gather(Address to, const WorkerMessage& message) {
  const auto* relay = std::get_if<RemoteRelay>(&message);
  if (relay && relay->ack) await({relay->from, *relay->ack});
  if (unsent_bytes_ > settings_.max_unsent_bytes) {
    if (relay) refuse(*relay, Error::kClusterUnavailable);
    return;
  }
  std::string& messages = gathered_[to.node];
  append_message(messages, to.worker, message);
  if (messages.size() >= kFullBatch) flush();
}

void Node::flush() {
  for (const auto& [node, messages] : std::exchange(gathered_, {})) {
    const std::uint64_t serial = ++last_serial_;
    std::string batch;
    batch.reserve(kOriginBytes + messages.size());
    begin_batch(batch, {settings_.id, epoch_, serial});
    batch += messages;
    unsent_bytes_ += batch.size();
    const auto asked = under_way_.emplace(serial, Send{serial, {node, std::move(batch)}});
    if (is_joined_) ask(asked.first->second);
  }
}

void Node::commit(const Commit& commit) {
  if (commit.restores) {
    under_way_.emplace(commit.serial, RestoreUnderWay{commit});
    ++restores_under_way_;
  } else {
    const std::size_t bytes = bytes_of(commit);
    commit_bytes_ += bytes;
    under_way_.emplace(commit.serial, CommitUnderWay{commit.room, bytes});
  }
  store_.commit(commit);
}

std::uint64_t Node::next_serial() {
  flush();  // earlier messages go out earlier
  return ++last_serial_;
}

void Node::tell_at_once(const signaling::PeerId& peer, WorkerMessage message) {
  const auto* answer = std::get_if<signaling::Acknowledgement>(&message);
  if (answer && !take_awaited({answer->to, answer->id})) return;
  tell(peer, std::move(message));
}

void Node::on_answer(const CommitUnderWay& commit, CommitAnswer answer) {
  commit_bytes_ -= commit.bytes;
  rooms_.on_answer(commit.room, std::move(answer), now_);
  rooms_.catch_up(now_);
}

bool Node::on_batch(std::string_view bytes, base::TimePoint now) {
  now_ = now;
  std::optional<Batch> batch = read_batch(bytes);
  if (!batch) return false;
  if (!is_new(batch->origin)) return true;
  const bool is_from_afar = batch->origin.node != settings_.id;
  if (!is_from_afar) {
    batch->origin.serial = first_serial_of(batch->origin.serial);
    on_own_commit(batch->origin.serial);
  }
  for (BusMessage& item : batch->messages) {
    auto* update = std::get_if<signaling::RoomUpdate>(&item.message);
    if (update && !on_update(batch->origin, *update)) continue;
    if (is_answered(batch->origin, item.message)) continue;
    workers_.post(worker_for(item), std::move(item.message));
  }
  return true;
}

// A client may make its target's id up. Each worker refuses a relay to a peer that is not its own,
// so one to a worker that this node does not have is refused as well, and not lost.
std::uint16_t Node::worker_for(const BusMessage& item) const {
  const bool is_lost = item.worker >= workers_.count();
  return is_lost && std::holds_alternative<RemoteRelay>(item.message) ? 0 : item.worker;
}

// Whether it is for any peer.
bool Node::on_update(const BatchOrigin& origin, signaling::RoomUpdate& update) {
  const bool is_own = origin.node == settings_.id;
  if (update.to.empty()) {
    rooms_.on_restored(update.room, now_);
  } else if (!is_own) {
    rooms_.on_change(update, now_);
  } else if (update.membership == signaling::Membership::kNone && update.event.empty()) {
    for (const auto& peer : update.to) refusals_.on_gone(origin.serial, update.room, peer);
  }
  std::erase_if(update.to, [&](const auto& to) { return refusals_.is_shut_out(update.room, to); });
  return !update.to.empty();
}

// The deliveries of this node's own commit are here: so it was carried out.
void Node::on_own_commit(std::uint64_t serial) {
  refusals_.on_commit(serial);
  const auto found = under_way_.find(serial);
  if (found == under_way_.end()) return;
  if (!std::holds_alternative<CommitUnderWay>(found->second)) return;
  const auto commit = std::get<CommitUnderWay>(std::move(found->second));
  under_way_.erase(found);
  on_answer(commit, {CommitAnswer::Kind::kDone, {}});
}

// The peer that waited for it may have been told already that it would not come.
bool Node::is_answered(const BatchOrigin& origin, const WorkerMessage& message) {
  if (const auto* answer = std::get_if<signaling::Acknowledgement>(&message)) {
    return !take_awaited({answer->to, answer->id});
  }
  if (const auto* vacated = std::get_if<signaling::Vacated>(&message)) {
    return !rooms_.on_vacated(*vacated);
  }
  if (origin.node != settings_.id) return false;
  if (const auto* relay = std::get_if<RemoteRelay>(&message)) {
    return relay->ack && !take_awaited({relay->from, *relay->ack});
  }
  if (const auto* passed = std::get_if<signaling::PassedOn>(&message)) {
    return refusals_.take_passed_on(origin.serial, passed->to);
  }
  const auto* update = std::get_if<signaling::RoomUpdate>(&message);
  return update && update->answers == signaling::Answers::kEntry && !update->to.empty() &&
         refusals_.take_entry_of_member(origin.serial, update->to.front());
}

// A batch that a node sends again after its connection broke may have come before.
bool Node::is_new(const BatchOrigin& origin) {
  Seen& seen = seen_[origin.node];
  if (seen.epoch != origin.epoch) seen = {.epoch = origin.epoch};
  std::uint64_t& last = origin.is_commit ? seen.last_commit : seen.last_relays;
  if (origin.serial <= last) return false;
  last = origin.serial;
  return true;
}

std::uint64_t Node::first_serial_of(std::uint64_t serial) const {
  const auto found = asked_again_.find(serial);
  return found == asked_again_.end() ? serial : found->second;
}

void Node::on_committed(std::uint64_t serial, CommitAnswer answer, base::TimePoint now) {
  now_ = now;
  const auto found = under_way_.find(serial);
  const bool is_to_be_asked_again =
      answer.kind == CommitAnswer::Kind::kUnknown || answer.kind == CommitAnswer::Kind::kFenced;
  if (found == under_way_.end() || is_to_be_asked_again) return;
  const UnderWay asked = std::move(found->second);
  under_way_.erase(found);
  if (const auto* commit = std::get_if<CommitUnderWay>(&asked)) {
    on_answer(*commit, std::move(answer));
  } else if (const auto* restore = std::get_if<RestoreUnderWay>(&asked)) {
    const bool is_other = answer.kind == CommitAnswer::Kind::kConflict;
    if (is_other) rooms_.replace(restore->commit.room, std::move(answer.room));
    --restores_under_way_;
  }
}

void Node::on_sent(std::uint64_t serial, SendAnswer answer) {
  const auto found = under_way_.find(serial);
  const bool is_overtaken = answer == SendAnswer::kRefused && serial != last_serial_;
  if (found == under_way_.end() || (!is_final(answer) && !is_overtaken)) return;
  const Delivery delivery = std::move(std::get<Send>(found->second).delivery);
  under_way_.erase(found);
  unsent_bytes_ -= delivery.batch.size();
  if (answer != SendAnswer::kDone) on_undelivered(delivery, answer);
}

// Relays are refused. If others have overtaken the batch, what may come later than they did is sent
// again.
void Node::on_undelivered(const Delivery& delivery, SendAnswer why) {
  const std::optional<Batch> batch = read_batch(delivery.batch);
  if (!batch) return;
  const bool is_gone = why == SendAnswer::kGone;
  for (const BusMessage& item : batch->messages) {
    if (const auto* relay = std::get_if<RemoteRelay>(&item.message)) {
      refuse(*relay, is_gone ? Error::kPeerNotInRoom : Error::kClusterUnavailable);
    } else if (why == SendAnswer::kRefused) {
      gather({delivery.node, item.worker}, item.message);
    } else if (const auto* replace = std::get_if<signaling::Replace>(&item.message);
               replace && is_gone) {
      tell(replace->successor, signaling::Replaced{replace->peer, replace->successor});
    }
  }
}

void Node::join(std::uint64_t epoch, bool has_lost, base::TimePoint now) {
  now_ = now;
  epoch_ = epoch;
  flush();  // behind what waits already
  is_joined_ = true;
  has_place_ = true;
  if (has_lost) {
    std::erase_if(under_way_, [](const auto& asked) {
      return std::holds_alternative<RestoreUnderWay>(asked.second);
    });
    restores_under_way_ = 0;
    rooms_.restore();
  }
  for (auto& [serial, asked] : under_way_) {
    const bool restores = std::holds_alternative<RestoreUnderWay>(asked);
    if (restores && !has_lost) ask(asked);
  }
  for (auto& [serial, asked] : under_way_) {
    if (!std::holds_alternative<RestoreUnderWay>(asked)) ask(asked);
  }
  rooms_.resume(now);
}

void Node::ask(UnderWay& asked) {
  if (const auto* send = std::get_if<Send>(&asked)) {
    store_.send(*send);
  } else if (const auto* commit = std::get_if<CommitUnderWay>(&asked)) {
    // It may have met a conflict before, and meet none now: its batches come behind all others.
    const Commit* const again = rooms_.renumber(commit->room, ++last_serial_);
    if (!again) return;
    asked_again_[last_serial_] = again->serial;
    if (asked_again_.size() > kMostAskedAgain) asked_again_.erase(asked_again_.begin());
    store_.commit(*again);
  } else {
    Commit& restore = std::get<RestoreUnderWay>(asked).commit;
    renumber(restore.deliveries, ++last_serial_);
    renumber_batch(restore.news, last_serial_);
    store_.commit(restore);
  }
}

void Node::lose_store() {
  is_joined_ = false;
  rooms_.pause();
}

void Node::lose_place() {
  lose_store();
  has_place_ = false;
  rooms_.clear();
  gathered_.clear();
  under_way_.clear();
  restores_under_way_ = 0;
  awaited_.clear();
  deadlines_.clear();
  asked_again_.clear();
  unsent_bytes_ = 0;
  commit_bytes_ = 0;
  workers_.disconnect_all();
}

void Node::remove_node(const std::string& room, std::uint32_t node, base::TimePoint now) {
  now_ = now;
  rooms_.remove_node(room, node, now);
}

void Node::leave_room(const std::string& room, base::TimePoint now) {
  now_ = now;
  rooms_.leave(room, now);
}

bool Node::is_idle() const { return gathered_.empty() && under_way_.empty() && rooms_.is_idle(); }

// A message is kept until it can be sent. A peer that waits for its acknowledgement does not wait
// so long, be it for the store or for the other node.
void Node::elapse(base::TimePoint now) {
  now_ = now;
  rooms_.elapse(now);
  while (!deadlines_.empty() && deadlines_.front().first <= now) {
    const Awaited awaited = deadlines_.front().second;
    deadlines_.pop_front();
    refuse(awaited, Error::kClusterUnavailable);
  }
}

base::TimePoint Node::deadline() const {
  if (deadlines_.empty()) return rooms_.deadline();
  return std::min(deadlines_.front().first, rooms_.deadline());
}

void Node::refuse(const Awaited& awaited, Error error) {
  if (!take_awaited(awaited)) return;
  tell(awaited.peer,
       signaling::Acknowledgement{awaited.peer, awaited.id, signaling::error_arguments(error)});
}

void Node::refuse(const RemoteRelay& relay, Error error) {
  if (relay.ack) return refuse(Awaited{relay.from, *relay.ack}, error);
  auto refusal = signaling::refusal_of(relay, {.error = error});
  if (refusal) tell(relay.from, std::get<signaling::RequestError>(std::move(*refusal)));
}

void Node::await(const Awaited& awaited) {
  awaited_.insert(awaited);
  deadlines_.emplace_back(now_ + settings_.patience, awaited);
}

// False if it was answered before.
bool Node::take_awaited(const Awaited& awaited) {
  if (awaited_.erase(awaited) == 0) return false;
  while (!deadlines_.empty() && !awaited_.contains(deadlines_.front().second)) {
    deadlines_.pop_front();
  }
  return true;
}

void Node::tell(const signaling::PeerId& to, WorkerMessage&& message) {
  workers_.post(to.home.worker, std::move(message));
}

}  // namespace heliograph::cluster
