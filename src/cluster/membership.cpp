#include "cluster/membership.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "cluster/store_error.hpp"

namespace heliograph::cluster {
namespace {

using namespace membership_action;
using std::chrono::milliseconds;

// Before the store is asked again for what could not be had yet.
constexpr milliseconds kPause{100};

// Different problems of one outage that are remembered, lest they be told again and again.
constexpr std::size_t kMostNoted = 16;

// At the end of a lease each node looks for the dead, within this time at a moment of its own.
constexpr milliseconds kMostSpread{50};

milliseconds spread(std::uint64_t random) { return milliseconds(random % kMostSpread.count()); }

// Of a Redis Cluster: `MOVED 4711 10.0.0.2:6379`, the slot and the server that has it.
std::optional<MoveTo> redirection(std::string_view error) {
  if (!error.starts_with("MOVED ")) return std::nullopt;
  const std::string_view address = error.substr(error.rfind(' ') + 1);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  MoveTo there{std::string(address.substr(0, colon)), 0};
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), there.port);
  return there;
}

}  // namespace

// --- the connection

Membership::Actions Membership::on_up(const Moment& moment) {
  if (stage_ == Stage::kLeft) return {};
  stage_ = Stage::kLoading;
  up_since_ = moment.now;
  act(LoadScripts{});
  return take_actions();
}

Membership::Actions Membership::on_down(std::string_view why, const Moment& moment) {
  go_down(Notice::Kind::kUnreachable, why, moment.now);
  return take_actions();
}

// The store may still carry out commands behind the one that failed. A new connection leads back to
// a known state.
Membership::Actions Membership::on_failed(std::string_view error, const Moment& moment) {
  if (stage_ == Stage::kDown || stage_ == Stage::kLeft) return {};
  const auto there = redirection(error);
  const bool is_elsewhere = there || is_no_master(error);
  go_down(is_elsewhere ? Notice::Kind::kUnreachable : Notice::Kind::kRefused, error, moment.now);
  there ? act(*there) : act(Reconnect{std::string(error)});
  return take_actions();
}

// Without the store, what needs no other node goes on, unless this node has slept past its lease.
void Membership::go_down(Notice::Kind kind, std::string_view why, base::TimePoint now) {
  if (stage_ == Stage::kLeft) return;
  note_problem(kind, why);
  if (is_member()) act(LoseStore{});
  stop_asking();
  stage_ = Stage::kDown;
  if (!place_ || may_be_removed(now)) return;
  goes_on_alone_ = true;
  act(ServeUntil{base::TimePoint::max()});
}

// Once for each problem, until the node is a member again. Before it has ever been one, the caller
// of the whole looks at problem().
void Membership::note_problem(Notice::Kind kind, std::string_view problem) {
  problem_ = problem;
  if (!has_been_member_ || noted_problems_.contains(problem_)) return;
  if (noted_problems_.size() == kMostNoted) noted_problems_.clear();
  noted_problems_.insert(problem_);
  act(Notice{kind, problem_});
}

void Membership::stop_asking() {
  next_step_ = base::TimePoint::max();
  dead_.clear();
  removals_.clear();
}

Membership::Actions Membership::on_loaded(const Moment& moment) {
  if (stage_ != Stage::kLoading) return {};
  if (place_) {
    stage_ = Stage::kReturning;
    renew(moment.now);
  } else {
    ask_for_place(moment);
  }
  return take_actions();
}

// --- the place

// A node that has a place asks for it again, in a store that has lost it.
void Membership::ask_for_place(const Moment& moment) {
  stage_ = Stage::kRegistering;
  asked_at_ = moment.now;
  if (!place_) epoch_ = moment.random;
  act(Register{epoch_, fmt::format("{:x}", moment.random), place_ ? place_->store : std::string()});
}

