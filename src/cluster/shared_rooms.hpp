#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "cluster/bus_message.hpp"
#include "cluster/commit_queue.hpp"
#include "cluster/host_node.hpp"
#include "cluster/refusals.hpp"
#include "cluster/room_line.hpp"
#include "cluster/room_task.hpp"
#include "cluster/room_times.hpp"
#include "cluster/store.hpp"
#include "signaling/doors.hpp"
#include "signaling/limits.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/room.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// The home of the rooms that nodes share, as one node sees it. RoomDirectory carries out the
/// requests of the node's peers on the room as the node last knew it. The result holds only if the
/// store confirms that nobody has changed the room since; otherwise the requests are carried out
/// again on the current room. All peers, including this node's, are told of it through the nodes'
/// inboxes, which the same commit fills. So peers are told everything in the one order in which it
/// happened.
class SharedRooms {
 public:
  struct Settings {
    std::uint32_t node = 0;
    signaling::Limits limits{};
    /// How long a request may wait for the store before it is refused.
    base::Duration patience{};
    signaling::GuessCounts guesses{};
  };
  /// Notes in `refusals` what it refuses although the store may carry it out.
  SharedRooms(Settings settings, HostNode& node, Refusals& refusals)
      : settings_(std::move(settings)),
        node_(node),
        refusals_(refusals),
        doors_(settings_.guesses) {}

  void ask(RoomTask task, base::TimePoint now);
  /// A peer of another node has answered. False if the candidate has been refused since.
  bool on_vacated(const signaling::Vacated& vacated);
  /// Removes all peers of that node from the room: this node, or one that is dead. Nothing happens
  /// if the other is no longer dead when the store is asked.
  void remove_node(const std::string& room, std::uint32_t node, base::TimePoint now);
  /// Removes the peers of this node from the room when all that waits is done.
  void leave(const std::string& room, base::TimePoint now);
  /// Another node has changed the room, and tells peers of this one so.
  void on_change(const signaling::RoomUpdate& update, base::TimePoint now);
  /// Another node has restored the room after a loss, and either peers of this node are in it, or
  /// it takes the place of what was there.
  void on_restored(const std::string& room, base::TimePoint now);

  void on_answer(const std::string& room, CommitAnswer answer, base::TimePoint now);
  /// Begins the commits that HostNode::may_commit() held back, as far as it lets them begin now.
  void catch_up(base::TimePoint now);
  /// Nothing is committed until resume() is called.
  void pause() { is_paused_ = true; }
  /// The caller must send commits again that were not answered, in the order of their serials. The
  /// others begin now.
  void resume(base::TimePoint now);
  /// The commit of this room that has not been answered, its batches under a later serial, because
  /// others have gone out since. Null if there is none.
  const Commit* renumber(const std::string& room, std::uint64_t serial);

  /// The store has lost what it held: restores what is known of rooms with peers of this node, and
  /// tells other nodes with peers there so by an update for nobody. If others have changed a room,
  /// and this node does not know how, it leaves the room to them.
  void restore();
  /// The store holds this in place of what was to be restored. Peers of this node that were told
  /// otherwise are disconnected.
  void replace(const std::string& room, StoredRoom stored);
  /// Forgets everything, in Refusals too.
  void clear();

  /// Refuses what has waited too long, and ends join requests whose time is over.
  void elapse(base::TimePoint now);
  /// When elapse() has something to do; TimePoint::max() for never.
  base::TimePoint deadline() const;

  bool is_idle() const;
  std::size_t size() const { return rooms_.size(); }

 private:
  struct SharedRoom {
    CommitQueue queue;
    RoomTimes times{};
    base::TimePoint not_before{};  // the next commit
  };
  using Entry = std::map<std::string, SharedRoom, std::less<>>::iterator;
  // A request that goes on when a peer has vacated its place, and until when it waits for that.
  struct Vacating {
    signaling::RoomRequest request;
    base::TimePoint deadline;
  };

  Entry entry_of(const std::string& room);
  signaling::RoomRequest removal_of(std::uint32_t node, const std::string& room) const;
  void proceed(Entry entry, base::TimePoint now);
  void begin(Entry entry, base::TimePoint now);
  void judge(signaling::Room* room, QueuedTask& queued, base::TimePoint now);
  void finish(Entry entry, base::TimePoint now);
  void watch(Entry entry, base::TimePoint now);
  void wake_at(base::TimePoint when, const std::string& room) { wakeups_.emplace(when, room); }

  void elapse(Entry entry, base::TimePoint now);
  void refuse_overdue(Entry entry, base::TimePoint now);
  void refuse_unvacated(base::TimePoint now);
  void report_guesses(base::TimePoint now);
  void refuse(const RoomTask& task);
  bool report_passed_on(const RoomTask& task);
  void disconnect(const std::vector<signaling::PeerId>& peers);
  BatchOrigin origin_of(std::uint64_t serial) const;

  Settings settings_;
  HostNode& node_;
  Refusals& refusals_;
  signaling::Doors doors_;
  std::map<std::string, SharedRoom, std::less<>> rooms_;
  std::set<std::pair<base::TimePoint, std::string>> wakeups_;  // when to look at which room
  RoomLine held_back_;                                         // until more may be committed
  std::map<std::uint64_t, Vacating> vacating_;                 // by the number that Vacated has
  std::uint64_t last_wait_number_ = 0;
  bool is_paused_ = true;
};

}  // namespace heliograph::cluster
