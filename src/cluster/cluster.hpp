#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "cluster/emitter_subscription.hpp"
#include "cluster/node.hpp"
#include "cluster/redis_store.hpp"
#include "cluster/settings.hpp"
#include "redis/connection.hpp"
#include "signaling/limits.hpp"

namespace heliograph::cluster {

/// This node's place in the cluster: keeps its lease, reads its inbox, removes nodes that have
/// died, carries out over Redis what Node decides, and passes on what emitters publish there. All
/// but post() and leave() belongs to the thread that runs it.
class Cluster {
 public:
  using Random = std::function<std::uint64_t()>;

  /// `settings.redis_url` must be one that can be read.
  Cluster(const Settings& settings, const signaling::Limits& limits,
          const signaling::GuessCounts& guesses, Random random, base::Log& log);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  /// Joins; waits for it. Throws std::runtime_error, with what is wrong, where that is not
  /// possible.
  void join();
  std::uint32_t node() const { return store_.node(); }

  /// Before run(): whom to serve, who are told at once until when they may.
  void serve(Workers& workers);
  /// Until leave() has come to its end.
  void run();
  /// From any thread, from join() on: a worker's message that leads out of its node, or to its
  /// kClusterWorker. The order of one thread's calls is kept.
  void post(signaling::Address to, signaling::WorkerMessage message);
  /// From any thread: takes this node's peers out of their rooms and ends run().
  void leave();

 private:
  class Late;

  bool is_ready() const;
  void listen_to_emitters(const signaling::Limits& limits);

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
  void leave_when_idle();
  void read();
  void read_entries(const redisReply& stream);
  void settle();
  void watch();
  void after(std::chrono::milliseconds pause, std::function<void()> action);

  Settings settings_;
  RedisConnectionSettings redis_;
  Random random_;
  base::Log& log_;
  boost::asio::io_context context_;
  RedisConnection commands_;
  RedisConnection inbox_;  // waits for the next entry most of the time
  RedisStore store_;
  std::unique_ptr<Late> workers_;
  std::optional<EmitterSubscription> emitter_;
  Node node_;
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

}  // namespace heliograph::cluster
