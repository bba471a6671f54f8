#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "cluster/store.hpp"
#include "cluster/timing.hpp"

namespace heliograph::cluster {

/// The steps by which a node gets and keeps its place in the cluster.
namespace membership_action {

// Asked of the store. Each has one answer, an input of Membership, unless the connection breaks.
struct LoadScripts {
  friend bool operator==(const LoadScripts&, const LoadScripts&) = default;
};
struct Register {
  std::uint64_t epoch = 0;  // under which the node has its place
  std::string new_store;    // the name of the store from now on if it has none
  std::string lost_store;   // the name of the store that lost what this node wrote; or empty
  friend bool operator==(const Register&, const Register&) = default;
};
struct Renew {
  std::string store;        // its name as the node knows it
  bool may_remove = false;  // nodes whose lease has run out
  friend bool operator==(const Renew&, const Renew&) = default;
};
/// The rooms that hold peers of the node: some, or all.
struct ListRooms {
  enum class Amount : std::uint8_t { kSome, kAll };
  std::uint32_t node = 0;
  Amount amount = Amount::kSome;
  friend bool operator==(const ListRooms&, const ListRooms&) = default;
};
/// A dead node that is in no room any more.
struct Forget {
  std::uint32_t node = 0;
  friend bool operator==(const Forget&, const Forget&) = default;
};
/// Gives the place back.
struct Leave {
  friend bool operator==(const Leave&, const Leave&) = default;
};

// Of the connections to the store.
struct Reconnect {
  std::string why;
  friend bool operator==(const Reconnect&, const Reconnect&) = default;
};
struct MoveTo {  // the server that has what was asked for
  std::string host;
  std::uint16_t port = 0;
  friend bool operator==(const MoveTo&, const MoveTo&) = default;
};

// Told to Node and to the workers: the functions of these names.
struct Join {
  std::uint64_t epoch = 0;
  bool has_lost = false;
  friend bool operator==(const Join&, const Join&) = default;
};
struct LoseStore {
  friend bool operator==(const LoseStore&, const LoseStore&) = default;
};
struct LosePlace {
  friend bool operator==(const LosePlace&, const LosePlace&) = default;
};
struct RemoveNode {
  std::string room;
  std::uint32_t node = 0;
  friend bool operator==(const RemoveNode&, const RemoveNode&) = default;
};
struct LeaveRoom {
  std::string room;
  friend bool operator==(const LeaveRoom&, const LeaveRoom&) = default;
};
struct ServeUntil {
  base::TimePoint time;
  friend bool operator==(const ServeUntil&, const ServeUntil&) = default;
};
struct KnowNodes {
  std::set<std::uint32_t> live;
  friend bool operator==(const KnowNodes&, const KnowNodes&) = default;
};
/// Membership::on_idle() is to be called when Node is idle.
struct AwaitIdle {
  friend bool operator==(const AwaitIdle&, const AwaitIdle&) = default;
};

/// For the operator.
struct Notice {
  enum class Kind : std::uint8_t {
    kJoined,
    kUnreachable,  // `detail` says why
    kRefused,      // `detail` is what the store says
    kStoreLost,    // `detail` says so
    kFenced,
    kNodeDied,  // the node `detail`
  };
  Kind kind = Kind::kJoined;
  std::string detail{};
  friend bool operator==(const Notice&, const Notice&) = default;
};

}  // namespace membership_action

using MembershipAction = std::variant<
    membership_action::LoadScripts, membership_action::Register, membership_action::Renew,
    membership_action::ListRooms, membership_action::Forget, membership_action::Leave,
    membership_action::Reconnect, membership_action::MoveTo, membership_action::Join,
    membership_action::LoseStore, membership_action::LosePlace, membership_action::RemoveNode,
    membership_action::LeaveRoom, membership_action::ServeUntil, membership_action::KnowNodes,
    membership_action::AwaitIdle, membership_action::Notice>;

/// How a node gets a place in the cluster, keeps it and gives it back: a state machine without
/// sockets, clocks, randomness and threads. Inputs are events of one connection to the store and
/// answers that came over it, in order; each returns the actions to take, in order.
///
/// The node holds a lease in the store and renews it at each heartbeat. A node that does not renew
/// in time may be removed by any other. So it stops serving shortly before its lease ends, counted
/// from when it asked for it. If the store itself is away, no other node can remove it, and it goes
/// on alone.
class Membership {
 public:
  struct Settings {
    std::uint32_t node = 0;
    Timing timing{};
    base::Duration leave_within{};  // how long leave() waits for the store
  };
  /// Each input brings the time and 64 random bits.
  struct Moment {
    base::TimePoint now;
    std::uint64_t random = 0;
  };
  using Actions = std::vector<MembershipAction>;

