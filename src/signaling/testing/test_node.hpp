#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "signaling/service.hpp"

namespace heliograph::signaling {

/// A peer's client receives this: an event, or the acknowledgement `ack`.
struct Heard {
  std::optional<std::uint64_t> ack;
  std::string arguments;
  SharedAttachments attachments;
};

/// For tests: a node of several workers without threads or sockets. The test owns the time and the
/// order in which messages arrive, as far as worker_message.hpp leaves it open. Peers go by names
/// of the test's choice; in what they say and hear, "@name" stands for the id of the peer `name`.
/// Throws std::logic_error if a Service breaks the contract of Outbox.
class TestNode {
 public:
  static constexpr std::size_t kMostWorkers = 4;

  explicit TestNode(std::uint16_t workers, const Limits& limits = {}) {
    for (std::uint16_t i = 0; i < workers; ++i) {
      workers_.push_back(std::make_unique<Worker>(*this, i, workers, limits));
    }
  }

  void connect(const std::string& name, std::uint16_t worker) {
    if (const auto known = clients_.find(name); known != clients_.end()) disconnect(name);
    const PeerId id = workers_[worker]->service.add_peer(++last_nonce_);
    names_[std::string(PeerIdText(id))] = name;
    clients_[name] = {.id = id, .is_connected = true, .heard = {}};
  }

  /// By which limits count; without this call there are none for the peer.
  void set_address(const std::string& name, const base::IpAddress& address) {
    clients_.at(name).address = address;
  }

  /// It is a client of this app that is given tickets.
  void give_tickets(const std::string& name, const std::string& app) {
    clients_.at(name).tickets_for = app;
  }

  /// Its connection has broken; it may return.
  void lose(const std::string& name) { clients_.at(name).is_away = true; }

  void disconnect(const std::string& name) {
    Client& client = clients_.at(name);
    client.is_connected = false;
    service_of(client.id).remove_peer(client.id, now_);
  }

  void set_peerinfo(const std::string& name, Raw peerinfo) {
    const PeerId& id = clients_.at(name).id;
    service_of(id).set_peerinfo(id, peerinfo, now_);
  }

  /// The peer emits an event, `["name",{…}]`. Its effects on its own worker happen at once, the
  /// others when the messages arrive.
  void emit(const std::string& name, std::string_view event, std::optional<std::uint64_t> ack = {},
            SharedAttachments attachments = {}) {
    const std::string text = with_ids(event);
    json::Outline outline;
    if (outline.parse(text, 32) != json::Status::kOk) {
      throw std::logic_error("The test says no JSON: " + text);
    }
    const Client& client = clients_.at(name);
    const PeerId from = client.id;
    const Request request = parse_request(outline);
    if (const auto* error = std::get_if<Refusal>(&request.command)) {
      const bool answers = ack && client.is_connected;
      if (answers) worker(from.home.worker).acknowledge(from, *ack, error_arguments(*error));
      return;
    }
    Service::Context context{request.payload, std::move(attachments), ack, now_};
    context.address = client.address;
    context.app = "app";
    if (!client.tickets_for.empty()) context.app = client.tickets_for;
    context.wants_ticket = !client.tickets_for.empty();
    std::visit([&](const auto& command) { execute(from, command, context); },
               std::get<Command>(request.command));
  }

  /// The emission reaches all workers.
  void emit_to(const Emission& emission) {
    for (const auto& worker : workers_) worker->service.emit(emission);
  }

  /// All that the peer has heard since this was last asked.
  std::vector<Heard> take_heard(const std::string& name) {
    return std::exchange(clients_.at(name).heard, {});
  }

  struct Link {
    std::uint16_t from;
    std::uint16_t to;
  };

  /// The links whose message may be the next to arrive: it follows no other one that has yet to.
  std::vector<Link> arrivals() const {
    std::vector<Link> links;
    for (std::uint16_t from = 0; from < worker_count(); ++from) {
      for (std::uint16_t to = 0; to < worker_count(); ++to) {
        if (may_arrive({from, to})) links.push_back({from, to});
      }
    }
    return links;
  }

  void arrive(Link link) {
    if (!may_arrive(link)) throw std::logic_error("No message may arrive there");
    auto& queue = queues_[link.from][link.to];
    Envelope envelope = std::move(queue.front());
    queue.pop_front();
    Worker& receiver = *workers_[link.to];
    ++receiver.received[link.from];
    merge(receiver.known, envelope.known);
    ++receiver.known[link.from][link.to];
    receiver.service.on_message(std::move(envelope.message), now_);
  }

  /// Lets all messages arrive, and those that they bring about.
  void settle() {
    for (auto links = arrivals(); !links.empty(); links = arrivals()) arrive(links.front());
  }

  void pass_time(base::Duration duration) { now_ += duration; }
  void expire() {
    for (const auto& worker : workers_) worker->service.expire(now_);
  }

  std::uint16_t worker_count() const { return static_cast<std::uint16_t>(workers_.size()); }
  Service& service(std::uint16_t worker) { return workers_[worker]->service; }
  const PeerId& id(const std::string& name) const { return clients_.at(name).id; }
  bool is_connected(const std::string& name) const { return clients_.at(name).is_connected; }
  base::TimePoint now() const { return now_; }

  std::size_t peer_count() const { return sum(&Service::peer_count); }
  std::size_t room_count() const { return sum(&Service::room_count); }
  base::TimePoint deadline() const {
    auto earliest = base::TimePoint::max();
    for (const auto& worker : workers_) earliest = std::min(earliest, worker->service.deadline());
    return earliest;
  }

