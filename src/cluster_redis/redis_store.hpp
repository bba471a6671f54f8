#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/membership.hpp"
#include "cluster/store.hpp"
#include "redis/connection.hpp"

namespace heliograph::cluster_redis {

/// The nodes' shared state, in Redis: see scripts.hpp. Each function here stands for one script or
/// one command.
class RedisStore final : public cluster::Store {
 public:
  struct Settings {
    std::uint32_t node = 0;
    std::string prefix;  // of all keys
    std::chrono::milliseconds lease{};
    std::size_t max_inbox_entries = 100'000;
  };
  struct Answers {
    // Both are told if no answer came, too.
    std::function<void(std::uint64_t serial, cluster::CommitAnswer answer)> committed;
    std::function<void(std::uint64_t serial, cluster::SendAnswer answer)> sent;
    /// Redis has answered with an error: it has forgotten the scripts, lets nobody write, …
    std::function<void(std::string_view error)> failed;
  };
  RedisStore(redis::Connection& redis, Settings settings, Answers answers);

  /// Hands the scripts to Redis.
  void load(const std::function<void()>& done);

  void commit(const cluster::Commit& commit) override;
  void send(const cluster::Send& send) override;
  std::uint64_t changes() const override { return static_cast<std::uint64_t>(changes_); }

  // `done` is called with the answer. It is not called if the connection breaks, or if the answer
  // is an error, which `failed` gets.

  void enter(const cluster::membership_action::Register& place,
             std::function<void(const cluster::RegisterAnswer& answer)> done);
  void renew(const cluster::membership_action::Renew& lease,
             std::function<void(const cluster::RenewAnswer& answer)> done);
  void list(const cluster::membership_action::ListRooms& rooms,
            std::function<void(const std::vector<std::string>& rooms)> done);
  void forget(std::uint32_t node, std::function<void(bool is_forgotten)> done);
  void leave(std::function<void()> done);
  /// The batch in an entry of this node's inbox, given the fields of that; empty if there is none.
  /// Notes how many changes the store had seen when a commit put it there.
  std::string_view take_entry(const redisReply& fields);
  /// Entries of this node's inbox up to this one have been read.
  void trim(std::string_view id);
  std::string inbox(std::uint32_t node) const;
  std::uint32_t node() const { return settings_.node; }

 private:
  enum Script : std::uint8_t { kRegister, kRenew, kForget, kLeave, kCommit, kSend, kCount };
  using Done = redis::Connection::Done;
  void run(Script script, const std::vector<std::string>& keys,
           const std::vector<std::string_view>& arguments, Done done);
  void ask(std::span<const std::string_view> command, Done done);
  cluster::RenewAnswer renew_answer(const redisReply& reply, std::int64_t known);
  void note_changes(std::int64_t changes);
  void note_time(std::string_view store_time);
  std::string deadline_there(base::TimePoint deadline) const;
  std::string key(std::string_view name) const;
  std::string key(std::string_view name, std::uint32_t node) const;

  redis::Connection& redis_;
  Settings settings_;
  Answers answers_;
  std::string id_;
  std::string epoch_;
  std::array<std::string, kCount> hashes_;
  std::int64_t changes_ = 0;  // the most that the store was known to have seen
  std::chrono::milliseconds store_time_{};
  base::TimePoint noted_at_;
};

}  // namespace heliograph::cluster_redis
