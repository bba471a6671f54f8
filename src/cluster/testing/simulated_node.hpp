// Long because it is one class that stands for the whole process of a node.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "cluster/node.hpp"
#include "cluster/testing/store_model.hpp"
#include "cluster/timing.hpp"
#include "signaling/service.hpp"

namespace heliograph::cluster::testing {

/// For tests: the process of a node without threads, sockets and clocks. Node and Services are the
/// real ones; what is between them and the store does what Cluster does. The test owns the time and
/// says which of the things happens next that could.
class SimulatedNode final : private Store, private Workers {
 public:
  struct Settings {
    std::uint32_t id = 0;
    std::uint16_t workers = 2;
    signaling::Limits limits;
    Timing timing{};
  };
  struct Surroundings {
    const base::TimePoint& now;
    StoreModel& store;
    std::function<std::uint64_t()> random;
    std::function<void(const signaling::PeerId& to, std::optional<std::uint64_t> ack,
                       std::string_view text)>
        hear;
    std::function<void(const signaling::PeerId& peer)> closed;   // the client's connection
    std::function<bool(const signaling::PeerId& peer)> is_away;  // its client has none
    std::function<void(const signaling::Replace& replace)> closed_replaced;
    std::function<void(const signaling::Replaced& answer)> replaced;
  };

  SimulatedNode(const Settings& settings, Surroundings surroundings)
      : settings_(settings),
        around_(std::move(surroundings)),
        node_({.id = settings.id, .limits = settings.limits, .patience = settings.timing.patience},
              *this, *this) {
    for (std::uint16_t i = 0; i < settings.workers; ++i) {
      workers_.push_back(std::make_unique<Worker>(*this, i));
    }
  }
  SimulatedNode(const SimulatedNode&) = delete;
  SimulatedNode& operator=(const SimulatedNode&) = delete;
  ~SimulatedNode() override = default;

  /// Whether it has begun to serve clients.
  bool is_serving() const { return is_serving_; }

  signaling::PeerId connect(std::uint16_t worker, std::uint64_t nonce) {
    const signaling::PeerId peer = workers_[worker]->service.add_peer(nonce);
    workers_[worker]->peers.insert(peer);
    return peer;
  }
  void disconnect(const signaling::PeerId& peer) {
    workers_[peer.home.worker]->peers.erase(peer);
    service_of(peer).remove_peer(peer, around_.now);
  }
  signaling::Service& service_of(const signaling::PeerId& peer) {
    return workers_[peer.home.worker]->service;
  }

  /// What may happen next.
  enum class Kind : std::uint8_t {
    kStore,       // carries out a command
    kAnswer,      // of the store comes
    kConnection,  // turns out to be broken, or stands again
    kInbox,       // the connection that reads it stands again
    kRead,        // entries of the inbox come
    kTask,        // something that was posted to the thread of the cluster is done
    kTimer,
    kWorker,
  };
  struct Step {
    Kind kind = Kind::kTask;
    std::uint16_t worker = 0;
  };
  std::vector<Step> steps() const {
    std::vector<Step> steps;
    if (!outgoing_.empty() && !is_broken_ && !is_stalled_) steps.push_back({Kind::kStore});
    if (is_asleep_) return steps;
    if (!incoming_.empty()) steps.push_back({Kind::kAnswer});
    if (is_broken_ || (!is_up_ && !is_stalled_)) steps.push_back({Kind::kConnection});
    if (!is_inbox_up_ && !is_stalled_) steps.push_back({Kind::kInbox});
    if (may_read()) steps.push_back({Kind::kRead});
    if (!tasks_.empty()) steps.push_back({Kind::kTask});
    if (next_timer() <= around_.now) steps.push_back({Kind::kTimer});
    for (std::uint16_t i = 0; i < settings_.workers; ++i) {
      if (!workers_[i]->inbox.empty()) steps.push_back({Kind::kWorker, i});
    }
    return steps;
  }
  void take(Step step) {
    switch (step.kind) {
      case Kind::kStore:
        return carry_out();
      case Kind::kAnswer:
        return answer();
      case Kind::kConnection:
        return is_broken_ ? break_down() : stand_up();
      case Kind::kInbox:
        is_inbox_up_ = true;
        return read();
      case Kind::kRead:
        return read_entries();
      case Kind::kTask:
        return do_task();
      case Kind::kTimer:
        return elapse();
      case Kind::kWorker:
        return workers_[step.worker]->receive();
    }
  }