  /// The node waits for:
  enum class Stage : std::uint8_t {
    kDown,         // a connection
    kLoading,      // its scripts to be loaded
    kRegistering,  // a place: a new one, or the one that it had in a store that has lost it
    kTaken,        // the time to ask again, for another node has its number
    kReturning,    // whether it still has the place that it had
    kClearing,     // which rooms hold peers of an earlier life of this node
    kMember,       // the next heartbeat
    kLeaving,      // its peers to be out of their rooms, and its place to be given back
    kLeft,         // nothing
  };

  explicit Membership(const Settings& settings) : settings_(settings) {}

  Actions on_up(const Moment& moment);
  /// Requests that have no answer yet never get one.
  Actions on_down(std::string_view why, const Moment& moment);
  /// The store has answered with an error, and to what was asked with nothing else.
  Actions on_failed(std::string_view error, const Moment& moment);
  Actions on_loaded(const Moment& moment);
  Actions on_registered(const RegisterAnswer& answer, const Moment& moment);
  Actions on_renewed(const RenewAnswer& answer, const Moment& moment);
  Actions on_listed(std::uint32_t node, const std::vector<std::string>& rooms,
                    const Moment& moment);
  void on_forgotten(std::uint32_t node);
  void on_left();
  /// The store has refused a commit or a relay of this node, for the node has no place in it.
  Actions on_unknown(const Moment& moment);
  /// Takes this node's peers out of their rooms and gives its place back, as far as the store
  /// answers in time, also over another connection. stage() is kLeft then.
  Actions leave(const Moment& moment);
  /// See AwaitIdle.
  Actions on_idle();

  Actions elapse(const Moment& moment);
  base::TimePoint deadline() const;

  Stage stage() const { return stage_; }
  /// The store may be asked by Node, and the inbox be read.
  bool is_member() const { return stage_ == Stage::kMember || stage_ == Stage::kLeaving; }
  /// No other node can have removed this one, for its lease runs.
  bool holds_lease(base::TimePoint now) const { return place_ && now <= lease_end_; }
  /// Why it is not a member.
  const std::string& problem() const { return problem_; }

 private:
  struct Place {
    std::string store;        // its name
    bool is_cleared = false;  // of the peers of an earlier life
  };
  struct Removal {
    enum class Stage : std::uint8_t { kListing, kPausing, kForgetting };
    Stage stage = Stage::kListing;
    base::TimePoint look_at = base::TimePoint::max();  // when the pause is over
  };

  void note_problem(membership_action::Notice::Kind kind, std::string_view problem);
  void go_down(membership_action::Notice::Kind kind, std::string_view why, base::TimePoint now);
  void ask_for_place(const Moment& moment);
  void renew(base::TimePoint now);
  void on_answer(const Renewed& renewed, const Moment& moment);
  void on_answer(Lost lost, const Moment& moment);
  void on_answer(Fenced fenced, const Moment& moment);
  void hold_lease();
  void take_place(bool has_lost, base::TimePoint now);
  void leave_rooms();
  void stop_asking();
  bool may_be_removed(base::TimePoint now) const;
  void remove_all(const std::vector<std::string>& rooms, std::uint32_t node);
  void begin_removal(std::uint32_t node);
  void on_rooms_of_dead(std::uint32_t node, const std::vector<std::string>& rooms,
                        base::TimePoint now);
  void continue_removals(base::TimePoint now);
  template <class Action>
  void act(Action action) {
    actions_.emplace_back(std::move(action));
  }
  Actions take_actions() { return std::exchange(actions_, {}); }

  Settings settings_;
  Stage stage_ = Stage::kDown;
  Actions actions_;
  std::string problem_ = "no answer in time";
  std::set<std::string> noted_problems_;  // since the node was a member last
  bool has_been_member_ = false;

  // Outlives connections, as others remove a node by its lease alone.
  std::optional<Place> place_;
  std::uint64_t epoch_ = 0;  // of the place, or of the one that is asked for
  base::TimePoint lease_end_{};
  bool goes_on_alone_ = false;  // past its lease, for the store was away before that ran out

  // Of the connection. A node that has just come back cannot tell who else is on the way back.
  base::TimePoint up_since_{};
  base::TimePoint asked_at_{};  // a lease counts from then: the last Register or Renew
  // Of the stages kTaken and kMember.
  base::TimePoint next_step_ = base::TimePoint::max();

  // The node is to leave, and until when it tries to, in whichever stage it is.
  base::TimePoint leave_by_ = base::TimePoint::max();

  // A member's work beside its own lease: dead nodes as of the last renewal, and what it does.
  std::set<std::uint32_t> dead_;
  std::map<std::uint32_t, Removal> removals_;
};

}  // namespace heliograph::cluster
