#include "server/node_workers.hpp"

#include <utility>

namespace heliograph::server {

void NodeWorkers::become(Server& server) {
  server_ = &server;
  if (!nodes_->empty()) post_to_all(gateway::mail::LiveNodes{nodes_});
}

std::uint16_t NodeWorkers::count() const {
  return server_ ? server_->worker_count() : std::uint16_t{0};
}

void NodeWorkers::post(std::uint16_t worker, signaling::WorkerMessage message) {
  if (server_) server_->post(worker, std::move(message));
}

void NodeWorkers::disconnect_all() {
  if (server_) post_to_all(gateway::mail::PeersGone{fence_.lose_peers()});
}

void NodeWorkers::disconnect_peer(const signaling::PeerId& peer) {
  if (server_) server_->post(peer.home.worker, gateway::mail::PeerGone{peer});
}

void NodeWorkers::know_nodes(const std::shared_ptr<const std::set<std::uint32_t>>& nodes) {
  if (*nodes == *nodes_) return;
  nodes_ = nodes;
  post_to_all(gateway::mail::LiveNodes{nodes});
}

void NodeWorkers::emit(const std::shared_ptr<const signaling::Emission>& emission) {
  post_to_all(gateway::mail::Emitted{emission});
}

void NodeWorkers::post_to_all(const gateway::Mail& mail) {
  for (std::uint16_t worker = 0; worker < count(); ++worker) {
    server_->post(worker, gateway::Mail(mail));
  }
}

}  // namespace heliograph::server
