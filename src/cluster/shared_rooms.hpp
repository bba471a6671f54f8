#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "cluster/deliveries.hpp"
#include "cluster/host_node.hpp"
#include "cluster/known_room.hpp"
#include "cluster/refusals.hpp"
#include "cluster/room_task.hpp"
#include "cluster/room_times.hpp"
#include "cluster/store.hpp"
#include "signaling/doors.hpp"
#include "signaling/room_directory.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// The home of the rooms that nodes share, as one node sees it. What its peers ask is carried out
/// by RoomDirectory on what this node last knew of the room, and holds only where the store
/// confirms that nobody has changed the room since; if somebody has, it is done again on what the
/// room is now. What comes of it reaches all peers, this node's as well, through the nodes'
/// inboxes, which the same commit fills: so whatever a peer is told, it is told in the one order in
/// which it happened.
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
  /// Another peer has answered. False if the candidate has been refused since.
  bool take_vacated(const signaling::Vacated& vacated);
  /// All peers of that node are to be taken out of the room: this one, or one that is dead. Comes
  /// to nothing where the other is not dead any more when the store is asked.
  void remove_node(const std::string& room, std::uint32_t node, base::TimePoint now);
  /// Another node has changed the room, and tells peers of this one so.
  void look_again(const signaling::RoomUpdate& update, base::TimePoint now);
  /// Another node has written the room anew, after a loss: with peers of this node in it, or in the
  /// place of what was there.
  void hear_of_restored(const std::string& room, base::TimePoint now);
  void answered(const std::string& room, CommitAnswer answer, base::TimePoint now);
  /// Begins the commits that might not be made when they would have been, as far as they may now.
  void catch_up(base::TimePoint now);
  /// Nothing is committed until resume() is called.
  void pause() { is_paused_ = true; }
  /// Commits that were not answered are to be sent again by the caller, in the order of their
  /// serials; the others begin now.
  void resume(base::TimePoint now);
  /// The commit of this room that has not been answered, its batches under a later serial, because
  /// others have gone out since. Null where there is none.
  const Commit* renumber(const std::string& room, std::uint64_t serial);
  /// The store has lost what it held: what is known of rooms with peers of this node is written
  /// anew, and other nodes with peers there are told so by an update for nobody. A room that is
  /// known to be another by now, but not yet which one, is left to those who know.
  void restore();
  /// What the store holds in place of what was to be restored. Peers of this node who were told
  /// otherwise are sent away.
  void replace(const std::string& room, StoredRoom stored);
  /// Forgets everything.
  void clear();

  /// Refuses what has waited too long and lets join requests end whose time is over.
  void elapse(base::TimePoint now);
  base::TimePoint deadline() const;

  bool is_idle() const;
  std::size_t size() const { return queues_.size(); }

 private:
  struct Work {
    Work(RoomTask what, base::TimePoint when) : task(std::move(what)), deadline(when) {}
    RoomTask task;
    base::TimePoint deadline;
    bool is_refused = false;  // but may be carried out by the commit under way
    bool goes_on = false;     // as another one: what it waited for came before the store's answer
    bool is_judged = false;   // by doors_
  };
  struct Transaction {
    Commit commit;
    RoomFields after;
    std::size_t works = 0;   // the first ones of the queue
    std::set<Doubt> doubts;  // that it settles
    // Works that wait for a peer's answer when this is done, and under which number.
    std::map<std::size_t, std::uint64_t> vacates;
  };
  struct Queue {
    KnownRoom known;
    std::deque<Work> works;
    std::optional<Transaction> transaction;
    RoomTimes times;
    base::TimePoint not_before;  // the next transaction
    bool is_held_back = false;
  };
  using Entry = std::map<std::string, Queue, std::less<>>::iterator;

  void proceed(Entry entry, base::TimePoint now);
  void begin(Entry entry, base::TimePoint now);
  void hold_back(Entry entry);
  void done(Entry entry, base::TimePoint now);
  void give_back(Entry entry);
  void drop_gone(Entry entry);
  void learn(Entry entry, StoredRoom stored);
  void disconnect(const std::vector<signaling::PeerId>& peers);
  static void take_out(Entry entry, std::vector<signaling::PeerId> peers);
  void judge(signaling::Room* room, Work& work, base::TimePoint now);
  void watch(Entry entry, base::TimePoint now);
  bool take_vacated_early(const std::string& room, std::uint64_t number);
  void refuse_unvacated(base::TimePoint now);
  void add_own(const std::string& room, signaling::RoomAction action);
  void report_guesses(base::TimePoint now);
  void elapse(Entry entry, base::TimePoint now);
  BatchOrigin origin_of(std::uint64_t serial) const;
  void refuse(const RoomTask& task);
  void refuse_under_way(Entry entry, std::size_t index);
  bool report_passed_on(const RoomTask& task);
  void drop_refused(Entry entry);

  Settings settings_;
  HostNode& node_;
  Refusals& refusals_;
  signaling::Doors doors_;
  std::map<std::string, Queue, std::less<>> queues_;
  std::set<std::pair<base::TimePoint, std::string>> wakeups_;  // when to look at which room
  std::deque<std::string> held_back_;                          // rooms, until more may be committed
  // Requests that wait until a peer has vacated its place, by number, and until when.
  std::map<std::uint64_t, std::pair<signaling::RoomRequest, base::TimePoint>> vacating_;
  std::uint64_t last_wait_number_ = 0;
  bool is_paused_ = true;
};

}  // namespace heliograph::cluster
