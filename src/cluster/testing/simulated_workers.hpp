#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "cluster/node.hpp"
#include "signaling/service.hpp"

namespace heliograph::cluster::testing {

/// Tells the test all that the clients of all nodes hear.
struct ClientEvents {
  std::function<void(const signaling::PeerId& to, std::optional<std::uint64_t> ack,
                     std::string_view text)>
      hear;
  std::function<void(const signaling::PeerId& peer)> closed;   // the client's connection
  std::function<bool(const signaling::PeerId& peer)> is_away;  // its client has none
  std::function<void(const signaling::Replace& replace)> closed_replaced;
  std::function<void(const signaling::Replaced& answer)> replaced;
};

/// For tests: the workers of a node, without threads. Their Services are those of the program.
class SimulatedWorkers final : public Workers {
 public:
  struct Settings {
    std::uint32_t node = 0;
    std::uint16_t count = 0;
    signaling::Limits limits;
    const base::TimePoint& now;
    std::function<std::uint64_t()> random;
  };
  using PostFar = std::function<void(signaling::Address to, signaling::WorkerMessage message)>;
  SimulatedWorkers(const Settings& settings, const ClientEvents& clients, PostFar post_far)
      : settings_(settings), clients_(clients), post_far_(std::move(post_far)) {
    for (std::uint16_t i = 0; i < settings_.count; ++i) {
      workers_.push_back(std::make_unique<Worker>(*this, i));
    }
  }

  signaling::PeerId connect(std::uint16_t worker, std::uint64_t nonce) {
    const signaling::PeerId peer = workers_[worker]->service.add_peer(nonce);
    workers_[worker]->peers.insert(peer);
    return peer;
  }
  void disconnect(const signaling::PeerId& peer) {
    workers_[peer.home.worker]->peers.erase(peer);
    service_of(peer).remove_peer(peer, settings_.now);
  }
  signaling::Service& service_of(const signaling::PeerId& peer) {
    return workers_[peer.home.worker]->service;
  }
  /// Else the worker refuses what its clients say; see server::Fence.
  bool may_serve(std::uint16_t worker) const {
    return workers_[worker]->times_heard == times_lost_ && settings_.now <= serves_until_;
  }
  /// The node's lease: until then no other node may have removed this one.
  base::TimePoint serves_until() const { return serves_until_; }

  bool has_mail(std::uint16_t worker) const { return !workers_[worker]->inbox.empty(); }
  void read_mail(std::uint16_t worker) { workers_[worker]->read_mail(); }
  bool are_idle() const {
    return std::ranges::all_of(workers_, [](const auto& worker) { return worker->inbox.empty(); });
  }
  std::size_t peer_count() const {
    std::size_t count = 0;
    for (const auto& worker : workers_) count += worker->service.peer_count();
    return count;
  }

  std::uint16_t count() const override { return settings_.count; }
  void post(std::uint16_t worker, signaling::WorkerMessage message) override {
    if (worker < workers_.size()) workers_[worker]->inbox.emplace_back(std::move(message));
  }
  void serve_until(base::TimePoint time) override { serves_until_ = time; }
  void disconnect_peer(const signaling::PeerId& peer) override {
    workers_[peer.home.worker]->inbox.emplace_back(PeerGone{peer});
  }
  void disconnect_all() override {
    ++times_lost_;
    for (const auto& worker : workers_) worker->inbox.emplace_back(PeersGone{times_lost_});
  }

 private:
  struct PeersGone {
    std::uint32_t times = 0;
  };
  struct PeerGone {
    signaling::PeerId peer;
  };

  struct Worker final : signaling::Outbox {
    Worker(SimulatedWorkers& all, std::uint16_t index)
        : owner(all),
          service(
              {.self = {all.settings_.node, index},
               .workers = all.settings_.count,
               .is_clustered = true},
              {.make_room_name = [] { return std::string("made-up"); },
               .make_ticket = [&all] { return "ticket-" + std::to_string(all.settings_.random()); },
               .digests =
                   [](std::string_view password) {
                     return std::vector{"#" + std::string(password)};
                   }},
              {.limits = all.settings_.limits}, *this) {}

    void deliver(const signaling::PeerId& to, const signaling::EventText& event,
                 const signaling::SharedAttachments&) override {
      owner.clients_.hear(to, std::nullopt, event.whole());
    }
    void acknowledge(const signaling::PeerId& to, std::uint64_t id,
                     std::string_view arguments) override {
      owner.clients_.hear(to, id, arguments);
    }
    void post(signaling::Address to, signaling::WorkerMessage message) override {
      const bool is_near = to.node == owner.settings_.node && to.worker < owner.settings_.count;
      if (!is_near) return owner.post_far_(to, std::move(message));
      owner.workers_[to.worker]->inbox.emplace_back(std::move(message));
    }
    bool end_absent(const signaling::PeerId& peer) override {
      if (!owner.clients_.is_away(peer)) return false;
      send_away(peer);
      return true;
    }
    void close_replaced(const signaling::Replace& replace) override {
      peers.erase(replace.peer);
      owner.clients_.closed_replaced(replace);
    }
    void replaced(const signaling::Replaced& answer) override { owner.clients_.replaced(answer); }

    void read_mail() {
      auto item = std::move(inbox.front());
      inbox.pop_front();
      if (auto* message = std::get_if<signaling::WorkerMessage>(&item)) {
        return service.on_message(std::move(*message), owner.settings_.now);
      }
      if (const auto* gone = std::get_if<PeerGone>(&item)) return send_away(gone->peer);
      times_heard = std::get<PeersGone>(item).times;
      for (const signaling::PeerId& peer : std::set(peers)) send_away(peer);
    }
    void send_away(const signaling::PeerId& peer) {
      if (peers.erase(peer) == 0) return;
      service.remove_peer(peer, owner.settings_.now);
      owner.clients_.closed(peer);
    }

    SimulatedWorkers& owner;
    std::deque<std::variant<signaling::WorkerMessage, PeersGone, PeerGone>> inbox;
    std::set<signaling::PeerId> peers;
    std::uint32_t times_heard = 0;
    signaling::Service service;
  };

  Settings settings_;
  ClientEvents clients_;
  PostFar post_far_;
  std::vector<std::unique_ptr<Worker>> workers_;
  base::TimePoint serves_until_ = base::TimePoint::max();
  std::uint32_t times_lost_ = 0;
};

}  // namespace heliograph::cluster::testing
