#include "cluster/shared_rooms.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <variant>

#include "cluster/after_loss.hpp"
#include "cluster/commit_draft.hpp"

namespace heliograph::cluster {
namespace {

using signaling::PeerId;
using signaling::RoomRequest;
using Entered = CommitQueue::Refused::Entry;
namespace action = signaling::room_action;

// Before the store is asked again for what it did not do at once.
constexpr base::Duration kPause = std::chrono::milliseconds(50);

}  // namespace

SharedRooms::Entry SharedRooms::entry_of(const std::string& room) {
  const auto found = rooms_.find(room);
  if (found != rooms_.end()) return found;
  return rooms_.emplace(room, SharedRoom{CommitQueue(room, settings_.node)}).first;
}

void SharedRooms::ask(RoomTask task, base::TimePoint now) {
  const auto entry = entry_of(room_name(task));
  base::TimePoint deadline = base::TimePoint::max();
  if (awaited_answer(task) != AwaitedAnswer::kNone) {
    deadline = now + settings_.patience;
    wake_at(deadline, entry->first);
  }
  entry->second.queue.add({.task = std::move(task), .deadline = deadline});
  proceed(entry, now);
}

// Before whatever waits: those are this node's own peers, if this node is the one that has joined
// again.
void SharedRooms::remove_node(const std::string& room, std::uint32_t node, base::TimePoint now) {
  const auto entry = entry_of(room);
  entry->second.queue.add_first(removal_of(node, room));
  proceed(entry, now);
}

void SharedRooms::leave(const std::string& room, base::TimePoint now) {
  const auto entry = entry_of(room);
  entry->second.queue.add({removal_of(settings_.node, room)});
  proceed(entry, now);
}

RoomRequest SharedRooms::removal_of(std::uint32_t node, const std::string& room) const {
  return signaling::own_request(room, action::NodeGone{.node = node, .remover = settings_.node});
}

void SharedRooms::on_change(const signaling::RoomUpdate& update, base::TimePoint now) {
  const auto entry = rooms_.find(update.room);
  if (entry == rooms_.end()) return;
  entry->second.queue.on_change(update);
  proceed(entry, now);
}

void SharedRooms::on_restored(const std::string& room, base::TimePoint now) {
  const auto entry = entry_of(room);
  entry->second.queue.on_restored();
  proceed(entry, now);
}

// Begins the next commit of the room, or forgets the room if there is nothing to do or to know.
void SharedRooms::proceed(Entry entry, base::TimePoint now) {
  const auto& [queue, times, not_before] = entry->second;
  if (queue.under_way() || is_paused_ || now < not_before) return;
  switch (queue.next()) {
    case CommitQueue::Next::kCommit:
      if (node_.may_commit()) return begin(entry, now);
      return held_back_.push(entry->first);
    case CommitQueue::Next::kNothing:
      return;
    case CommitQueue::Next::kForget:
      rooms_.erase(entry);
      return;
  }
}

void SharedRooms::catch_up(base::TimePoint now) {
  while (!held_back_.is_empty() && node_.may_commit()) {
    const auto entry = rooms_.find(held_back_.pop());
    if (entry != rooms_.end()) proceed(entry, now);
  }
}

void SharedRooms::begin(Entry entry, base::TimePoint now) {
  CommitQueue& queue = entry->second.queue;
  CommitDraft draft(entry->first, queue.known(),
                    {.origin = origin_of(node_.next_serial()),
                     .changes = node_.changes(),
                     .unix_offset = node_.unix_offset(),
                     .limits = settings_.limits});
  base::TimePoint deadline = base::TimePoint::max();
  std::vector<TaskUnderWay> tasks = queue.take_next();
  for (TaskUnderWay& item : tasks) {
    QueuedTask& queued = item.queued;
    deadline = std::min(deadline, queued.deadline);
    if (draft.has_begun_with_room()) judge(draft.room(), queued, now);
    const bool waits = draft.carry_out(queued.task, last_wait_number_ + 1, now);
    if (waits) item.wait_number = ++last_wait_number_;
  }
  auto [commit, after] = draft.finish(deadline);
  node_.commit(queue.begin(std::move(commit), std::move(after), std::move(tasks)));
}

// Not before the room is known.
void SharedRooms::judge(signaling::Room* room, QueuedTask& queued, base::TimePoint now) {
  auto* const request = std::get_if<RoomRequest>(&queued.task);
  if (!request || queued.at_door == QueuedTask::AtDoor::kJudged) return;
  queued.at_door = QueuedTask::AtDoor::kJudged;
  doors_.judge(*request, room, now);
}

void SharedRooms::on_answer(const std::string& room, CommitAnswer answer, base::TimePoint now) {
  const auto entry = rooms_.find(room);
  if (entry == rooms_.end()) return;
  auto& [queue, times, not_before] = entry->second;
  if (!queue.under_way()) return;
  const std::uint64_t serial = queue.under_way()->serial;
  switch (answer.kind) {
    case CommitAnswer::Kind::kDone:
      return finish(entry, now);
    case CommitAnswer::Kind::kConflict:
      refusals_.forget(serial);
      queue.abandon();
      disconnect(queue.learn(std::move(answer.room)));
      watch(entry, now);
      return proceed(entry, now);
    case CommitAnswer::Kind::kLater:
      refusals_.forget(serial);
      queue.postpone();
      not_before = now + kPause;
      return wake_at(not_before, room);
    case CommitAnswer::Kind::kLives:
      refusals_.forget(serial);
      queue.postpone();
      queue.drop_removals_of_others();
      return proceed(entry, now);
    case CommitAnswer::Kind::kFenced:
    case CommitAnswer::Kind::kUnknown:
      return;  // the caller knows what to do about all of them
  }
}

void SharedRooms::finish(Entry entry, base::TimePoint now) {
  for (auto& [number, request] : entry->second.queue.finish()) {
    vacating_[number] = {std::move(request), now + settings_.patience};
  }
  watch(entry, now);
  proceed(entry, now);
}

void SharedRooms::watch(Entry entry, base::TimePoint now) {
  auto& [queue, times, not_before] = entry->second;
  const std::optional<signaling::Room> room = room_of(queue.known().fields);
  for (const base::TimePoint when : times.watch(room, settings_.node, settings_.limits, now)) {
    wake_at(when, entry->first);
  }
}

bool SharedRooms::on_vacated(const signaling::Vacated& vacated) {
  const RoomRequest& request = vacated.request;
  const std::uint64_t number = std::get<action::Join>(request.action).wait_number;
  if (vacating_.erase(number) > 0) return true;
  // It may come before the answer of the store to the commit that asked for it.
  const auto entry = rooms_.find(request.room);
  return entry != rooms_.end() && entry->second.queue.go_on_early(number);
}

void SharedRooms::resume(base::TimePoint now) {
  is_paused_ = false;
  for (auto entry = rooms_.begin(); entry != rooms_.end();) proceed(entry++, now);
}

const Commit* SharedRooms::renumber(const std::string& room, std::uint64_t serial) {
  const auto entry = rooms_.find(room);
  return entry == rooms_.end() ? nullptr : entry->second.queue.renumber(serial);
}

void SharedRooms::restore() {
  std::set<std::uint64_t> under_way;
  for (const auto& [name, room] : rooms_) {
    if (const Commit* commit = room.queue.under_way()) under_way.insert(commit->serial);
  }
  refusals_.forget_shut_out_except(under_way);
  for (auto& [name, room] : rooms_) {
    if (!room.queue.is_to_restore()) continue;
    node_.commit(restoring_commit(name, room.queue.known(), origin_of(node_.next_serial())));
  }
}

void SharedRooms::replace(const std::string& room, StoredRoom stored) {
  const auto entry = rooms_.find(room);
  if (entry != rooms_.end()) disconnect(entry->second.queue.replace(std::move(stored)));
}

void SharedRooms::clear() {
  rooms_.clear();
  wakeups_.clear();
  held_back_.clear();
  refusals_.clear();
  vacating_.clear();
}

void SharedRooms::elapse(base::TimePoint now) {
  while (!wakeups_.empty() && wakeups_.begin()->first <= now) {
    const std::string room = wakeups_.extract(wakeups_.begin()).value().second;
    const auto entry = rooms_.find(room);
    if (entry != rooms_.end()) elapse(entry, now);
  }
  refuse_unvacated(now);
  report_guesses(now);
}

void SharedRooms::elapse(Entry entry, base::TimePoint now) {
  refuse_overdue(entry, now);
  auto& [queue, times, not_before] = entry->second;
  for (RoomRequest& request : times.take_due(entry->first, settings_.node, now)) {
    queue.add({.task = std::move(request)});
  }
  proceed(entry, now);
}

void SharedRooms::refuse_overdue(Entry entry, base::TimePoint now) {
  CommitQueue& queue = entry->second.queue;
  for (const auto& [task, entered] : queue.refuse_overdue(now)) {
    const std::uint64_t serial = queue.under_way()->serial;
    const PeerId& sender = sender_of(task);
    refuse(task);
    if (report_passed_on(task)) refusals_.add_passed_on(serial, sender);
    if (entered == Entered::kOfMember) refusals_.add_entry_of_member(serial, sender);
    if (entered == Entered::kOfStranger) {
      refusals_.add_entry_of_stranger(serial, entry->first, sender);
    }
  }
  for (const RoomTask& task : queue.take_overdue(now)) {
    refuse(task);
    report_passed_on(task);
  }
}

// The nodes of the other peers do not answer.
void SharedRooms::refuse_unvacated(base::TimePoint now) {
  std::erase_if(vacating_, [&](const auto& item) {
    const auto& [request, deadline] = item.second;
    if (now < deadline) return false;
    refuse(request);
    return true;
  });
}

void SharedRooms::report_guesses(base::TimePoint now) {
  for (const signaling::Doors::Report& report : doors_.take_reports(now)) {
    const auto entry = entry_of(report.room);
    const action::ReportGuesses guesses{report.failures};
    entry->second.queue.add({.task = signaling::own_request(report.room, guesses)});
    proceed(entry, now);
  }
}

void SharedRooms::refuse(const RoomTask& task) {
  for (signaling::WorkerMessage& message : refusal_messages(task, settings_.node)) {
    node_.tell_at_once(sender_of(task), std::move(message));
  }
}

// A refused task does not hold back what its sender says next. Returns whether it would have.
bool SharedRooms::report_passed_on(const RoomTask& task) {
  const std::optional<signaling::PassedOn> report = passed_on(task);
  if (report) node_.tell_at_once(report->to, *report);
  return report.has_value();
}

void SharedRooms::disconnect(const std::vector<PeerId>& peers) {
  for (const PeerId& peer : peers) node_.disconnect(peer);
}

BatchOrigin SharedRooms::origin_of(std::uint64_t serial) const {
  return {.node = settings_.node, .epoch = node_.epoch(), .serial = serial, .is_commit = true};
}

base::TimePoint SharedRooms::deadline() const {
  base::TimePoint next = doors_.deadline();
  for (const auto& [number, item] : vacating_) next = std::min(next, item.deadline);
  return wakeups_.empty() ? next : std::min(next, wakeups_.begin()->first);
}

bool SharedRooms::is_idle() const {
  return vacating_.empty() && std::ranges::all_of(rooms_, [](const auto& entry) {
           return entry.second.queue.is_idle();
         });
}

}  // namespace heliograph::cluster
