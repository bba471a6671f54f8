#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "cluster/known_room.hpp"
#include "cluster/room_task.hpp"
#include "cluster/store.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// A task that waits for its turn.
struct QueuedTask {
  /// Doors judges each request once, however often its commit has to be tried.
  enum class AtDoor : std::uint8_t { kToBeJudged, kJudged };

  RoomTask task;
  base::TimePoint deadline = base::TimePoint::max();  // then it is refused; max() for never
  AtDoor at_door = AtDoor::kToBeJudged;
};

/// A task that a commit carries out, as long as the store has not answered.
struct TaskUnderWay {
  enum class Fate : std::uint8_t {
    kOpen,
    kRefused,  // its sender was told so, but the store may carry it out
    kGoesOn,   // as another request: the peer that was to vacate its place has answered already
  };

  QueuedTask queued;
  std::optional<std::uint64_t> wait_number = {};  // of the Vacated that it waits for afterwards
  Fate fate = Fate::kOpen;
};

/// One shared room as this node changes it: the tasks that wait, the commit that the store has yet
/// to answer, and what is known of the room, on which the next commit is based. There is one commit
/// at a time, so tasks are carried out in the order in which they came.
class CommitQueue {
 public:
  CommitQueue(std::string room, std::uint32_t node);

  /// Behind all tasks that wait.
  void add(QueuedTask task) { waiting_.push_back(std::move(task)); }
  /// Before them.
  void add_first(RoomTask task) { waiting_.push_front({std::move(task)}); }

  const StoredRoom& known() const { return known_.stored; }
  /// Another node has changed the room.
  void on_change(const signaling::RoomUpdate& update) { cluster::on_change(known_, update); }
  /// Another node has restored the room.
  void on_restored() { cluster::on_restored(known_); }

  // --- the next commit

  enum class Next : std::uint8_t {
    kCommit,   // there are tasks, or doubts that concern this node
    kNothing,  // for now
    kForget,   // this node has nothing to do with the room
  };
  /// To be asked if no commit is under way.
  Next next() const;
  /// Takes the tasks of the next commit, some at most. begin() must follow.
  std::vector<TaskUnderWay> take_next();
  /// The commit is under way from now on. `after`: the room if the store carries it out.
  const Commit& begin(Commit commit, RoomFields after, std::vector<TaskUnderWay> tasks);

  // --- the commit under way

  /// Null if there is none. Valid until the commit is answered.
  const Commit* under_way() const { return under_way_ ? &under_way_->commit : nullptr; }
  /// Gives its batches another serial. Null if there is none.
  const Commit* renumber(std::uint64_t serial);

  /// A request that goes on when a peer has vacated its place.
  struct Vacating {
    std::uint64_t number = 0;
    signaling::RoomRequest request;
  };
  /// The store has carried it out. Peers that entered, although they were told that they could not,
  /// are taken out before anything else happens.
  std::vector<Vacating> finish();
  /// The store has not carried it out, because the room is another one: learn() must follow. Its
  /// tasks wait again, in front, except those that were refused or that go on as other requests.
  void abandon();
  /// The same if the store has not even looked: what was in doubt still is.
  void postpone();
  /// Nodes that were to be taken out have not gone. The nodes that find another one dead ask for
  /// that again, as long as it is in the room.
  void drop_removals_of_others();
  /// The request that waits for this number goes on now, before the store has answered. False if
  /// there is none, or if it was refused.
  bool go_on_early(std::uint64_t wait_number);

  // --- deadlines

  struct Refused {
    enum class Entry : std::uint8_t { kNone, kOfMember, kOfStranger };
    RoomTask task;
    Entry entry = Entry::kNone;
  };
  /// Refuses the tasks of the commit under way that are overdue. If one is the entry of a peer that
  /// is not in the room, whatever else that peer asked behind it is refused as well.
  std::vector<Refused> refuse_overdue(base::TimePoint now);
  /// Takes those out that are overdue and wait.
  std::vector<RoomTask> take_overdue(base::TimePoint now);

  // --- after a loss of the store's; see after_loss.hpp

  bool is_to_restore();
  /// The store holds `stored`. Returns peers of this node that must be disconnected. Peers that
  /// this node does not know to have come in are taken out before anything else happens.
  std::vector<signaling::PeerId> learn(StoredRoom stored);
  /// The same if it holds that in place of what this node restored.
  std::vector<signaling::PeerId> replace(StoredRoom stored);

  bool is_idle() const { return !under_way_ && waiting_.empty(); }

 private:
  struct UnderWay {
    Commit commit;
    RoomFields after;
    std::vector<TaskUnderWay> tasks;
    std::set<Doubt> doubts;  // that it settles
  };
  void refuse(std::size_t index, std::vector<Refused>& refused);
  void take_out(std::vector<signaling::PeerId> peers);

  std::string room_;
  std::uint32_t node_;
  KnownRoom known_;
  std::deque<QueuedTask> waiting_;
  std::optional<UnderWay> under_way_;
};

}  // namespace heliograph::cluster