Membership::Actions Membership::on_registered(const RegisterAnswer& answer, const Moment& moment) {
  if (stage_ != Stage::kRegistering) return {};
  if (const auto* registered = std::get_if<Registered>(&answer)) {
    const bool has_lost = place_.has_value();
    place_ = Place{.store = registered->store, .is_cleared = has_lost};
    hold_lease();
    take_place(has_lost, moment.now);
  } else {
    note_problem(Notice::Kind::kRefused,
                 fmt::format("another node has NODE_ID {}", settings_.node));
    stage_ = Stage::kTaken;
    next_step_ = moment.now + kPause;
  }
  return take_actions();
}

// The store counts whole milliseconds, and its clock may go faster than this one.
void Membership::hold_lease() {
  lease_end_ = asked_at_ + settings_.timing.lease - settings_.timing.lease / 64;
  goes_on_alone_ = false;
  act(ServeUntil{lease_end_});
}

// Peers of a node that had this number before, and died, leave before anybody else comes.
void Membership::take_place(bool has_lost, base::TimePoint now) {
  if (!place_->is_cleared) {
    stage_ = Stage::kClearing;
    return act(ListRooms{settings_.node, ListRooms::Amount::kAll});
  }
  stage_ = Stage::kMember;
  has_been_member_ = true;
  noted_problems_.clear();
  next_step_ = now;  // the first renewal tells which other nodes there are
  act(Join{epoch_, has_lost});
  act(Notice{Notice::Kind::kJoined});
  if (leave_by_ != base::TimePoint::max()) leave_rooms();
}

void Membership::renew(base::TimePoint now) {
  asked_at_ = now;
  next_step_ = base::TimePoint::max();
  const bool may_remove = now - up_since_ > settings_.timing.lease;
  act(Renew{place_->store, may_remove});
}

Membership::Actions Membership::on_renewed(const RenewAnswer& answer, const Moment& moment) {
  if (stage_ != Stage::kReturning && stage_ != Stage::kMember) return {};
  std::visit([&](const auto& given) { on_answer(given, moment); }, answer);
  return take_actions();
}

void Membership::on_answer(const Renewed& renewed, const Moment& moment) {
  hold_lease();
  act(KnowNodes{renewed.live});
  if (stage_ == Stage::kReturning) take_place(false, moment.now);
  if (stage_ != Stage::kMember) return;
  dead_ = {renewed.dead.begin(), renewed.dead.end()};
  for (const std::uint32_t dead : renewed.dead) begin_removal(dead);
  const milliseconds until_next_end = std::max(renewed.next_end, milliseconds(0));
  const base::TimePoint heartbeat = std::max(moment.now, asked_at_ + settings_.timing.heartbeat);
  next_step_ = std::min(heartbeat, moment.now + until_next_end + spread(moment.random));
}

// A node that others may have removed cannot know it now, for the store knew it.
void Membership::on_answer(Lost /*lost*/, const Moment& moment) {
  if (may_be_removed(moment.now)) return on_answer(Fenced{}, moment);
  note_problem(Notice::Kind::kStoreLost, "Redis has lost data");
  act(LoseStore{});
  stop_asking();
  ask_for_place(moment);
}

void Membership::on_answer(Fenced /*fenced*/, const Moment& moment) {
  if (leave_by_ != base::TimePoint::max()) {  // others have done what was left to do
    stage_ = Stage::kLeft;
    return;
  }
  act(Notice{Notice::Kind::kFenced});
  place_.reset();
  goes_on_alone_ = false;
  stop_asking();
  act(LosePlace{});
  act(ServeUntil{base::TimePoint::max()});  // peers that come from now on
  ask_for_place(moment);
}

bool Membership::may_be_removed(base::TimePoint now) const {
  return now > lease_end_ && !goes_on_alone_;
}

// The store does not know this node: others have removed it, or the store has lost everything. The
// answer to a renewal says which.
Membership::Actions Membership::on_unknown(const Moment& moment) {
  if (!is_member()) return {};
  act(LoseStore{});
  stop_asking();
  stage_ = Stage::kReturning;
  renew(moment.now);
  return take_actions();
}

// --- dead nodes