  base::TimePoint next_timer() const {
    base::TimePoint next = wakes_at_;
    if (renewal_) next = std::min(next, *renewal_);
    if (!afters_.empty()) next = std::min(next, afters_.begin()->first);
    return next;
  }

  /// Nothing is under way, and nothing is in the way.
  bool is_quiet() const {
    const bool is_connected = is_up_ && !is_broken_ && is_inbox_up_ && is_joined_;
    return is_connected && outgoing_.empty() && incoming_.empty() && tasks_.empty() &&
           !may_read() && node_.is_idle() &&
           std::ranges::all_of(workers_, [](const auto& worker) { return worker->inbox.empty(); });
  }

  /// The connection to the store breaks after this many of the commands under way were carried out.
  void cut(std::size_t carried_out) {
    if (!is_up_ || is_broken_) return;
    for (; carried_out > 0 && !outgoing_.empty(); --carried_out) carry_out();
    is_broken_ = true;
  }
  /// The store has gone down, and with it what was not written.
  void lose_store() {
    cut(0);
    is_inbox_up_ = false;
    is_reading_ = false;
  }
  void set_stalled(bool is_stalled) { is_stalled_ = is_stalled; }
  bool is_stalled() const { return is_stalled_; }
  void set_asleep(bool is_asleep) { is_asleep_ = is_asleep; }
  bool is_asleep() const { return is_asleep_; }

  std::uint32_t id() const { return settings_.id; }
  std::uint64_t last_read() const { return last_read_; }
  bool has_place() const { return has_place_ && around_.store.is_node(settings_.id, epoch_); }
  std::size_t command_count() const { return outgoing_.size(); }
  std::size_t room_count() const { return node_.room_count(); }
  std::size_t peer_count() const {
    std::size_t count = 0;
    for (const auto& worker : workers_) count += worker->service.peer_count();
    return count;
  }
  /// Commits that the store has carried out, as far as the node knows or not, without an answer.
  const std::map<std::uint64_t, Commit>& unheard() const { return unheard_; }

 private:
  struct PeersGone {};
  struct PeerGone {
    signaling::PeerId peer;
  };

  struct Worker final : signaling::Outbox {
    Worker(SimulatedNode& process, std::uint16_t index)
        : owner(process),
          service({.self = {process.settings_.id, index},
                   .workers = process.settings_.workers,
                   .is_clustered = true,
                   .make_room_name = [] { return std::string("made-up"); },
                   .make_ticket =
                       [&process] { return "ticket-" + std::to_string(process.around_.random()); },
                   .digests =
                       [](std::string_view password) {
                         return std::vector{"#" + std::string(password)};
                       }},
                  process.settings_.limits, *this) {}

    void deliver(const signaling::PeerId& to, const signaling::EventText& event,
                 const signaling::SharedAttachments&) override {
      owner.around_.hear(to, std::nullopt, event.whole());
    }
    void acknowledge(const signaling::PeerId& to, std::uint64_t id,
                     std::string_view arguments) override {
      owner.around_.hear(to, id, arguments);
    }
    void post(signaling::Address to, signaling::WorkerMessage message) override {
      if (to.node == owner.settings_.id && to.worker < owner.settings_.workers) {
        return owner.workers_[to.worker]->inbox.emplace_back(std::move(message)), void();
      }
      owner.tasks_.emplace_back([&node = owner, to, message = std::move(message)] {
        node.node_.post(to, message, node.around_.now);
        node.settle();
      });
    }
    bool end_absent(const signaling::PeerId& peer) override {
      if (!owner.around_.is_away(peer)) return false;
      send_away(peer);
      return true;
    }
    void close_replaced(const signaling::Replace& replace) override {
      peers.erase(replace.peer);
      owner.around_.closed_replaced(replace);
    }
    void replaced(const signaling::Replaced& answer) override { owner.around_.replaced(answer); }
    void receive() {
      auto item = std::move(inbox.front());
      inbox.pop_front();
      if (auto* message = std::get_if<signaling::WorkerMessage>(&item)) {
        return service.receive(std::move(*message), owner.around_.now);
      }
      if (const auto* gone = std::get_if<PeerGone>(&item)) return send_away(gone->peer);
      for (const signaling::PeerId& peer : std::set(peers)) send_away(peer);
    }
    void send_away(const signaling::PeerId& peer) {
      if (peers.erase(peer) == 0) return;
      service.remove_peer(peer, owner.around_.now);
      owner.around_.closed(peer);
    }

