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
#include <vector>

#include "base/clock.hpp"
#include "cluster/membership.hpp"
#include "cluster/store.hpp"

namespace heliograph::cluster::testing {

/// For tests: Redis as the scripts of scripts.hpp leave it, which see for what is done here. It has
/// several servers, of which one is the master.
class StoreModel {
 public:
  static constexpr std::uint16_t kServers = 2;  // 1 to this
  /// The other replies.
  enum class Kind : std::uint8_t { kCluster, kSentinel };
  struct Settings {
    Kind kind = Kind::kSentinel;
    base::Duration lease{};
    std::size_t max_inbox_entries = 100'000;
  };
  explicit StoreModel(const Settings& settings) : settings_(settings) {}

  struct Entry {
    std::uint64_t id = 0;
    std::string batch;
  };

  // --- servers

  bool is_master(std::uint16_t server) const { return server == master_; }
  /// Another server is the master from now on, and has all that the last one had but the scripts.
  void fail_over() { master_ = static_cast<std::uint16_t>(master_ % kServers + 1); }
  /// Those that start again have no scripts.
  void lose_scripts() { has_scripts_.clear(); }
  /// The next commands are refused, for the store has no memory left.
  void refuse_next(std::size_t commands) { refusals_ = commands; }
  /// The error in which a command ends at this server, if it does.
  std::optional<std::string> refusal(std::uint16_t server) {
    if (!is_master(server)) return redirection();
    if (!has_scripts_.contains(server)) return "NOSCRIPT No matching script.";
    if (refusals_ == 0) return std::nullopt;
    --refusals_;
    return "OOM command not allowed when used memory > 'maxmemory'.";
  }
  /// The same of a command that only reads. Replicas answer it.
  std::optional<std::string> read_refusal(std::uint16_t server) const {
    if (is_master(server) || settings_.kind == Kind::kSentinel) return std::nullopt;
    return redirection();
  }
  void load_scripts(std::uint16_t server) { has_scripts_.insert(server); }

  // --- places

  RegisterAnswer enter(std::uint32_t node, const membership_action::Register& place,
                       std::uint64_t changes, base::TimePoint now) {
    const auto lives = [&](const auto& lease) { return lease.second > now; };
    if (dead_.contains(node) && std::ranges::any_of(leases_, lives)) return Taken{};
    dead_.erase(node);
    const auto lease = leases_.find(node);
    const bool holds_lease = lease != leases_.end() && lease->second > now;
    const bool is_lost = nodes_.contains(node) && nodes_.at(node) == kLostEpoch;
    if (holds_lease && !is_node(node, place.epoch) && !is_lost) return Taken{};
    if (name_.empty() || name_ == place.lost_store) name_ = place.new_store;
    nodes_[node] = place.epoch;
    leases_[node] = now + settings_.lease;
    removed_.erase(node);
    std::uint64_t first = 0;
    if (!place.lost_store.empty()) {
      if (std::exchange(held_, name_) != name_) {
        const base::Duration half = settings_.lease / 2;
        hold_until_ = now + std::min<base::Duration>(std::chrono::seconds(1), half);
      }
      changes_ = std::max(changes_, changes + 1'000'000);
    } else {
      inboxes_.erase(node);
      append(node, {});
      first = last_entry_;
    }
    return Registered{name_, std::to_string(first)};
  }

  RenewAnswer renew(std::uint32_t node, std::uint64_t epoch, const membership_action::Renew& lease,
                    base::TimePoint now) {
    if (lease.store != name_) return Lost{};
    if (!is_node(node, epoch)) return Fenced{};
    leases_[node] = now + settings_.lease;
    if (lease.may_remove) take_for_dead(now);
    Renewed renewed;
    const auto first =
        std::ranges::min_element(leases_, {}, [](const auto& item) { return item.second; });
    renewed.next_end = std::chrono::ceil<std::chrono::milliseconds>(first->second - now);
    for (const auto& [live, end] : leases_) renewed.live.insert(live);
    for (const std::uint32_t dead : dead_) {
      auto& [remover, until] = removers_[dead];
      if (until <= now) {
        remover = node;
        until = now + settings_.lease;
      }
      if (remover == node) renewed.dead.push_back(dead);
    }
    return renewed;
  }

  bool leave(std::uint32_t node, std::uint64_t epoch) {
    if (!is_node(node, epoch)) return false;
    if (!rooms_of_[node].empty()) dead_.insert(node);
    nodes_.erase(node);
    leases_.erase(node);
    inboxes_.erase(node);
    return true;
  }

