#include "net/address_table.hpp"

#include <algorithm>
#include <utility>

#include "net/address.hpp"

namespace heliograph::net {
namespace {

// More are forgotten, those that have nothing open.
constexpr std::size_t kMostAddresses = 65'536;
constexpr std::chrono::seconds kSearchPause{1};
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

AddressTable::AddressTable(const Limits& limits) : limits_(limits) {}
AddressTable::~AddressTable() = default;

void AddressTable::LeaveConnection::operator()(Entry* entry) const {
  const std::lock_guard lock(entry->table->mutex_);
  --entry->connections;
}

void AddressTable::LeaveSession::operator()(Entry* entry) const {
  const std::lock_guard lock(entry->table->mutex_);
  --entry->sessions;
}

bool AddressTable::has_most(std::uint32_t count) const {
  return limits_.max_connections > 0 && count >= limits_.max_connections;
}

std::optional<AddressTable::ConnectionPlace> AddressTable::add_connection(
    const base::IpAddress& address, base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(address, now);
  if (has_most(entry.connections)) return std::nullopt;
  ++entry.connections;
  return ConnectionPlace(&entry);
}

std::variant<AddressTable::SessionPlace, std::chrono::milliseconds> AddressTable::add_session(
    const base::IpAddress& address, base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(address, now);
  if (has_most(entry.sessions)) return kWaitForOther;
  const std::chrono::milliseconds wait = entry.new_sessions.wait(limits_.sessions, now);
  if (wait > wait.zero()) return wait;
  entry.new_sessions.take(1);
  ++entry.sessions;
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
              {{"address", text(failed.address)},
               {"attempt", auth::text(failed.attempt)},
               {"count", failed.count}});
  }
}

void AddressTable::keep_unlogged(const Failed& failed) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(failed.address);
  if (found == entries_.end() || !found->second.record) return;
  found->second.record->unlogged[static_cast<std::size_t>(failed.attempt)] += failed.count;
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
    if (has_said_all && record.is_forgotten(now)) entry.record.reset();
  }
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
  if (entries_.size() >= kMostAddresses) make_room(now);
  Entry& entry = entries_[counted];
  entry.table = this;
  entry.new_sessions = {limits_.sessions, now};
  return entry;
}

bool AddressTable::is_idle(const Entry& entry, base::TimePoint now) const {
  if (entry.connections > 0 || entry.sessions > 0) return false;
  if (entry.record && !entry.record->is_forgotten(now)) return false;
  return entry.new_sessions.is_full(limits_.sessions, now);
}

// First those of which there is nothing to remember; else any that has nothing open.
void AddressTable::make_room(base::TimePoint now) {
  if (now >= last_search_ + kSearchPause) {
    last_search_ = now;
    std::erase_if(entries_, [&](const auto& item) { return is_idle(item.second, now); });
    if (entries_.size() < kMostAddresses) return;
  }
  const auto is_closed = [](const auto& item) {
    return item.second.connections == 0 && item.second.sessions == 0;
  };
  auto closed = std::ranges::find_if(
      entries_, [&](const auto& item) { return is_closed(item) && !item.second.record; });
  if (closed == entries_.end()) closed = std::ranges::find_if(entries_, is_closed);
  if (closed != entries_.end()) entries_.erase(closed);
}

}  // namespace heliograph::net
