#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "cluster/membership.hpp"
#include "cluster/node.hpp"
#include "cluster/store.hpp"
#include "cluster/timing.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// An entry of the node's inbox; valid for the call that hands it over.
struct InboxEntry {
  std::string_view id;
  std::string_view batch;  // see bus_message.hpp; empty in the entry that an inbox begins with
};

/// A Participant's two connections to the store: one for its commands, and one that waits for
/// entries of its inbox. Each request is answered once, later, by the function of Participant that
/// is named here, or by on_failed(), unless its connection breaks. If the one for commands breaks,
/// open the other one again, too: so both lead to the same server.
class Link {
 public:
  virtual ~Link() = default;
  virtual void load_scripts() = 0;                                   // on_loaded()
  virtual void enter(const membership_action::Register& place) = 0;  // on_registered()
  virtual void renew(const membership_action::Renew& lease) = 0;     // on_renewed()
  virtual void list(const membership_action::ListRooms& rooms) = 0;  // on_listed()
  virtual void forget(std::uint32_t node) = 0;                       // on_forgotten()
  virtual void leave() = 0;                                          // on_left()
  /// Waits for entries behind this one.
  virtual void read(const std::string& id) = 0;  // on_entries()
  /// Entries before this one have been read.
  virtual void trim(const std::string& id) = 0;
  /// Reopens both connections.
  virtual void reconnect(const std::string& why) = 0;
  virtual void move_to(const membership_action::MoveTo& server) = 0;
  virtual void note(const membership_action::Notice& notice) = 0;
  virtual void note_unreadable(std::string_view id) = 0;  // an entry of the inbox
};

/// A node's whole part in the cluster: carries out what Membership decides, by Node, the link and
/// the workers, and reads the inbox while the node holds its lease. Neither sockets nor clocks nor
/// threads: the caller owns these. It calls flush() soon after has_gathered() has become true, and
/// elapse() at the deadline().
class Participant {
 public:
  struct Settings {
    NodeSettings node;
    Timing timing{};
    base::Duration leave_within{};
    std::function<std::uint64_t()> random;
  };
  Participant(const Settings& settings, Store& store, Link& link, Workers& workers);

  // --- from the workers
  void post(signaling::Address to, signaling::WorkerMessage message, base::TimePoint now);
  void leave(base::TimePoint now);

  // --- from the connections; see Membership
  void on_up(base::TimePoint now);
  void on_down(std::string_view why, base::TimePoint now);
  void on_failed(std::string_view error, base::TimePoint now);
  void on_inbox_up(base::TimePoint now);
  void on_inbox_down();

  // --- answers of the store
  void on_loaded(base::TimePoint now);
  void on_registered(const RegisterAnswer& answer, base::TimePoint now);
  void on_renewed(const RenewAnswer& answer, base::TimePoint now);
  void on_listed(std::uint32_t node, const std::vector<std::string>& rooms, base::TimePoint now);
  void on_forgotten(std::uint32_t node) { membership_.on_forgotten(node); }
  void on_left() { membership_.on_left(); }
  void on_committed(std::uint64_t serial, CommitAnswer answer, base::TimePoint now);
  void on_sent(std::uint64_t serial, SendAnswer answer, base::TimePoint now);
  void on_entries(std::span<const InboxEntry> entries, base::TimePoint now);

  // --- from the caller's loop
  bool has_gathered() const { return node_.has_gathered(); }
  void flush(base::TimePoint now);
  void elapse(base::TimePoint now);
  base::TimePoint deadline() const;

  bool is_member() const { return membership_.is_member(); }
  bool has_left() const { return membership_.stage() == Membership::Stage::kLeft; }
  const std::string& problem() const { return membership_.problem(); }
  const Node& node() const { return node_; }

 private:
  Membership::Moment moment(base::TimePoint now) const { return {now, random_()}; }
  void carry_out(const Membership::Actions& actions, base::TimePoint now);
  void proceed(base::TimePoint now);
  bool may_read(base::TimePoint now) const;
  void read(base::TimePoint now);

  std::function<std::uint64_t()> random_;
  Link& link_;
  Workers& workers_;
  Membership membership_;
  Node node_;

  enum class Inbox : std::uint8_t { kDown, kIdle, kReading };
  Inbox inbox_ = Inbox::kDown;
  std::string last_read_;          // id of an entry
  bool is_of_this_place_ = false;  // the read under way was asked for since the node has it
  bool awaits_idle_ = false;
};

}  // namespace heliograph::cluster
