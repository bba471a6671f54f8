#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "cluster/node.hpp"
#include "cluster/participant.hpp"
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

/// This node's part in the cluster, over Redis: runs cluster::Participant with the clock, with
/// timers and with two connections. All but post() and leave() belongs to the thread that runs its
/// io_context.
class Cluster final : private cluster::Link {
 public:
  struct Rules {
    signaling::Limits limits;
    signaling::GuessCounts guesses;
  };

  /// `redis`: see connection_settings(). The context, the workers and the log outlive the cluster;
  /// the context has stopped for good before it goes.
  Cluster(boost::asio::io_context& context, const redis::ConnectionSettings& redis,
          const Settings& settings, const Rules& rules, const Random& random,
          cluster::Workers& workers, base::Log& log);
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster() override = default;

  /// Begins to join.
  void start();
  bool is_joined() const { return participant_.is_member(); }
  /// Why it is not joined.
  const std::string& problem() const { return participant_.problem(); }
  std::uint32_t node() const { return store_.node(); }

  /// From any thread: a worker's message that leads out of its node, or to its kClusterWorker. The
  /// order of one thread's calls is kept.
  void post(signaling::Address to, signaling::WorkerMessage message);
  /// From any thread: takes this node's peers out of their rooms and gives its place back, as far
  /// as Redis answers in time; then calls `done`, once.
  void leave(std::function<void()> done);

 private:
  void load_scripts() override;
  void enter(const cluster::membership_action::Register& place) override;
  void renew(const cluster::membership_action::Renew& lease) override;
  void list(const cluster::membership_action::ListRooms& rooms) override;
  void forget(std::uint32_t node) override;
  void leave() override;
  void read(const std::string& id) override;
  void trim(const std::string& id) override;
  void reconnect(const std::string& why) override;
  void move_to(const cluster::membership_action::MoveTo& server) override;
  void note(const cluster::membership_action::Notice& notice) override;
  void note_unreadable(std::string_view id) override;

  redis::Connection::Events command_events(const Random& random);
  redis::Connection::Events inbox_events(const Random& random);
  RedisStore::Answers answers();
  void on_read(const redisReply* reply);
  void settle();
  void watch();

  boost::asio::io_context& context_;
  base::Log& log_;
  redis::Connection commands_;
  redis::Connection inbox_;  // waits for the next entry most of the time
  RedisStore store_;
  cluster::Participant participant_;
  boost::asio::steady_timer wakeup_;
  base::TimePoint wakes_at_ = base::TimePoint::max();
  bool is_settling_ = false;
  std::function<void()> left_;
};

}  // namespace heliograph::cluster_redis