 private:
  // Messages posted from a worker to a worker, as far as somebody knows: [from][to].
  using Counts = std::array<std::array<std::uint32_t, kMostWorkers>, kMostWorkers>;

  struct Envelope {
    WorkerMessage message;
    Counts known;  // to the sender when it posted this: what must arrive first
  };

  struct Worker final : Outbox {
    Worker(TestNode& owner, std::uint16_t index, std::uint16_t workers, const Limits& limits)
        : node(owner),
          self{0, index},
          service({.self = self, .workers = workers},
                  {.make_room_name = [&owner] { return owner.make_room_name(); },
                   .make_ticket =
                       [&owner] { return "ticket-" + std::to_string(++owner.made_up_tickets_); },
                   .digests =
                       [](std::string_view password) {
                         return std::vector{"#" + std::string(password)};
                       }},
                  {.limits = limits, .takes_emissions = true}, *this) {}

    void deliver(const PeerId& to, const EventText& event,
                 const SharedAttachments& attachments) override {
      hear(to, {{}, event.whole(), attachments});
    }

    void acknowledge(const PeerId& to, std::uint64_t id, std::string_view arguments) override {
      hear(to, {id, std::string(arguments), {}});
    }

    void post(Address to, WorkerMessage message) override {
      if (to.node != 0 || to == self || to.worker >= node.workers_.size()) {
        throw std::logic_error("A message to no other worker of this node");
      }
      if (const auto* update = std::get_if<RoomUpdate>(&message)) {
        for (const PeerId& peer : update->to) {
          if (peer.home != to) throw std::logic_error("An update for a peer of another worker");
        }
      }
      node.queues_[self.worker][to.worker].push_back({std::move(message), known});
      ++known[self.worker][to.worker];
    }

    bool end_absent(const PeerId& peer) override {
      const std::string& name = node.names_.at(std::string(PeerIdText(peer)));
      if (!node.clients_.at(name).is_away) return false;
      node.disconnect(name);
      return true;
    }

    void hear(const PeerId& to, Heard heard) {
      Client& client = node.clients_.at(node.names_.at(std::string(PeerIdText(to))));
      if (to.home != self || to != client.id || !client.is_connected) {
        throw std::logic_error("Something said to a peer that is not on this worker");
      }
      heard.arguments = node.with_names(heard.arguments);
      client.heard.push_back(std::move(heard));
    }

    TestNode& node;
    Address self;
    Counts known{};
    std::array<std::uint32_t, kMostWorkers> received{};
    Service service;
  };

  struct Client {
    PeerId id;
    bool is_connected = false;
    std::vector<Heard> heard;
    base::IpAddress address{};
    std::string tickets_for{};
    bool is_away = false;
  };

  template <typename T>
  void execute(const PeerId& from, const T& command, const Service::Context& context) {
    if constexpr (std::is_same_v<T, AuthRequest>) {
      service_of(from).set_peerinfo(from, command.peerinfo, now_);
    } else {
      service_of(from).execute(from, command, context);
    }
  }

  bool may_arrive(Link link) const {
    const auto& queue = queues_[link.from][link.to];
    if (queue.empty()) return false;
    for (std::size_t from = 0; from < workers_.size(); ++from) {
      if (workers_[link.to]->received[from] < queue.front().known[from][link.to]) return false;
    }
    return true;
  }

  static void merge(Counts& known, const Counts& more) {
    for (std::size_t from = 0; from < kMostWorkers; ++from) {
      for (std::size_t to = 0; to < kMostWorkers; ++to) {
        known[from][to] = std::max(known[from][to], more[from][to]);
      }
    }
  }

  std::string with_ids(std::string_view text) const {
    constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string result;
    while (!text.empty()) {
      const std::size_t plain = std::min(text.find('@'), text.size());
      result += text.substr(0, plain);
      text.remove_prefix(plain);
      if (text.empty()) break;
      const std::size_t end = std::min(text.find_first_not_of(kNameCharacters, 1), text.size());
      const auto client = clients_.find(std::string(text.substr(1, end - 1)));
      result += client == clients_.end() ? text.substr(0, end)
                                         : std::string_view(PeerIdText(client->second.id));
      text.remove_prefix(end);
    }
    return result;
  }

  std::string with_names(std::string_view text) const {
    constexpr std::size_t kIdLength = 20;
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      result += text[i];
      if (text[i] != '"') continue;
      const auto name = names_.find(std::string(text.substr(i + 1, kIdLength)));
      if (name == names_.end()) continue;
      result += "@" + name->second;
      i += kIdLength;
    }
    return result;
  }

  template <typename T>
  T sum(T (Service::*count)() const) const {
    T total{};
    for (const auto& worker : workers_) total += (worker->service.*count)();
    return total;
  }

  Worker& worker(std::uint16_t index) { return *workers_[index]; }
  Service& service_of(const PeerId& peer) { return workers_[peer.home.worker]->service; }
  std::string make_room_name() { return "made-up-" + std::to_string(++made_up_names_); }

  std::vector<std::unique_ptr<Worker>> workers_;
  std::array<std::array<std::deque<Envelope>, kMostWorkers>, kMostWorkers> queues_;
  std::map<std::string, Client> clients_;
  std::map<std::string, std::string, std::less<>> names_;  // by id
  base::TimePoint now_{};
  std::uint64_t last_nonce_ = 0;
  unsigned made_up_names_ = 0;
  unsigned made_up_tickets_ = 0;
};

}  // namespace heliograph::signaling
