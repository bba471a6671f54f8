#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "base/log.hpp"
#include "cluster_redis/cluster.hpp"
#include "emitter/subscription.hpp"
#include "gateway/application.hpp"
#include "server/fence.hpp"
#include "server/node_workers.hpp"
#include "server/server.hpp"
#include "server/settings.hpp"
#include "signaling/limits.hpp"

namespace heliograph::server {

/// The link from this node to others, over Redis: its place in the cluster, and the events that
/// other back ends publish there. Both run on one thread, which this owns.
class NodeLink {
 public:
  using Random = std::function<std::uint64_t()>;

  /// `settings.redis.url` must be one that can be read. The log outlives the link.
  NodeLink(const NodeLinkSettings& settings, const signaling::Limits& limits,
           const signaling::GuessCounts& guesses, const Random& random, base::Log& log);
  NodeLink(const NodeLink&) = delete;
  NodeLink& operator=(const NodeLink&) = delete;
  ~NodeLink() = default;

  /// Joins; waits for it. Throws std::runtime_error, with what is wrong, if that is not possible.
  void join();
  /// After join(): tells a worker where it is, and leads its mail here. The link outlives the
  /// worker.
  void connect(gateway::WorkerLink& link);
  /// Runs the server until it has stopped, with the link's thread beside it; then takes this node's
  /// peers out of their rooms and leaves the cluster.
  void run(Server& server);

 private:
  bool is_ready() const;

  NodeLinkSettings settings_;
  redis::ConnectionSettings redis_;
  boost::asio::io_context context_;
  Fence fence_;
  NodeWorkers workers_;
  cluster_redis::Cluster cluster_;
  std::optional<emitter::Subscription> emitter_;
};

}  // namespace heliograph::server