void Membership::begin_removal(std::uint32_t node) {
  if (!removals_.try_emplace(node).second) return;
  act(Notice{Notice::Kind::kNodeDied, fmt::to_string(node)});
  act(ListRooms{node, ListRooms::Amount::kSome});
}

Membership::Actions Membership::on_listed(std::uint32_t node, const std::vector<std::string>& rooms,
                                          const Moment& moment) {
  const bool is_own = node == settings_.node;
  if (is_own && stage_ == Stage::kClearing) {
    place_->is_cleared = true;
    remove_all(rooms, node);
    take_place(false, moment.now);
  } else if (is_own && stage_ == Stage::kLeaving) {
    for (const std::string& room : rooms) act(LeaveRoom{room});
    act(AwaitIdle{});
  } else {
    on_rooms_of_dead(node, rooms, moment.now);
  }
  return take_actions();
}

void Membership::remove_all(const std::vector<std::string>& rooms, std::uint32_t node) {
  for (const std::string& room : rooms) act(RemoveNode{room, node});
}

// The store lists some rooms at a time. The removal ends when none is left, if another node
// is to go on with it, or if the node is back.
void Membership::on_rooms_of_dead(std::uint32_t node, const std::vector<std::string>& rooms,
                                  base::TimePoint now) {
  const auto found = removals_.find(node);
  if (found == removals_.end()) return;
  if (!dead_.contains(node)) return void(removals_.erase(found));
  if (rooms.empty()) {
    found->second.stage = Removal::Stage::kForgetting;
    return act(Forget{node});
  }
  remove_all(rooms, node);
  found->second = {.stage = Removal::Stage::kPausing, .look_at = now + kPause};
}

void Membership::continue_removals(base::TimePoint now) {
  std::erase_if(removals_, [&](const auto& item) {
    const auto& [node, removal] = item;
    return removal.look_at <= now && !dead_.contains(node);
  });
  for (auto& [node, removal] : removals_) {
    if (removal.look_at > now) continue;
    removal = {};
    act(ListRooms{node, ListRooms::Amount::kSome});
  }
}

void Membership::on_forgotten(std::uint32_t node) {
  const auto found = removals_.find(node);
  const bool is_awaited =
      found != removals_.end() && found->second.stage == Removal::Stage::kForgetting;
  if (is_awaited) removals_.erase(found);
}

// --- the end

Membership::Actions Membership::leave(const Moment& moment) {
  const bool may_be_in_rooms = place_ && stage_ != Stage::kDown;
  if (!may_be_in_rooms) {
    stage_ = Stage::kLeft;
    return {};
  }
  leave_by_ = moment.now + settings_.leave_within;
  if (stage_ == Stage::kMember) leave_rooms();
  return take_actions();
}

void Membership::leave_rooms() {
  stop_asking();
  stage_ = Stage::kLeaving;
  act(ListRooms{settings_.node, ListRooms::Amount::kAll});
}

Membership::Actions Membership::on_idle() {
  if (stage_ == Stage::kLeaving) act(Leave{});
  return take_actions();
}

void Membership::on_left() {
  if (stage_ == Stage::kLeaving) stage_ = Stage::kLeft;
}

// --- time

Membership::Actions Membership::elapse(const Moment& moment) {
  if (leave_by_ <= moment.now) stage_ = Stage::kLeft;
  if (stage_ == Stage::kLeft) stop_asking();
  if (next_step_ <= moment.now) {
    next_step_ = base::TimePoint::max();
    if (stage_ == Stage::kTaken) ask_for_place(moment);
    if (stage_ == Stage::kMember) renew(moment.now);
  }
  continue_removals(moment.now);
  return take_actions();
}

base::TimePoint Membership::deadline() const {
  if (stage_ == Stage::kLeft) return base::TimePoint::max();
  base::TimePoint next = std::min(next_step_, leave_by_);
  for (const auto& [node, removal] : removals_) next = std::min(next, removal.look_at);
  return next;
}

}  // namespace heliograph::cluster
