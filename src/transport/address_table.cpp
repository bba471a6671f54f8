#include "transport/address_table.hpp"

#include <algorithm>
#include <utility>

#include "reactor/address.hpp"

namespace heliograph::transport {
namespace {

// If there are more, those that have nothing open are forgotten.
constexpr std::size_t kMostAddresses = 65'536;
constexpr std::chrono::minutes kLogPause{1};
constexpr std::string_view kFailedAttempts = "failed attempts";
constexpr std::chrono::hours kWarningPause{1};
constexpr std::chrono::milliseconds kWaitForOther{1'000};

}  // namespace

bool AddressTable::Record::is_forgotten(base::TimePoint now) const {
  const auto is_nothing = [](std::uint32_t count) { return count == 0; };
  return std::ranges::all_of(
             failures.counts,
             [now](const auth::FailureCount& count) { return count.is_forgotten(now); }) &&
         std::ranges::all_of(unlogged, is_nothing);
}

AddressTable::AddressTable(const AddressLimits& limits) : limits_(limits) {}
AddressTable::~AddressTable() = default;

void AddressTable::leave_connection(Entry& entry) {
  const std::lock_guard lock(mutex_);
  --entry.connections;
  settle(entry);
}

void AddressTable::LeaveSession::operator()(Entry* entry) const {
  const std::lock_guard lock(entry->table->mutex_);
  --entry->sessions;
  entry->table->settle(*entry);
}

bool AddressTable::has_most(std::uint32_t count) const {
  return limits_.max_connections > 0 && count >= limits_.max_connections;
}

std::optional<reactor::ConnectionPlace> AddressTable::add_connection(const base::IpAddress& address,
                                                                     base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(address, now);
  if (has_most(entry.connections)) return std::nullopt;
  ++entry.connections;
  settle(entry);
  return reactor::ConnectionPlace(&entry);
}

std::variant<AddressTable::SessionPlace, std::chrono::milliseconds> AddressTable::add_session(
    const base::IpAddress& address, base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(address, now);
  if (has_most(entry.sessions)) return kWaitForOther;
  const std::chrono::milliseconds wait = entry.new_sessions.wait(limits_.new_sessions, now);
  if (wait > std::chrono::milliseconds::zero()) return wait;
  entry.new_sessions.take(1);
  ++entry.sessions;
  settle(entry);
  return SessionPlace(&entry);
}

base::Duration AddressTable::wait(const base::IpAddress& address, auth::Attempt attempt,
                                  base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(base::counted_as(address));
  if (found == entries_.end() || !found->second.record) return base::Duration::zero();
  return found->second.record->failures.of(attempt).wait(now);
}

bool AddressTable::has_failed(const base::IpAddress& address, auth::Attempt attempt,
                              base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(base::counted_as(address));
  if (found == entries_.end() || !found->second.record) return false;
  return !found->second.record->failures.of(attempt).has_faded(now);
}

void AddressTable::note_failure(const base::IpAddress& address, auth::Attempt attempt,
                                base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(address, now);
  if (!entry.record) entry.record = std::make_unique<Record>();
  entry.record->failures.of(attempt).note(now);
  ++entry.record->unlogged[static_cast<std::size_t>(attempt)];
  settle(entry);
}

// What the log does not take now is kept for the next time. Written without the lock, because the
// workers need that.
void AddressTable::log_failures(base::Log& log, base::TimePoint now) {
  for (const Failed& failed : take_failures(now)) {
    if (!log.admits(base::LogLevel::kWarn, kFailedAttempts)) {
      keep_unlogged(failed);
      continue;
    }
    log.write(base::LogLevel::kWarn, kFailedAttempts,
              {{"address", failed.address ? reactor::text(*failed.address) : std::string("others")},
               {"attempt", auth::text(failed.attempt)},
               {"count", failed.count}});
  }
}

void AddressTable::keep_unlogged(const Failed& failed) {
  const std::lock_guard lock(mutex_);
  const auto attempt = static_cast<std::size_t>(failed.attempt);
  const auto found = failed.address ? entries_.find(*failed.address) : entries_.end();
  if (found == entries_.end() || !found->second.record) {
    forgotten_[attempt] += failed.count;
    return;
  }
  found->second.record->unlogged[attempt] += failed.count;
  found->second.record->logged_at.reset();
}

std::vector<AddressTable::Failed> AddressTable::take_failures(base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  std::vector<Failed> all;
  for (auto& [address, entry] : entries_) {
    if (!entry.record) continue;
    Record& record = *entry.record;
    if (record.logged_at && now < *record.logged_at + kLogPause) continue;
    for (std::size_t i = 0; i < auth::kAttempts; ++i) {
      const std::uint32_t count = std::exchange(record.unlogged[i], 0);
      if (count == 0) continue;
      record.logged_at = now;
      all.push_back({address, static_cast<auth::Attempt>(i), count});
    }
    const bool has_said_all = !record.logged_at || record.logged_at < now;
    if (!has_said_all || !record.is_forgotten(now)) continue;
    entry.record.reset();
    settle(entry);
  }
  for (std::size_t i = 0; i < auth::kAttempts; ++i) {
    const std::uint32_t count = std::exchange(forgotten_[i], 0);
    if (count > 0) all.push_back({std::nullopt, static_cast<auth::Attempt>(i), count});
  }
  forget_idle(now);
  return all;
}

bool AddressTable::is_time_to_warn(base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (warned_at_ && now < *warned_at_ + kWarningPause) return false;
  warned_at_ = now;
  return true;
}

std::size_t AddressTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

AddressTable::Entry& AddressTable::entry_of(const base::IpAddress& address, base::TimePoint now) {
  const base::IpAddress counted = base::counted_as(address);
  const auto found = entries_.find(counted);
  if (found != entries_.end()) return found->second;
  if (entries_.size() >= kMostAddresses) make_room();
  Entry& entry = entries_[counted];
  entry.table = this;
  entry.address = counted;
  entry.new_sessions = {limits_.new_sessions, now};
  settle(entry);
  return entry;
}

// To be called after each use.
void AddressTable::settle(Entry& entry) {
  entry.unlink();
  if (entry.connections > 0 || entry.sessions > 0) return;
  (entry.record ? failed_ : spare_).push_back(entry);
}

// Forgets the address that was used longest ago, and one that failed only if there is no other.
void AddressTable::make_room() {
  Order& order = spare_.empty() ? failed_ : spare_;
  if (order.empty()) return;
  const Entry& oldest = order.front();
  if (oldest.record) {
    for (std::size_t i = 0; i < auth::kAttempts; ++i) forgotten_[i] += oldest.record->unlogged[i];
  }
  entries_.erase(oldest.address);
}

void AddressTable::forget_idle(base::TimePoint now) {
  while (!spare_.empty() && spare_.front().new_sessions.is_full(limits_.new_sessions, now)) {
    entries_.erase(spare_.front().address);
  }
}

}  // namespace heliograph::transport
