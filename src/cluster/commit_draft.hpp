#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "cluster/deliveries.hpp"
#include "cluster/room_record.hpp"
#include "cluster/room_task.hpp"
#include "cluster/store.hpp"
#include "signaling/limits.hpp"
#include "signaling/room.hpp"
#include "signaling/room_directory.hpp"

namespace heliograph::cluster {

/// One commit while it is computed: RoomDirectory carries out tasks, one after the other, on the
/// room as this node knows it. `known` must outlive the draft.
class CommitDraft {
 public:
  struct Terms {
    BatchOrigin origin;            // of what the commit delivers; its serial is the commit's
    std::uint64_t changes = 0;     // see Store::changes()
    base::Duration unix_offset{};  // see fields_of()
    signaling::Limits limits{};
  };
  CommitDraft(std::string room, const StoredRoom& known, const Terms& terms);

  /// Whether there was a room before the first task.
  bool has_begun_with_room() const { return before_.has_value(); }
  /// The room as the tasks so far have left it; null if there is none. Valid until the next task.
  signaling::Room* room() { return directory_.find(room_); }

  /// True if the task goes on when a peer has vacated its place: Vacated has this number then.
  bool carry_out(const RoomTask& task, std::uint64_t wait_number, base::TimePoint now);

  struct Result {
    Commit commit;
    RoomFields after;  // the room if the store carries out the commit
  };
  /// The draft is used up. `deadline`: see Commit.
  Result finish(base::TimePoint deadline);

 private:
  // As carry_out().
  bool add(const signaling::RoomRequest& request, std::uint64_t wait_number, base::TimePoint now);
  bool add(signaling::RemoteRelay relay, std::uint64_t wait_number, base::TimePoint now);
  bool add(const signaling::Vacated& vacated, std::uint64_t wait_number, base::TimePoint now);
  void take_out(std::uint32_t node);
  std::string next_version() const;

  std::string room_;
  const StoredRoom& known_;
  Terms terms_;
  std::optional<signaling::Room> before_;
  std::set<std::uint32_t> nodes_before_;
  std::set<std::uint32_t> listed_;  // nodes on whose list of rooms this one may be
  std::vector<std::uint32_t> gone_;
  signaling::RoomDirectory directory_;
  Deliveries deliveries_;
};

}  // namespace heliograph::cluster