    SimulatedNode& owner;
    std::deque<std::variant<signaling::WorkerMessage, PeersGone, PeerGone>> inbox;
    std::set<signaling::PeerId> peers;
    signaling::Service service;
  };

  // What the connection carries.
  struct Command {
    std::function<void()> carry_out;
    std::function<void(bool has_answer)> answer;
  };

  template <class Answer>
  void ask(std::function<Answer()> there, std::function<void(std::optional<Answer>)> done) {
    if (!is_up_ || is_broken_) {
      return tasks_.emplace_back([done = std::move(done)] { done(std::nullopt); }), void();
    }
    const auto answer = std::make_shared<std::optional<Answer>>();
    outgoing_.push_back({[answer, there = std::move(there)] { answer->emplace(there()); },
                         [answer, done = std::move(done)](bool has_answer) {
                           done(has_answer ? std::move(*answer) : std::optional<Answer>());
                         }});
  }

  void carry_out() {
    outgoing_.front().carry_out();
    incoming_.push_back(std::move(outgoing_.front()));
    outgoing_.pop_front();
  }
  void answer() {
    const Command answered = std::move(incoming_.front());
    incoming_.pop_front();
    answered.answer(true);
  }
  void break_down() {
    is_broken_ = false;
    is_up_ = false;
    for (const Command& command : std::exchange(incoming_, {})) command.answer(false);
    for (const Command& command : std::exchange(outgoing_, {})) command.answer(false);
    is_joined_ = false;
    node_.lose_store();
    renewal_.reset();
    outlives_lease_ = has_place_ && !may_be_dead();
  }
  void stand_up() {
    is_up_ = true;
    up_since_ = around_.now;
    has_place_ ? renew() : enter(false);
  }
  void do_task() {
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
  void elapse() {
    const base::TimePoint now = around_.now;
    if (renewal_ && *renewal_ <= now) {
      renewal_.reset();
      if (is_up_ && !is_broken_) renew();
    } else if (wakes_at_ <= now) {
      wakes_at_ = base::TimePoint::max();
      node_.elapse(now);
      settle();
    } else if (!afters_.empty() && afters_.begin()->first <= now) {
      const auto action = std::move(afters_.extract(afters_.begin()).mapped());
      action();
    }
  }

  // Store
  void commit(const Commit& asked) override {
    const auto changes = std::make_shared<std::uint64_t>(0);
    ask<CommitAnswer>(
        [this, changes, asked, epoch = epoch_] {
          const CommitAnswer answer = around_.store.commit(id(), epoch, asked, around_.now);
          if (answer.kind == CommitAnswer::Kind::kDone) unheard_[asked.serial] = asked;
          *changes = around_.store.changes();
          return answer;
        },
        [this, changes, serial = asked.serial](std::optional<CommitAnswer> answer) {
          if (!answer) return;
          unheard_.erase(serial);
          changes_ = std::max(changes_, *changes);
          if (answer->kind == CommitAnswer::Kind::kFenced) return fenced();
          node_.committed(serial, std::move(*answer), around_.now);
          settle();
        });
  }
  void send(const Send& asked) override {
    ask<SendAnswer>(
        [this, asked, epoch = epoch_] {
          return around_.store.send(id(), epoch, asked, around_.now);
        },
        [this, serial = asked.serial](std::optional<SendAnswer> answer) {
          if (!answer) return;
          if (*answer == SendAnswer::kFenced) return fenced();
          node_.sent(serial, *answer);
        });
  }

  std::uint64_t changes() const override { return changes_; }

  // Workers
  std::uint16_t count() const override { return settings_.workers; }
  void post(std::uint16_t worker, signaling::WorkerMessage message) override {
    if (worker < workers_.size()) workers_[worker]->inbox.emplace_back(std::move(message));
  }
  void serve_until(base::TimePoint) override {}
  void disconnect_peer(const signaling::PeerId& peer) override {
    workers_[peer.home.worker]->inbox.emplace_back(PeerGone{peer});
  }
  void disconnect_all() override {
    for (const auto& worker : workers_) worker->inbox.emplace_back(PeersGone{});
  }

  // The functions below do what those of the same names in cluster.cpp do.
  bool may_be_dead() const { return around_.now > lease_end_ && !outlives_lease_; }
  void leased_from(base::TimePoint asked_at) {
    lease_end_ = asked_at + settings_.timing.lease;
    outlives_lease_ = false;
  }
  void enter(bool has_lost) {
    if (!has_lost) epoch_ = around_.random();
    using Answer = std::optional<StoreModel::Registered>;
    ask<Answer>(
        [this, epoch = epoch_, name = std::to_string(around_.random()),
         lost = has_lost ? store_name_ : std::string(), changes = changes_] {
          return around_.store.enter(id(), epoch, name, lost, changes, around_.now);
        },
        [this, has_lost, asked_at = around_.now](std::optional<Answer> answer) {
          if (!answer) return;
          if (*answer) {
            leased_from(asked_at);
            return entered(**answer, has_lost);
          }
          after(kShortPause, [this, has_lost] {
            if (is_up_ && !is_broken_ && !is_joined_) enter(has_lost);
          });
        });
  }
  void entered(const StoreModel::Registered& registered, bool has_lost) {
    store_name_ = registered.store;
    changes_ = registered.changes;
    last_read_ = registered.inbox_begin;
    has_place_ = true;
    is_new_ = !has_lost;
    take_place(has_lost);
  }
  void take_place(bool has_lost) {
    if (!is_new_) {
      node_.join(epoch_, has_lost, around_.now);
      return joined();
    }
    using Names = std::vector<std::string>;
    ask<Names>([this] { return around_.store.rooms_of(id()); },
               [this](std::optional<Names> rooms) {
                 if (!rooms || !has_place_ || !is_new_) return;
                 is_new_ = false;
                 for (const std::string& room : *rooms) node_.remove_node(room, id(), around_.now);
                 take_place(false);
               });
  }
  void joined() {
    is_joined_ = true;
    is_serving_ = true;
    read();
    settle();
    renewal_ = around_.now + settings_.timing.heartbeat;
  }
  void renew() {
    const bool may_remove = around_.now - up_since_ > settings_.timing.lease;
    ask<StoreModel::RenewAnswer>(
        [this, may_remove, epoch = epoch_, name = store_name_] {
          return around_.store.renew(id(), epoch, name, may_remove, around_.now);
        },
        [this, asked_at = around_.now](std::optional<StoreModel::RenewAnswer> answer) {
          if (!answer) return;
          if (std::holds_alternative<StoreModel::Renewed>(*answer)) leased_from(asked_at);
          renewed(*answer);
        });
  }
  void renewed(const StoreModel::RenewAnswer& answer) {
    if (std::holds_alternative<StoreModel::Fenced>(answer)) return fenced();
    if (std::holds_alternative<StoreModel::Lost>(answer)) {
      return may_be_dead() ? fenced() : enter(true);
    }
    if (!is_joined_) take_place(false);
    const auto& renewed = std::get<StoreModel::Renewed>(answer);
    changes_ = std::max(changes_, renewed.changes);
    to_be_removed_ = {renewed.dead.begin(), renewed.dead.end()};
    for (const std::uint32_t dead : renewed.dead) remove(dead);
    renewal_ = around_.now +
               std::min<base::Duration>(settings_.timing.heartbeat,
                                        std::max(renewed.next_end, base::Duration(0)) + kSpread);
  }
  void fenced() {
    if (!has_place_) return;
    has_place_ = false;
    is_joined_ = false;
    renewal_.reset();
    unheard_.clear();
    node_.lose_place();
    enter(false);
  }
  void remove(std::uint32_t node) {
    if (!being_removed_.insert(node).second) return;
    remove_rooms(node, [this, node](bool is_done) {
      if (!is_done) return void(being_removed_.erase(node));
      ask<bool>([this, node] { return around_.store.forget(node); },
                [this, node](std::optional<bool>) { being_removed_.erase(node); });
    });
  }
  void remove_rooms(std::uint32_t node, std::function<void(bool is_done)> done) {
    if (node != id() && !to_be_removed_.contains(node)) return done(false);
    using Names = std::vector<std::string>;
    ask<Names>([this, node] { return around_.store.rooms_of(node); },
               [this, node, done = std::move(done)](std::optional<Names> rooms) {
                 if (!rooms || rooms->empty()) return done(rooms.has_value());
                 for (const std::string& room : *rooms) {
                   node_.remove_node(room, node, around_.now);
                 }
                 settle();
                 after(kShortPause, [this, node, done] { remove_rooms(node, done); });
               });
  }
  void read() {
    if (!is_joined_ || !is_inbox_up_) return;
    is_reading_ = true;
  }
  bool may_read() const {
    return is_reading_ && is_inbox_up_ && !is_stalled_ && !node_.is_restoring() &&
           around_.now <= lease_end_ && around_.store.has_entries(settings_.id, last_read_);
  }
  void read_entries() {
    is_reading_ = false;
    const std::size_t most = 1 + around_.random() % 4;
    for (const StoreModel::Entry& entry : around_.store.read(id(), last_read_, most)) {
      last_read_ = entry.id;
      if (entry.batch.empty()) continue;  // holds the inbox's place
      const bool is_read = node_.receive(entry.batch, around_.now);
      if (!is_read) throw std::runtime_error("A batch that cannot be read");
    }
    ask<bool>(
        [this, last = last_read_] {
          around_.store.trim(id(), last);
          return true;
        },
        [](std::optional<bool>) {});
    settle();
    read();
  }
  void settle() {
    if (node_.has_gathered() && !std::exchange(is_settling_, true)) {
      tasks_.emplace_back([this] {
        is_settling_ = false;
        node_.flush();
        watch();
      });
    }
    watch();
  }
  void watch() { wakes_at_ = std::min(wakes_at_, node_.deadline()); }
  void after(base::Duration pause, std::function<void()> action) {
    afters_.emplace(around_.now + pause, std::move(action));
  }

  static constexpr base::Duration kShortPause = std::chrono::milliseconds(100);
  static constexpr base::Duration kSpread = std::chrono::milliseconds(25);

  Settings settings_;
  Surroundings around_;
  Node node_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::deque<std::function<void()>> tasks_;
  std::deque<Command> outgoing_;
  std::deque<Command> incoming_;
  std::map<std::uint64_t, Commit> unheard_;
  std::optional<base::TimePoint> renewal_;
  std::multimap<base::TimePoint, std::function<void()>> afters_;
  base::TimePoint wakes_at_ = base::TimePoint::max();
  base::TimePoint up_since_;
  base::TimePoint lease_end_;
  bool outlives_lease_ = false;
  std::uint64_t epoch_ = 0;
  std::string store_name_;
  std::uint64_t changes_ = 0;
  std::uint64_t last_read_ = 0;
  std::set<std::uint32_t> to_be_removed_;
  std::set<std::uint32_t> being_removed_;
  bool is_up_ = false;
  bool is_broken_ = false;  // and it has not been noticed yet
  bool is_inbox_up_ = true;
  bool is_stalled_ = false;
  bool is_asleep_ = false;
  bool is_serving_ = false;
  bool has_place_ = false;
  bool is_new_ = false;
  bool is_joined_ = false;
  bool is_reading_ = false;
  bool is_settling_ = false;
};

}  // namespace heliograph::cluster::testing
