#pragma once

#include <cstdint>
#include <memory>
#include <set>

#include "cluster/node.hpp"
#include "server/fence.hpp"
#include "server/server.hpp"
#include "signaling/emission.hpp"

namespace heliograph::server {

/// The workers of a node as its link to other nodes sees them. A node joins the cluster before it
/// has any: messages for them until then are dropped. All calls come from the link's thread.
class NodeWorkers final : public cluster::Workers {
 public:
  explicit NodeWorkers(Fence& fence) : fence_(fence) {}

  /// Here they are. `server` outlives all further calls.
  void become(Server& server);
  void emit(const std::shared_ptr<const signaling::Emission>& emission);

  std::uint16_t count() const override;
  void post(std::uint16_t worker, signaling::WorkerMessage message) override;
  void disconnect_all() override;
  void disconnect_peer(const signaling::PeerId& peer) override;
  void serve_until(base::TimePoint time) override { fence_.serve_until(time); }
  void know_nodes(const std::shared_ptr<const std::set<std::uint32_t>>& nodes) override;

 private:
  void post_to_all(const gateway::Mail& mail);

  Fence& fence_;
  Server* server_ = nullptr;
  std::shared_ptr<const std::set<std::uint32_t>> nodes_ =
      std::make_shared<const std::set<std::uint32_t>>();
};

}  // namespace heliograph::server
