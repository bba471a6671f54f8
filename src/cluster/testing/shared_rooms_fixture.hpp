#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cluster/shared_rooms.hpp"
#include "cluster/testing/message_lines.hpp"

namespace heliograph::cluster::testing {

inline constexpr base::Duration kPatience = std::chrono::seconds(1);
inline constexpr std::chrono::milliseconds kJoinTime = std::chrono::seconds(60);

/// A node hears this if another node has changed the room.
inline signaling::RoomUpdate news(
    std::string room, std::vector<signaling::PeerId> to = {},
    signaling::Membership membership = signaling::Membership::kUnchanged) {
  signaling::RoomUpdate update;
  update.to = std::move(to);
  update.room = std::move(room);
  update.membership = membership;
  return update;
}

/// Notes what the rooms ask of their node.
class NodeStub final : public HostNode {
 public:
  void commit(const Commit& commit) override { commits.push_back(commit); }
  bool may_commit() const override { return true; }
  std::uint64_t next_serial() override { return ++last_serial; }
  std::uint64_t epoch() const override { return 0xE; }
  std::uint64_t changes() const override { return changes_seen; }
  base::Duration unix_offset() const override { return base::Duration::zero(); }
  void tell_at_once(const signaling::PeerId& peer, signaling::WorkerMessage message) override {
    EXPECT_EQ(peer.home.node, kHere);
    told.push_back(line_of(message));
  }
  void disconnect(const signaling::PeerId& peer) override { disconnected.push_back(peer); }

  std::vector<Commit> commits;
  std::vector<std::string> told;
  std::vector<signaling::PeerId> disconnected;
  std::uint64_t last_serial = 0;
  std::uint64_t changes_seen = 0;  // by the store
};

/// For tests: the rooms of one node, and a store that answers as the test says.
class SharedRoomsFixture : public ::testing::Test {
 protected:
  SharedRoomsFixture() { rooms_.resume(now_); }

  void ask(RoomTask task) { rooms_.ask(std::move(task), now_); }
  void ask(const signaling::PeerId& from, signaling::RoomAction action, std::uint64_t ack = 0) {
    signaling::RoomRequest asked = request(from, std::move(action));
    if (ack != 0) asked.ack = ack;
    ask(std::move(asked));
  }

  const Commit& last() { return commits_.back(); }
  std::vector<std::string> delivered(std::uint32_t node) {
    return lines_to(node, last().deliveries);
  }

  // The store carries out the last commit.
  void done() {
    const Commit commit = last();
    RoomFields& fields = stored_.fields;
    for (const auto& [name, value] : commit.change.set) fields[name] = value;
    for (const std::string& name : commit.change.erased) fields.erase(name);
    stored_.version = commit.new_version;
    answer(CommitAnswer::Kind::kDone);
  }
  void answer(CommitAnswer::Kind kind) { rooms_.on_answer("north", {kind, {}}, now_); }
  // Another node was faster: the store holds this room.
  void conflict(const signaling::Room& room, const std::string& version) {
    stored_ = {version, fields_of(room)};
    rooms_.on_answer("north", {CommitAnswer::Kind::kConflict, stored_}, now_);
  }
  // The store loses everything, and can be asked again.
  void lose_store() {
    rooms_.pause();
    rooms_.restore();
    rooms_.resume(now_);
  }
  // Another node has restored this version, which this node learns now.
  void find_restored(const signaling::Room& room, const std::string& version) {
    stored_ = {version, fields_of(room), version};
    rooms_.on_answer("north", {CommitAnswer::Kind::kConflict, stored_}, now_);
  }
  void pass(base::Duration duration) {
    now_ += duration;
    rooms_.elapse(now_);
  }
  bool is_shut_out(const signaling::PeerId& peer) { return refusals_.is_shut_out("north", peer); }
  signaling::Room stored_room() { return *room_of(stored_.fields); }

  // The room is there, and these are in it; the first one owns it.
  void open(const std::vector<signaling::PeerId>& members) {
    signaling::Room room(members[0], "");
    for (const signaling::PeerId& member : members) {
      if (member != members[0]) room.admit(member, "");
    }
    // By their own wish, as all that this node knows to be its own.
    signaling::Room open_to_all(eve_, "");
    signaling::RoomSettings settings;
    settings.admission = signaling::Admission::kOpen;
    open_to_all.change(std::move(settings));
    for (const signaling::PeerId& member : members) {
      if (member.home.node != kHere) continue;
      ask(member, signaling::room_action::Join{});
      if (stored_.fields.empty()) conflict(open_to_all, "2-9-9");
      done();
    }
    ask(members[0], signaling::room_action::Describe{});
    conflict(room, "3-9-9");
    answer(CommitAnswer::Kind::kDone);
    commits_.clear();
    told_.clear();
  }

  base::TimePoint now_{};
  NodeStub node_;
  std::vector<Commit>& commits_ = node_.commits;
  std::vector<std::string>& told_ = node_.told;
  StoredRoom stored_;
  Refusals refusals_;
  SharedRooms rooms_{
      {.node = kHere, .limits = {.join_request_timeout = kJoinTime}, .patience = kPatience},
      node_,
      refusals_};

  const signaling::PeerId ada_ = peer(kHere, 1);
  const signaling::PeerId bob_ = peer(kHere, 2);
  const signaling::PeerId eve_ = peer(kThere, 3);
};

}  // namespace heliograph::cluster::testing
