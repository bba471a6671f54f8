// Long because the steps of one transaction share its queue entry; other files hold the rest.
#include "cluster/shared_rooms.hpp"

#include <algorithm>
#include <utility>

#include "cluster/after_loss.hpp"
#include "cluster/commit_draft.hpp"

namespace heliograph::cluster {
namespace {

using signaling::PeerId;
using signaling::Room;
using signaling::RoomRequest;
using signaling::Vacated;
namespace action = signaling::room_action;

// What one commit carries out at most.
constexpr std::size_t kMostWorks = 64;

// Before the store is asked again for what it did not do at once.
constexpr base::Duration kPause = std::chrono::milliseconds(50);

}  // namespace

void SharedRooms::ask(RoomTask task, base::TimePoint now) {
  const std::string room = room_name(task);
  base::TimePoint deadline = base::TimePoint::max();
  if (awaited_answer(task) != AwaitedAnswer::kNone) {
    deadline = now + settings_.patience;
    wakeups_.emplace(deadline, room);
  }
  const auto entry = queues_.try_emplace(room).first;
  entry->second.works.emplace_back(std::move(task), deadline);
  proceed(entry, now);
}

void SharedRooms::remove_node(const std::string& room, std::uint32_t node, base::TimePoint now) {
  // Before whatever waits: this node's own peers, where it is this one that comes anew.
  const auto entry = queues_.try_emplace(room).first;
  Queue& queue = entry->second;
  const std::size_t under_way = queue.transaction ? queue.transaction->works : 0;
  queue.works.emplace(queue.works.begin() + static_cast<std::ptrdiff_t>(under_way),
                      signaling::own_request(room, action::NodeGone{node, settings_.node}),
                      base::TimePoint::max());
  proceed(entry, now);
}

void SharedRooms::look_again(const signaling::RoomUpdate& update, base::TimePoint now) {
  const auto entry = queues_.find(update.room);
  if (entry == queues_.end()) return;
  hear_of_change(entry->second.known, update);
  proceed(entry, now);
}

void SharedRooms::hear_of_restored(const std::string& room, base::TimePoint now) {
  const auto entry = queues_.try_emplace(room).first;
  cluster::hear_of_restored(entry->second.known);
  proceed(entry, now);
}

// Begins the next transaction of the room, or forgets it where there is nothing to do or to know.
void SharedRooms::proceed(Entry entry, base::TimePoint now) {
  const Queue& queue = entry->second;
  if (queue.transaction || is_paused_ || now < queue.not_before) return;
  const bool is_of_concern = concerns(settings_.node, queue.known.stored);
  const std::set<Doubt>& doubts = queue.known.doubts;
  const bool looks =
      doubts.contains(Doubt::kRestored) || (doubts.contains(Doubt::kChanged) && is_of_concern);
  if (!queue.works.empty() || looks) {
    return node_.may_commit() ? begin(entry, now) : hold_back(entry);
  }
  if (!is_of_concern) queues_.erase(entry);
}

void SharedRooms::hold_back(Entry entry) {
  if (!std::exchange(entry->second.is_held_back, true)) held_back_.push_back(entry->first);
}

void SharedRooms::catch_up(base::TimePoint now) {
  while (!held_back_.empty() && node_.may_commit()) {
    const std::string room = std::move(held_back_.front());
    held_back_.pop_front();
    const auto entry = queues_.find(room);
    if (entry == queues_.end()) continue;
    entry->second.is_held_back = false;
    proceed(entry, now);
  }
}

void SharedRooms::begin(Entry entry, base::TimePoint now) {
  Queue& queue = entry->second;
  CommitDraft draft(entry->first, queue.known.stored,
                    {.origin = origin_of(node_.next_serial()),
                     .changes = node_.changes(),
                     .unix_offset = node_.unix_offset(),
                     .limits = settings_.limits});
  const std::size_t works = std::min(queue.works.size(), kMostWorks);
  base::TimePoint deadline = base::TimePoint::max();
  std::map<std::size_t, std::uint64_t> vacates;
  for (std::size_t i = 0; i < works; ++i) {
    Work& work = queue.works[i];
    deadline = std::min(deadline, work.deadline);
    if (draft.has_begun_with_room()) judge(draft.room(), work, now);
    const bool waits = draft.carry_out(work.task, last_wait_number_ + 1, now);
    if (waits) vacates[i] = ++last_wait_number_;
  }
  CommitDraft::Result result = draft.finish(deadline);
  queue.transaction = {std::move(result.commit), std::move(result.after), works,
                       std::exchange(queue.known.doubts, {}), std::move(vacates)};
  node_.commit(queue.transaction->commit);
}

// Once, however often the transaction has to be tried, and not before the room is known.
void SharedRooms::judge(Room* room, Work& work, base::TimePoint now) {
  auto* const request = std::get_if<RoomRequest>(&work.task);
  if (!request || std::exchange(work.is_judged, true)) return;
  doors_.judge(*request, room, now);
}

BatchOrigin SharedRooms::origin_of(std::uint64_t serial) const {
  return {.node = settings_.node, .epoch = node_.epoch(), .serial = serial, .is_commit = true};
}

void SharedRooms::answered(const std::string& room, CommitAnswer answer, base::TimePoint now) {
  const auto entry = queues_.find(room);
  if (entry == queues_.end() || !entry->second.transaction) return;
  Queue& queue = entry->second;
  switch (answer.kind) {
    case CommitAnswer::Kind::kDone:
      return done(entry, now);
    case CommitAnswer::Kind::kConflict:
      drop_refused(entry);
      learn(entry, std::move(answer.room));
      watch(entry, now);
      return proceed(entry, now);
    case CommitAnswer::Kind::kLater:
      give_back(entry);
      queue.not_before = now + kPause;
      wakeups_.emplace(queue.not_before, room);
      return;
    case CommitAnswer::Kind::kLives:
      drop_gone(entry);
      return proceed(entry, now);
    case CommitAnswer::Kind::kFenced:
    case CommitAnswer::Kind::kUnknown:
      return;  // the caller knows what to do about all of them
  }
}

// What the transaction was to find out remains to be found out.
void SharedRooms::give_back(Entry entry) {
  Queue& queue = entry->second;
  queue.known.doubts.merge(queue.transaction->doubts);
  drop_refused(entry);
}

// Whoever finds that another node is dead asks for it as long as that is in the room.
void SharedRooms::drop_gone(Entry entry) {
  give_back(entry);
  std::erase_if(entry->second.works, [&](const Work& work) {
    const std::optional<std::uint32_t> node = gone_node(work.task);
    return node && *node != settings_.node;
  });
}

void SharedRooms::learn(Entry entry, StoredRoom stored) {
  KnownRoom& known = entry->second.known;
  disconnect(misled_by_others(known, stored, settings_.node));
  take_out(entry, cluster::learn(known, std::move(stored), settings_.node));
}

void SharedRooms::done(Entry entry, base::TimePoint now) {
  Queue& queue = entry->second;
  Transaction transaction = *std::exchange(queue.transaction, std::nullopt);
  const Memberships before = peers_on(settings_.node, queue.known.stored);
  note_commit(queue.known, std::move(transaction.commit.new_version), std::move(transaction.after));
  std::vector<PeerId> refused;
  for (std::size_t i = 0; i < transaction.works; ++i) {
    const Work& work = queue.works.front();
    const bool is_entry = awaited_answer(work.task) == AwaitedAnswer::kToEntry;
    const bool has_entered = is_entry && !before.contains(sender_of(work.task));
    if (work.is_refused && has_entered) refused.push_back(sender_of(work.task));
    const auto vacates = transaction.vacates.find(i);
    if (!work.is_refused && vacates != transaction.vacates.end()) {
      vacating_[vacates->second] = {std::get<RoomRequest>(work.task), now + settings_.patience};
    }
    queue.works.pop_front();
  }
  // They were told that they could not enter, and have entered after all.
  take_out(entry, std::move(refused));
  watch(entry, now);
  proceed(entry, now);
}

// Before anything else that waits.
void SharedRooms::take_out(Entry entry, std::vector<PeerId> peers) {
  if (peers.empty()) return;
  entry->second.works.emplace_front(
      signaling::own_request(entry->first, action::PeersGone{std::move(peers)}),
      base::TimePoint::max());
}

void SharedRooms::watch(Entry entry, base::TimePoint now) {
  Queue& queue = entry->second;
  const std::optional<Room> room = room_of(queue.known.stored.fields);
  for (const base::TimePoint when :
       queue.times.watch(room, settings_.node, settings_.limits, now)) {
    wakeups_.emplace(when, entry->first);
  }
}

bool SharedRooms::take_vacated(const Vacated& vacated) {
  const RoomRequest& request = vacated.request;
  const std::uint64_t number = std::get<action::Join>(request.action).wait_number;
  return vacating_.erase(number) > 0 || take_vacated_early(request.room, number);
}

// The answer may come before that of the store, whose commit asked for it.
bool SharedRooms::take_vacated_early(const std::string& room, std::uint64_t number) {
  const auto entry = queues_.find(room);
  if (entry == queues_.end() || !entry->second.transaction) return false;
  auto& vacates = entry->second.transaction->vacates;
  const auto found =
      std::ranges::find(vacates, number, [](const auto& item) { return item.second; });
  if (found == vacates.end()) return false;
  Work& work = entry->second.works[found->first];
  if (work.is_refused) return false;
  work.goes_on = true;
  work.deadline = base::TimePoint::max();
  vacates.erase(found);
  return true;
}

// The node of the other peer does not answer.
void SharedRooms::refuse_unvacated(base::TimePoint now) {
  std::erase_if(vacating_, [&](const auto& item) {
    const auto& [request, deadline] = item.second;
    if (now < deadline) return false;
    refuse(request);
    return true;
  });
}

// What this node asks for itself.
void SharedRooms::add_own(const std::string& room, signaling::RoomAction action) {
  queues_[room].works.emplace_back(signaling::own_request(room, std::move(action)),
                                   base::TimePoint::max());
}

void SharedRooms::report_guesses(base::TimePoint now) {
  for (const signaling::Doors::Report& report : doors_.take_reports(now)) {
    add_own(report.room, action::ReportGuesses{report.failures});
    proceed(queues_.find(report.room), now);
  }
}

void SharedRooms::resume(base::TimePoint now) {
  is_paused_ = false;
  for (auto entry = queues_.begin(); entry != queues_.end();) proceed(entry++, now);
}

const Commit* SharedRooms::renumber(const std::string& room, std::uint64_t serial) {
  const auto found = queues_.find(room);
  if (found == queues_.end() || !found->second.transaction) return nullptr;
  Commit& commit = found->second.transaction->commit;
  cluster::renumber(commit.deliveries, serial);
  return &commit;
}

// A commit under way goes on as it is: what it was computed from is what is restored first.
void SharedRooms::restore() {
  std::set<std::uint64_t> under_way;
  for (const auto& [name, queue] : queues_) {
    if (queue.transaction) under_way.insert(queue.transaction->commit.serial);
  }
  refusals_.forget_shut_out_except(under_way);
  for (auto& [name, queue] : queues_) {
    const auto doubts = queue.transaction ? queue.transaction->doubts : std::set<Doubt>{};
    if (!is_to_restore(queue.known, doubts, settings_.node)) continue;
    node_.commit(restoring_commit(name, queue.known.stored, origin_of(node_.next_serial())));
  }
}

void SharedRooms::replace(const std::string& room, StoredRoom stored) {
  const auto entry = queues_.find(room);
  if (entry == queues_.end()) return;
  disconnect(misled_by_replacement(entry->second.known, stored, settings_.node));
  if (!entry->second.transaction) learn(entry, std::move(stored));
}

void SharedRooms::disconnect(const std::vector<PeerId>& peers) {
  for (const PeerId& peer : peers) node_.disconnect(peer);
}

void SharedRooms::clear() {
  queues_.clear();
  wakeups_.clear();
  held_back_.clear();
  refusals_.clear();
  vacating_.clear();
}

void SharedRooms::elapse(base::TimePoint now) {
  while (!wakeups_.empty() && wakeups_.begin()->first <= now) {
    const std::string room = wakeups_.extract(wakeups_.begin()).value().second;
    const auto entry = queues_.find(room);
    if (entry != queues_.end()) elapse(entry, now);
  }
  refuse_unvacated(now);
  report_guesses(now);
}

void SharedRooms::elapse(Entry entry, base::TimePoint now) {
  Queue& queue = entry->second;
  const std::size_t under_way = queue.transaction ? queue.transaction->works : 0;
  for (std::size_t i = 0; i < queue.works.size();) {
    const Work& work = queue.works[i];
    const bool is_due = !work.is_refused && work.deadline <= now;
    if (is_due && i >= under_way) {
      refuse(work.task);
      report_passed_on(work.task);
      queue.works.erase(queue.works.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    if (is_due) refuse_under_way(entry, i);
    ++i;
  }
  for (RoomRequest& request : queue.times.take_due(entry->first, settings_.node, now)) {
    queue.works.emplace_back(std::move(request), base::TimePoint::max());
  }
  proceed(entry, now);
}

void SharedRooms::refuse(const RoomTask& task) {
  for (signaling::WorkerMessage& message : refusal_messages(task, settings_.node)) {
    node_.tell_at_once(sender_of(task), std::move(message));
  }
}

// It may be carried out all the same. Where that lets its sender in, nothing of the room is for it
// before it is out again, nor what else it asked in the same go.
void SharedRooms::refuse_under_way(Entry entry, std::size_t index) {
  Queue& queue = entry->second;
  const Transaction& transaction = *queue.transaction;
  const std::uint64_t serial = transaction.commit.serial;
  Work& work = queue.works[index];
  work.is_refused = true;
  refuse(work.task);
  const PeerId sender = sender_of(work.task);
  if (report_passed_on(work.task)) refusals_.add_passed_on(serial, sender);
  if (awaited_answer(work.task) != AwaitedAnswer::kToEntry) return;
  if (peers_on(settings_.node, queue.known.stored).contains(sender)) {
    refusals_.add_entry_of_member(serial, sender);
    return;
  }
  refusals_.add_entry_of_stranger(serial, entry->first, sender);
  for (std::size_t i = index + 1; i < transaction.works; ++i) {
    const Work& later = queue.works[i];
    const bool waits = later.deadline != base::TimePoint::max();
    if (waits && !later.is_refused && sender_of(later.task) == sender) refuse_under_way(entry, i);
  }
}

// What was refused does not hold back what its sender says next. Whether it would have.
bool SharedRooms::report_passed_on(const RoomTask& task) {
  const std::optional<signaling::PassedOn> report = passed_on(task);
  if (report) node_.tell_at_once(report->to, *report);
  return report.has_value();
}

// The transaction has failed. Works that were refused meanwhile, or that go on without it, are
// dropped with it.
void SharedRooms::drop_refused(Entry entry) {
  Queue& queue = entry->second;
  refusals_.forget(queue.transaction->commit.serial);
  queue.transaction.reset();
  std::erase_if(queue.works, [](const Work& work) { return work.is_refused || work.goes_on; });
}

base::TimePoint SharedRooms::deadline() const {
  base::TimePoint next = doors_.deadline();
  for (const auto& [number, item] : vacating_) next = std::min(next, item.second);
  return wakeups_.empty() ? next : std::min(next, wakeups_.begin()->first);
}

bool SharedRooms::is_idle() const {
  return vacating_.empty() && std::ranges::all_of(queues_, [](const auto& entry) {
           return !entry.second.transaction && entry.second.works.empty();
         });
}

}  // namespace heliograph::cluster
