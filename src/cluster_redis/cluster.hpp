#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "cluster/node.hpp"
#include "cluster_redis/redis_store.hpp"
#include "cluster_redis/settings.hpp"
#include "redis/connection.hpp"
#include "redis/settings.hpp"
#include "signaling/limits.hpp"

namespace heliograph::cluster_redis {

/// How the cluster, and what else uses Redis beside it, connects to it. `settings.url` must be one
/// that can be read.
redis::ConnectionSettings connection_settings(const redis::Settings& settings,
                                              const cluster::Timing& timing);

using Random = std::function<std::uint64_t()>;
/// From 0 up to, but without, 1.
double fraction(const Random& random);

/// This node's place in the cluster: keeps its lease, reads its inbox, removes nodes that have
/// died, and carries out over Redis what Node decides. All but post() and leave() belongs to the
/// thread that runs its io_context.
class Cluster {
 public:
  struct Rules {
    signaling::Limits limits;
    signaling::GuessCounts guesses;
  };

  /// `redis`: see connection_settings(). The context, the workers and the log outlive the cluster;
  /// the context has stopped for good before it goes.
  Cluster(boost::asio::io_context& context, const redis::ConnectionSettings& redis,
          const Settings& settings, const Rules& rules, Random random, cluster::Workers& workers,
          base::Log& log);
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster() = default;

  /// Begins to join.
  void start();
  bool is_joined() const { return is_joined_; }
  /// Why it is not joined.
  const std::string& problem() const { return problem_; }
  std::uint32_t node() const { return store_.node(); }

  /// From any thread: a worker's message that leads out of its node, or to its kClusterWorker. The
  /// order of one thread's calls is kept.
  void post(signaling::Address to, signaling::WorkerMessage message);
  /// From any thread: takes this node's peers out of their rooms and gives its place back, as far
  /// as Redis answers in time. `done` is called once or twice.
  void leave(std::function<void()> done);

 private:
  // From a connection to a place in the cluster: up() loads the scripts, enter() takes a place, and
  // take_place() first removes the peers of a node that had it before.
  void up();
  void down(std::string_view why);
  void failed(std::string_view error);
  void go_on_alone();
  void enter(bool has_lost);
  void entered(const RedisStore::Registered& registered, bool has_lost);
  void take_place(bool has_lost);
  void joined();
  void renew();
  void renew_after(std::chrono::milliseconds pause);
  void renewed(const RedisStore::RenewAnswer& answer);
  bool holds_lease() const;
  bool may_be_dead() const;
  void leased_from(base::TimePoint asked_at);
  void fenced();

  void remove(std::uint32_t node);
  void remove_rooms(std::uint32_t node, std::function<void(bool is_done)> done);
  void leave_when_idle(std::function<void()> done);
  void read();
  void read_entries(const redisReply& stream);
  void settle();
  void watch();
  void after(std::chrono::milliseconds pause, std::function<void()> action);

  boost::asio::io_context& context_;
  Settings settings_;
  Random random_;
  base::Log& log_;
  redis::Connection commands_;
  redis::Connection inbox_;  // waits for the next entry most of the time
  RedisStore store_;
  cluster::Workers& workers_;
  cluster::Node node_;
  boost::asio::steady_timer renewal_;
  boost::asio::steady_timer wakeup_;
  base::TimePoint wakes_at_ = base::TimePoint::max();
  base::TimePoint up_since_;
  base::TimePoint lease_end_;
  bool outlives_lease_ = false;  // for Redis was away before it ran out
  std::uint64_t epoch_ = 0;
  std::string store_name_;
  std::string last_read_;  // id of an entry
  std::string problem_ = "no answer in time";
  std::set<std::uint32_t> to_be_removed_;  // by this node, as of the last renewal
  std::set<std::uint32_t> being_removed_;
  bool has_place_ = false;
  bool is_new_ = false;  // and may be in rooms of a former life
  bool is_joined_ = false;
  bool is_reading_ = false;
  bool is_settling_ = false;
  bool is_trying_again_ = false;
};

}  // namespace heliograph::cluster_redis
