#include "cluster/commit_queue.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>
#include <variant>

#include "cluster/after_loss.hpp"
#include "cluster/deliveries.hpp"

namespace heliograph::cluster {
namespace {

using signaling::PeerId;
using signaling::RoomRequest;
using Fate = TaskUnderWay::Fate;
namespace action = signaling::room_action;

// One commit carries out no more than these.
constexpr std::size_t kMostTasks = 64;

bool is_entry(const RoomTask& task) { return awaited_answer(task) == AwaitedAnswer::kToEntry; }

}  // namespace

CommitQueue::CommitQueue(std::string room, std::uint32_t node)
    : room_(std::move(room)), node_(node) {}

CommitQueue::Next CommitQueue::next() const {
  if (!waiting_.empty() || known_.doubts.contains(Doubt::kRestored)) return Next::kCommit;
  if (!concerns(node_, known_.stored)) return Next::kForget;
  return known_.doubts.contains(Doubt::kChanged) ? Next::kCommit : Next::kNothing;
}

std::vector<TaskUnderWay> CommitQueue::take_next() {
  std::vector<TaskUnderWay> tasks;
  const std::size_t count = std::min(waiting_.size(), kMostTasks);
  tasks.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    tasks.push_back({std::move(waiting_.front())});
    waiting_.pop_front();
  }
  return tasks;
}

const Commit& CommitQueue::begin(Commit commit, RoomFields after, std::vector<TaskUnderWay> tasks) {
  under_way_ = {std::move(commit), std::move(after), std::move(tasks),
                std::exchange(known_.doubts, {})};
  return under_way_->commit;
}

const Commit* CommitQueue::renumber(std::uint64_t serial) {
  if (!under_way_) return nullptr;
  cluster::renumber(under_way_->commit.deliveries, serial);
  return &under_way_->commit;
}

std::vector<CommitQueue::Vacating> CommitQueue::finish() {
  UnderWay done = *std::exchange(under_way_, std::nullopt);
  const Memberships before = peers_on(node_, known_.stored);
  note_commit(known_, std::move(done.commit.new_version), std::move(done.after));
  std::vector<Vacating> vacating;
  std::vector<PeerId> entered;  // although they were refused
  for (TaskUnderWay& item : done.tasks) {
    RoomTask& task = item.queued.task;
    if (item.fate == Fate::kRefused && is_entry(task) && !before.contains(sender_of(task))) {
      entered.push_back(sender_of(task));
    }
    if (item.fate == Fate::kOpen && item.wait_number) {
      vacating.push_back({*item.wait_number, std::get<RoomRequest>(std::move(task))});
    }
  }
  take_out(std::move(entered));
  return vacating;
}

void CommitQueue::abandon() {
  UnderWay failed = *std::exchange(under_way_, std::nullopt);
  for (TaskUnderWay& item : failed.tasks | std::views::reverse) {
    if (item.fate == Fate::kOpen) waiting_.push_front(std::move(item.queued));
  }
}

void CommitQueue::postpone() {
  known_.doubts.merge(under_way_->doubts);
  abandon();
}

void CommitQueue::drop_removals_of_others() {
  std::erase_if(waiting_, [&](const QueuedTask& queued) {
    const std::optional<std::uint32_t> gone = gone_node(queued.task);
    return gone && *gone != node_;
  });
}

bool CommitQueue::go_on_early(std::uint64_t wait_number) {
  if (!under_way_) return false;
  for (TaskUnderWay& item : under_way_->tasks) {
    if (item.fate != Fate::kOpen || item.wait_number != wait_number) continue;
    item.fate = Fate::kGoesOn;
    return true;
  }
  return false;
}

std::vector<CommitQueue::Refused> CommitQueue::refuse_overdue(base::TimePoint now) {
  std::vector<Refused> refused;
  if (!under_way_) return refused;
  for (std::size_t i = 0; i < under_way_->tasks.size(); ++i) {
    const TaskUnderWay& item = under_way_->tasks[i];
    if (item.fate == Fate::kOpen && item.queued.deadline <= now) refuse(i, refused);
  }
  return refused;
}

// The store may carry it out all the same. If that lets its sender in, nothing of the room is for
// the sender until it is out again, nor are the answers to what it asked behind that.
void CommitQueue::refuse(std::size_t index, std::vector<Refused>& refused) {
  TaskUnderWay& item = under_way_->tasks[index];
  const RoomTask& task = item.queued.task;
  item.fate = Fate::kRefused;
  if (!is_entry(task)) return refused.push_back({task, Refused::Entry::kNone});
  const PeerId& sender = sender_of(task);
  if (peers_on(node_, known_.stored).contains(sender)) {
    return refused.push_back({task, Refused::Entry::kOfMember});
  }
  refused.push_back({task, Refused::Entry::kOfStranger});
  for (std::size_t i = index + 1; i < under_way_->tasks.size(); ++i) {
    const TaskUnderWay& later = under_way_->tasks[i];
    const bool waits = later.queued.deadline != base::TimePoint::max();
    const bool is_open = later.fate == Fate::kOpen;
    if (waits && is_open && sender_of(later.queued.task) == sender) refuse(i, refused);
  }
}

std::vector<RoomTask> CommitQueue::take_overdue(base::TimePoint now) {
  std::vector<RoomTask> overdue;
  for (const QueuedTask& queued : waiting_) {
    if (queued.deadline <= now) overdue.push_back(queued.task);
  }
  std::erase_if(waiting_, [&](const QueuedTask& queued) { return queued.deadline <= now; });
  return overdue;
}

bool CommitQueue::is_to_restore() {
  return cluster::is_to_restore(known_, under_way_ ? under_way_->doubts : std::set<Doubt>{}, node_);
}

std::vector<PeerId> CommitQueue::learn(StoredRoom stored) {
  std::vector<PeerId> misled = misled_by_others(known_, stored, node_);
  take_out(cluster::learn(known_, std::move(stored), node_));
  return misled;
}

std::vector<PeerId> CommitQueue::replace(StoredRoom stored) {
  std::vector<PeerId> misled = misled_by_replacement(known_, stored, node_);
  // If a commit is under way, its answer will tell.
  if (!under_way_) std::ranges::move(learn(std::move(stored)), std::back_inserter(misled));
  return misled;
}

void CommitQueue::take_out(std::vector<PeerId> peers) {
  if (peers.empty()) return;
  add_first(signaling::own_request(room_, action::PeersGone{std::move(peers)}));
}

}  // namespace heliograph::cluster
