#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/list_hook.hpp>

#include "auth/failures.hpp"
#include "base/clock.hpp"
#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/token_bucket.hpp"
#include "reactor/connection.hpp"
#include "transport/settings.hpp"

namespace heliograph::transport {

/// Counts for each client address its connections and sessions, how fast it opens sessions, and its
/// failures. IPv6 counts by /64. One for all workers; its methods may be called by any thread. It
/// must outlive the places that it gives away.
class AddressTable {
  // The failures of an address.
  struct Record {
    auth::Failures failures;
    std::array<std::uint32_t, auth::kAttempts> unlogged{};
    std::optional<base::TimePoint> logged_at;

    bool is_forgotten(base::TimePoint now) const;
  };
  using Hook =
      boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
  struct Entry final : Hook, reactor::ConnectionCounter {
    void leave() override { table->leave_connection(*this); }

    AddressTable* table = nullptr;
    base::IpAddress address;
    std::uint32_t connections = 0;
    std::uint32_t sessions = 0;
    base::TimedBucket new_sessions;
    std::unique_ptr<Record> record;  // null if it never failed
  };
  struct LeaveSession {
    void operator()(Entry* entry) const;
  };

 public:
  /// Counts the session for as long as it exists. Null counts nothing.
  using SessionPlace = std::unique_ptr<Entry, LeaveSession>;

  explicit AddressTable(const AddressLimits& limits);
  AddressTable(const AddressTable&) = delete;
  AddressTable& operator=(const AddressTable&) = delete;
  ~AddressTable();

  /// Nothing if the address has as many as it may.
  std::optional<reactor::ConnectionPlace> add_connection(const base::IpAddress& address,
                                                         base::TimePoint now);
  /// Or how long the address has to wait for one.
  std::variant<SessionPlace, std::chrono::milliseconds> add_session(const base::IpAddress& address,
                                                                    base::TimePoint now);

  /// How long such attempts of the address are refused; zero if they are not.
  base::Duration wait(const base::IpAddress& address, auth::Attempt attempt, base::TimePoint now);
  /// Whether the address failed lately.
  bool has_failed(const base::IpAddress& address, auth::Attempt attempt, base::TimePoint now);
  void note_failure(const base::IpAddress& address, auth::Attempt attempt, base::TimePoint now);

  /// Logs the failures since the last time, for each address at most once a minute. Call it every
  /// few seconds.
  void log_failures(base::Log& log, base::TimePoint now);

  /// Whether to warn of an unknown proxy: at once, and then each hour.
  bool is_time_to_warn(base::TimePoint now);

  std::size_t size() const;

 private:
  using Order = boost::intrusive::list<Entry, boost::intrusive::constant_time_size<false>>;

  // The failures of one address; without an address, of those that were forgotten too soon.
  struct Failed {
    std::optional<base::IpAddress> address;
    auth::Attempt attempt;
    std::uint32_t count;
  };
  std::vector<Failed> take_failures(base::TimePoint now);
  void keep_unlogged(const Failed& failed);
  void leave_connection(Entry& entry);
  Entry& entry_of(const base::IpAddress& address, base::TimePoint now);
  void settle(Entry& entry);
  void make_room();
  void forget_idle(base::TimePoint now);
  bool has_most(std::uint32_t count) const;

  AddressLimits limits_;
  mutable std::mutex mutex_;  // of all that follows
  // Entries that have something open are in no list. The others are in the order of their last use:
  Order spare_;   // those that did not fail
  Order failed_;  // the rest
  std::unordered_map<base::IpAddress, Entry, base::IpAddressHash> entries_;
  std::array<std::uint32_t, auth::kAttempts> forgotten_{};  // failures that no log line told of
  std::optional<base::TimePoint> warned_at_;
};

}  // namespace heliograph::transport
