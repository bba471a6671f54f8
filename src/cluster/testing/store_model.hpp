#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "cluster/store.hpp"

namespace heliograph::cluster::testing {

/// For tests: Redis as the scripts of scripts.hpp leave it, which see for what is done here.
class StoreModel {
 public:
  explicit StoreModel(base::Duration lease, std::size_t max_inbox_entries = 100'000)
      : lease_(lease), max_inbox_entries_(max_inbox_entries) {}

  struct Entry {
    std::uint64_t id = 0;
    std::string batch;
  };
  struct Registered {
    std::string store;
    std::uint64_t changes = 0;
    std::uint64_t inbox_begin = 0;
  };
  struct Lost {};
  struct Fenced {};
  struct Renewed {
    base::Duration next_end{};
    std::uint64_t changes = 0;
    std::vector<std::uint32_t> dead;
  };
  using RenewAnswer = std::variant<Lost, Fenced, Renewed>;

  /// Nothing where the id is taken.
  std::optional<Registered> enter(std::uint32_t node, std::uint64_t epoch,
                                  const std::string& new_name, const std::string& lost_store,
                                  std::uint64_t changes, base::TimePoint now) {
    const auto lives = [&](const auto& lease) { return lease.second > now; };
    if (dead_.contains(node) && std::ranges::any_of(leases_, lives)) return std::nullopt;
    dead_.erase(node);
    const auto lease = leases_.find(node);
    const bool holds_lease = lease != leases_.end() && lease->second > now;
    const bool is_lost = nodes_.contains(node) && nodes_.at(node) == kLostEpoch;
    if (holds_lease && !is_node(node, epoch) && !is_lost) return std::nullopt;
    if (name_.empty() || name_ == lost_store) name_ = new_name;
    nodes_[node] = epoch;
    leases_[node] = now + lease_;
    std::uint64_t first = 0;
    if (!lost_store.empty()) {
      if (std::exchange(held_, name_) != name_) {
        hold_until_ = now + std::min<base::Duration>(std::chrono::seconds(1), lease_ / 2);
      }
      changes_ = std::max(changes_, changes + 1'000'000);
    } else {
      inboxes_.erase(node);
      append(node, {});
      first = last_entry_;
    }
    return Registered{name_, changes_, first};
  }

  RenewAnswer renew(std::uint32_t node, std::uint64_t epoch, const std::string& name,
                    bool may_remove, base::TimePoint now) {
    if (name != name_) return Lost{};
    if (!is_node(node, epoch)) return Fenced{};
    leases_[node] = now + lease_;
    if (may_remove) take_for_dead(now);
    Renewed renewed;
    const auto first =
        std::ranges::min_element(leases_, {}, [](const auto& lease) { return lease.second; });
    renewed.next_end = first->second - now;
    renewed.changes = changes_;
    for (const std::uint32_t dead : dead_) {
      auto& [remover, until] = removers_[dead];
      if (until <= now) {
        remover = node;
        until = now + lease_;
      }
      if (remover == node) renewed.dead.push_back(dead);
    }
    return renewed;
  }

  bool forget(std::uint32_t node) {
    if (!rooms_of_[node].empty()) return false;
    if (dead_.erase(node) == 1) inboxes_.erase(node);
    return true;
  }

  // Long because it follows the commit script of scripts.hpp step by step.
  CommitAnswer commit(std::uint32_t node, std::uint64_t epoch, const Commit& commit,
                      base::TimePoint now) {
    using Kind = CommitAnswer::Kind;
    if (!is_node(node, epoch)) return {Kind::kFenced, {}};
    Room& room = rooms_[commit.room];
    const std::string mark = std::to_string(epoch) + "-" + std::to_string(commit.serial);
    if (commit.restores) {
      const bool is_older =
          !holds(now) || count_of(room.stored.version) >= count_of(commit.version);
      if (!room.stored.version.empty() && is_older) return {Kind::kConflict, room.stored};
      if (!room.stored.version.empty()) {
        for (const auto& [other, its_epoch] : nodes_) {
          if (other != node) append(other, commit.news);
        }
      }
      room = {};
    } else if (room.marks.contains(node) && room.marks[node] == mark) {
      return {Kind::kDone, {}};
    } else if (holds(now)) {
      return {Kind::kLater, {}};
    } else if (room.stored.version != commit.version) {
      return {Kind::kConflict, room.stored};
    }
    const auto is_dead = [&](std::uint32_t gone) { return dead_.contains(gone); };
    if (!std::ranges::all_of(commit.gone, is_dead)) return {Kind::kLives, {}};
    if (commit.deadline < now) return {Kind::kLater, {}};

    const bool changes = commit.new_version != room.stored.version;
    if (changes) {
      for (const auto& [name, value] : commit.change.set) room.stored.fields[name] = value;
      for (const std::string& name : commit.change.erased) room.stored.fields.erase(name);
      room.stored.version = commit.new_version;
      if (commit.restores) room.stored.restored = commit.new_version;
      if (commit.life == Commit::Life::kBegins) room.stored.restored.clear();
    }
    if (changes || !commit.deliveries.empty()) room.marks[node] = mark;
    for (const std::uint32_t joined : commit.joined) {
      rooms_of_[joined].insert(commit.room);
      if (commit.restores && nodes_.emplace(joined, kLostEpoch).second) {
        leases_[joined] = now + std::chrono::seconds(5);
      }
    }
    for (const std::uint32_t left : commit.left) rooms_of_[left].erase(commit.room);
    for (const Delivery& delivery : commit.deliveries) {
      append(delivery.node, delivery.batch);
    }
    ++changes_;
    return {Kind::kDone, {}};
  }

  SendAnswer send(std::uint32_t node, std::uint64_t epoch, const Send& send, base::TimePoint now) {
    if (!is_node(node, epoch)) return SendAnswer::kFenced;
    const std::uint32_t to = send.delivery.node;
    if (!nodes_.contains(to) && !holds(now)) return SendAnswer::kGone;
    if (inboxes_[to].size() >= max_inbox_entries_) return SendAnswer::kFull;
    append(to, send.delivery.batch);
    return SendAnswer::kDone;
  }

  /// What the inbox holds after this entry, some of it.
  std::vector<Entry> read(std::uint32_t node, std::uint64_t after, std::size_t most) const {
    std::vector<Entry> entries;
    const auto inbox = inboxes_.find(node);
    if (inbox == inboxes_.end()) return entries;
    for (const Entry& entry : inbox->second) {
      if (entry.id > after && entries.size() < most) entries.push_back(entry);
    }
    return entries;
  }
  bool has_entries(std::uint32_t node, std::uint64_t after) const {
    const auto inbox = inboxes_.find(node);
    return inbox != inboxes_.end() && !inbox->second.empty() && inbox->second.back().id > after;
  }
  void trim(std::uint32_t node, std::uint64_t before) {
    const auto inbox = inboxes_.find(node);
    if (inbox == inboxes_.end()) return;
    std::erase_if(inbox->second, [&](const Entry& entry) { return entry.id < before; });
  }

  std::vector<std::string> rooms_of(std::uint32_t node) const {
    const auto rooms = rooms_of_.find(node);
    if (rooms == rooms_of_.end()) return {};
    return {rooms->second.begin(), rooms->second.end()};
  }

  /// As a server that starts again with nothing on its disk.
  void lose_everything() {
    nodes_.clear();
    leases_.clear();
    dead_.clear();
    removers_.clear();
    rooms_.clear();
    rooms_of_.clear();
    inboxes_.clear();
    name_.clear();
    held_.clear();
    changes_ = 0;
    hold_until_ = {};
  }

  std::vector<std::string> room_names() const {
    std::vector<std::string> names;
    for (const auto& [name, room] : rooms_) {
      if (!room.stored.fields.empty()) names.push_back(name);
    }
    return names;
  }
  StoredRoom room(const std::string& name) const {
    const auto found = rooms_.find(name);
    return found == rooms_.end() ? StoredRoom{} : found->second.stored;
  }
  bool is_node(std::uint32_t node, std::uint64_t epoch) const {
    const auto found = nodes_.find(node);
    return found != nodes_.end() && found->second == epoch;
  }
  std::uint64_t changes() const { return changes_; }
  std::size_t node_count() const { return leases_.size(); }
  bool has_dead() const { return !dead_.empty(); }
  bool holds(base::TimePoint now) const { return now < hold_until_; }

 private:
  static constexpr std::uint64_t kLostEpoch = ~std::uint64_t{0};
  struct Room {
    StoredRoom stored;
    std::map<std::uint32_t, std::string> marks;
  };

  void append(std::uint32_t node, std::string batch) {
    inboxes_[node].push_back({++last_entry_, std::move(batch)});
  }

  void take_for_dead(base::TimePoint now) {
    for (auto lease = leases_.begin(); lease != leases_.end();) {
      if (lease->second > now) {
        ++lease;
        continue;
      }
      dead_.insert(lease->first);
      nodes_.erase(lease->first);
      inboxes_.erase(lease->first);
      lease = leases_.erase(lease);
    }
  }

  base::Duration lease_;
  std::size_t max_inbox_entries_;
  std::string name_;
  std::uint64_t changes_ = 0;
  std::string held_;  // the name under which rooms were held last
  base::TimePoint hold_until_{};
  std::map<std::uint32_t, std::uint64_t> nodes_;  // epochs
  std::map<std::uint32_t, base::TimePoint> leases_;
  std::set<std::uint32_t> dead_;
  std::map<std::uint32_t, std::pair<std::uint32_t, base::TimePoint>> removers_;
  std::map<std::string, Room> rooms_;
  std::map<std::uint32_t, std::set<std::string>> rooms_of_;
  std::map<std::uint32_t, std::deque<Entry>> inboxes_;
  std::uint64_t last_entry_ = 0;
};

}  // namespace heliograph::cluster::testing