  bool forget(std::uint32_t node) {
    if (!rooms_of_[node].empty()) return false;
    if (dead_.erase(node) == 1) inboxes_.erase(node);
    return true;
  }

  // Long because it follows the commit script of scripts.hpp step by step.
  CommitAnswer commit(std::uint32_t node, std::uint64_t epoch, const Commit& commit,
                      base::TimePoint now) {
    using Answer = CommitAnswer::Kind;
    if (!is_node(node, epoch)) return {Answer::kFenced, {}};
    Room& room = rooms_[commit.room];
    const std::string mark = std::to_string(epoch) + "-" + std::to_string(commit.serial);
    if (commit.restores) {
      const bool is_older =
          !holds(now) || count_of(room.stored.version) >= count_of(commit.version);
      if (!room.stored.version.empty() && is_older) return {Answer::kConflict, room.stored};
      if (!room.stored.version.empty()) {
        for (const auto& [other, its_epoch] : nodes_) {
          if (other != node) append(other, commit.news);
        }
      }
      room = {};
    } else if (room.marks.contains(node) && room.marks[node] == mark) {
      return {Answer::kDone, {}};
    } else if (holds(now)) {
      return {Answer::kLater, {}};
    } else if (room.stored.version != commit.version) {
      return {Answer::kConflict, room.stored};
    }
    const auto is_dead = [&](std::uint32_t gone) { return dead_.contains(gone); };
    if (!std::ranges::all_of(commit.gone, is_dead)) return {Answer::kLives, {}};
    if (commit.deadline < now) return {Answer::kLater, {}};

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
    return {Answer::kDone, {}};
  }

  SendAnswer send(std::uint32_t node, std::uint64_t epoch, const Send& send, base::TimePoint now) {
    if (!is_node(node, epoch)) return SendAnswer::kFenced;
    const std::uint32_t to = send.delivery.node;
    if (!nodes_.contains(to) && !holds(now)) return SendAnswer::kGone;
    if (inboxes_[to].size() >= settings_.max_inbox_entries) return SendAnswer::kFull;
    append(to, send.delivery.batch);
    return SendAnswer::kDone;
  }

  /// The inbox after this entry, some of it.
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

  /// As a server that starts again with nothing on its disk, or is told to forget all.
  void lose_everything() {
    removed_.clear();
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
  /// Others have removed the node, for its lease had run out.
  bool is_removed(std::uint32_t node, std::uint64_t epoch) const {
    const auto found = removed_.find(node);
    return found != removed_.end() && found->second == epoch;
  }
  std::size_t removal_count() const { return removal_count_; }
  bool holds(base::TimePoint now) const { return now < hold_until_; }

 private:
  static constexpr std::uint64_t kLostEpoch = ~std::uint64_t{0};
  struct Room {
    StoredRoom stored;
    std::map<std::uint32_t, std::string> marks;
  };

  std::string redirection() const {
    if (settings_.kind == Kind::kCluster) return "MOVED 0 redis:" + std::to_string(master_);
    return "READONLY You can't write against a read only replica.";
  }

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
      removed_[lease->first] = nodes_[lease->first];
      ++removal_count_;
      nodes_.erase(lease->first);
      inboxes_.erase(lease->first);
      lease = leases_.erase(lease);
    }
  }

  Settings settings_;
  std::uint16_t master_ = 1;
  std::set<std::uint16_t> has_scripts_;
  std::size_t refusals_ = 0;
  std::string name_;
  std::uint64_t changes_ = 0;
  std::string held_;  // the name under which rooms were held last
  base::TimePoint hold_until_{};
  std::map<std::uint32_t, std::uint64_t> nodes_;  // epochs
  std::map<std::uint32_t, base::TimePoint> leases_;
  std::set<std::uint32_t> dead_;
  std::map<std::uint32_t, std::uint64_t> removed_;  // epochs
  std::size_t removal_count_ = 0;
  std::map<std::uint32_t, std::pair<std::uint32_t, base::TimePoint>> removers_;
  std::map<std::string, Room> rooms_;
  std::map<std::uint32_t, std::set<std::string>> rooms_of_;
  std::map<std::uint32_t, std::deque<Entry>> inboxes_;
  std::uint64_t last_entry_ = 0;
};

}  // namespace heliograph::cluster::testing
