#pragma once

#include <algorithm>
#include <array>
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
#include "cluster/participant.hpp"
#include "cluster/store_error.hpp"
#include "cluster/testing/simulated_connection.hpp"
#include "cluster/testing/simulated_workers.hpp"
#include "cluster/testing/store_model.hpp"
#include "cluster/timing.hpp"

namespace heliograph::cluster::testing {

/// For tests: the process of a node without threads, sockets and clocks. Its Participant and its
/// Services are those of the program; connections, the store and timers are models. The test owns
/// the time and says which of the things happens next that could.
class SimulatedNode final : private Store, private Link {
 public:
  struct Settings {
    std::uint32_t id = 0;
    std::uint16_t workers = 2;
    signaling::Limits limits;
    Timing timing{};
  };
  /// The test lends these to all nodes.
  struct World {
    const base::TimePoint& now;
    StoreModel& store;
    std::function<std::uint64_t()> random;
  };

  SimulatedNode(const Settings& settings, World world, const ClientEvents& clients)
      : settings_(settings),
        world_(std::move(world)),
        workers_({.node = settings.id,
                  .count = settings.workers,
                  .limits = settings.limits,
                  .now = world_.now,
                  .random = world_.random},
                 clients,
                 [this](signaling::Address to, signaling::WorkerMessage message) {
                   tasks_.emplace_back([this, to, message = std::move(message)] {
                     participant_.post(to, message, world_.now);
                   });
                 }),
        participant_({.node = {.id = settings.id,
                               .limits = settings.limits,
                               .patience = settings.timing.patience},
                      .timing = settings.timing,
                      .leave_within = settings.timing.lease / 3,
                      .random = world_.random},
                     *this, *this, workers_) {}
  SimulatedNode(const SimulatedNode&) = delete;
  SimulatedNode& operator=(const SimulatedNode&) = delete;
  ~SimulatedNode() override = default;

  SimulatedWorkers& workers() { return workers_; }
  const SimulatedWorkers& workers() const { return workers_; }

  /// The steps that may be next.
  enum class Kind : std::uint8_t {
    kStore,       // carries out a command
    kAnswer,      // of the store comes
    kConnection,  // turns out to be broken, or stands again
    kTask,        // something that was posted to the thread of the cluster is done
    kTimer,
    kWorker,
  };
  struct Step {
    Kind kind = Kind::kTask;
    std::uint16_t index = 0;  // of the connection or the worker
  };
  std::vector<Step> steps() const {
    std::vector<Step> steps;
    for (std::uint16_t i = 0; i < connections_.size(); ++i) {
      if (connections_[i].may_act() && !is_stalled_) steps.push_back({Kind::kStore, i});
      if (is_asleep_) continue;
      if (connections_[i].may_answer()) steps.push_back({Kind::kAnswer, i});
      if (connections_[i].may_change() && !is_stalled_) steps.push_back({Kind::kConnection, i});
    }
    if (is_asleep_) return steps;
    if (!tasks_.empty()) steps.push_back({Kind::kTask});
    if (next_timer() <= world_.now) steps.push_back({Kind::kTimer});
    for (std::uint16_t i = 0; i < settings_.workers; ++i) {
      if (workers_.has_mail(i)) steps.push_back({Kind::kWorker, i});
    }
    return steps;
  }
  void perform(Step step) {
    switch (step.kind) {
      case Kind::kStore:
        return connections_[step.index].act();
      case Kind::kAnswer:
        connections_[step.index].answer();
        return settle();
      case Kind::kConnection:
        change(step.index);
        return settle();
      case Kind::kTask:
        do_task();
        return settle();
      case Kind::kTimer:
        participant_.elapse(world_.now);
        return settle();
      case Kind::kWorker:
        return workers_.read_mail(step.index);
    }
  }
  base::TimePoint next_timer() const { return participant_.deadline(); }

  /// Nothing is under way, and nothing is in the way.
  bool is_quiet() const {
    return participant_.is_member() && commands().is_at_rest() && inbox().waits_at_store() &&
           tasks_.empty() && participant_.node().is_idle() && workers_.are_idle();
  }

  /// It gives its place back; has_left() comes true.
  void stop() {
    is_leaving_ = true;
    tasks_.emplace_back([this] { participant_.leave(world_.now); });
  }
  bool is_leaving() const { return is_leaving_; }
  bool has_left() const { return participant_.has_left(); }

  /// The connection for commands breaks after this many of those under way were carried out.
  void cut(std::size_t carried_out) { commands().cut(carried_out); }
  void cut_inbox() { inbox().cut(0); }
  /// Both connections break at once.
  void cut_all() {
    for (SimulatedConnection& connection : connections_) connection.cut(0);
  }
  void set_stalled(bool is_stalled) { is_stalled_ = is_stalled; }
  bool is_stalled() const { return is_stalled_; }
  void set_asleep(bool is_asleep) { is_asleep_ = is_asleep; }
  bool is_asleep() const { return is_asleep_; }

  /// To be called after each step of any node.
  void look_whether_removed() {
    was_removed_ = was_removed_ || world_.store.is_removed(id(), epoch_);
  }

  std::uint32_t id() const { return settings_.id; }
  std::uint64_t epoch() const { return epoch_; }
  std::uint64_t last_read() const { return last_read_; }
  /// Whether it has been a member.
  bool is_serving() const { return is_serving_; }
  bool has_place() const { return has_place_ && world_.store.is_node(settings_.id, epoch_); }
  std::size_t command_count() const { return commands().command_count(); }
  std::size_t room_count() const { return participant_.node().room_count(); }
  /// Commits that the store has carried out, as far as the node knows or not, without an answer.
  const std::map<std::uint64_t, Commit>& unheard() const { return unheard_; }

 private:
  SimulatedConnection& commands() { return connections_[0]; }
  SimulatedConnection& inbox() { return connections_[1]; }
  const SimulatedConnection& commands() const { return connections_[0]; }
  const SimulatedConnection& inbox() const { return connections_[1]; }

  // A connection that was not told where to go may come up at any server.
  void change(std::uint16_t index) {
    if (!connections_[index].is_broken() && !std::exchange(moves_[index], false)) {
      servers_[index] = static_cast<std::uint16_t>(1 + world_.random() % StoreModel::kServers);
    }
    connections_[index].change();
  }

  void do_task() {
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    ++tasks_done_;
    task();
  }
  // Does what was posted to the node's thread when so many tasks had been posted: the thread takes
  // up what it gets in order, so that comes before any answer to what was asked later.
  void do_tasks_until(std::uint64_t posted) {
    while (tasks_done_ < posted) do_task();
  }
  std::uint64_t tasks_posted() const { return tasks_done_ + tasks_.size(); }
  void settle() {
    is_serving_ = is_serving_ || participant_.is_member();
    if (!participant_.has_gathered() || std::exchange(is_settling_, true)) return;
    tasks_.emplace_back([this] {
      is_settling_ = false;
      participant_.flush(world_.now);
    });
  }

  // `there` is what the store does, `done` gets its answer. If the store refuses, it gets none, and
  // `refused` the error.
  template <class There, class Done>
  void ask(There there, Done done, std::function<void(std::string_view)> refused = [](auto) {}) {
    using Answer = decltype(there());
    const auto answer = std::make_shared<std::variant<std::monostate, std::string, Answer>>();
    commands().send({.may_act = [] { return true; },
                     .act =
                         [this, answer, there = std::move(there)] {
                           auto refusal = world_.store.refusal(servers_[0]);
                           if (refusal) return void(answer->template emplace<1>(*refusal));
                           answer->template emplace<2>(there());
                         },
                     .answer =
                         [this, answer, done = std::move(done), refused = std::move(refused)] {
                           if (answer->index() == 2) return done(std::get<2>(std::move(*answer)));
                           refused(std::get<1>(*answer));
                           participant_.on_failed(std::get<1>(*answer), world_.now);
                         }});
  }

  // Store

  struct Committed {
    CommitAnswer answer;
    std::uint64_t changes = 0;
  };
  void commit(const Commit& asked) override {
    ask(
        [this, asked, epoch = epoch_] {
          Committed committed{world_.store.commit(id(), epoch, asked, world_.now), {}};
          committed.changes = world_.store.changes();
          if (committed.answer.kind == CommitAnswer::Kind::kDone) unheard_[asked.serial] = asked;
          return committed;
        },
        [this, serial = asked.serial](Committed committed) {
          unheard_.erase(serial);
          const bool is_done = committed.answer.kind == CommitAnswer::Kind::kDone;
          if (is_done) changes_ = std::max(changes_, committed.changes);
          participant_.on_committed(serial, std::move(committed.answer), world_.now);
        },
        [this, serial = asked.serial](auto) { participant_.on_committed(serial, {}, world_.now); });
  }
  void send(const Send& asked) override {
    ask([this, asked, epoch = epoch_] { return world_.store.send(id(), epoch, asked, world_.now); },
        [this, serial = asked.serial](SendAnswer answer) {
          participant_.on_sent(serial, answer, world_.now);
        },
        [this, serial = asked.serial](std::string_view error) {
          const bool is_unknown = stops_all(error);
          participant_.on_sent(serial, is_unknown ? SendAnswer::kUnknown : SendAnswer::kRefused,
                               world_.now);
        });
  }
  std::uint64_t changes() const override { return changes_; }

  // Link

  void load_scripts() override {
    commands().send({.may_act = [] { return true; },
                     .act = [this] { world_.store.load_scripts(servers_[0]); },
                     .answer = [this] { participant_.on_loaded(world_.now); }});
  }
  void enter(const membership_action::Register& place) override {
    has_place_ = has_place_ && !place.lost_store.empty();
    if (place.lost_store.empty()) was_removed_ = false;
    epoch_ = place.epoch;
    ask(
        [this, place, known = changes_] {
          const RegisterAnswer answer = world_.store.enter(id(), place, known, world_.now);
          return std::pair(answer, world_.store.changes());
        },
        [this, posted = tasks_posted()](const std::pair<RegisterAnswer, std::uint64_t>& answer) {
          do_tasks_until(posted);
          if (const auto* registered = std::get_if<Registered>(&answer.first)) {
            has_place_ = true;
            changes_ = answer.second;
            last_read_ = std::stoull(registered->inbox_begin);
          }
          participant_.on_registered(answer.first, world_.now);
        });
  }
  void renew(const membership_action::Renew& lease) override {
    ask(
        [this, lease, epoch = epoch_] {
          const RenewAnswer answer = world_.store.renew(id(), epoch, lease, world_.now);
          return std::pair(answer, world_.store.changes());
        },
        [this, known = changes_](const std::pair<RenewAnswer, std::uint64_t>& answer) {
          const bool is_renewed = std::holds_alternative<Renewed>(answer.first);
          const bool has_lost = is_renewed && answer.second < known;
          if (is_renewed) changes_ = std::max(changes_, answer.second);
          participant_.on_renewed(has_lost ? RenewAnswer{Lost{}} : answer.first, world_.now);
        });
  }
  void list(const membership_action::ListRooms& rooms) override {
    ask([this, node = rooms.node] { return world_.store.rooms_of(node); },
        [this, node = rooms.node](const std::vector<std::string>& names) {
          participant_.on_listed(node, names, world_.now);
        });
  }
  void forget(std::uint32_t node) override {
    ask([this, node] { return world_.store.forget(node); },
        [this, node](bool) { participant_.on_forgotten(node); });
  }
  void leave() override {
    ask([this, epoch = epoch_] { return world_.store.leave(id(), epoch); },
        [this](bool) { participant_.on_left(); });
  }

  using Entries = std::vector<StoreModel::Entry>;
  void read(const std::string& after) override {
    const std::uint64_t last = std::stoull(after);
    const base::TimePoint end = world_.now + kReadWait;
    const auto entries = std::make_shared<std::variant<std::string, Entries>>();
    const auto refusal = [this] { return world_.store.read_refusal(servers_[1]); };
    inbox().send({.may_act =
                      [this, last, end, refusal] {
                        const bool is_over = refusal() || end <= world_.now;
                        return is_over || world_.store.has_entries(id(), last);
                      },
                  .act =
                      [this, last, entries, refusal] {
                        if (const auto error = refusal()) return void(*entries = *error);
                        *entries = world_.store.read(id(), last, 1 + world_.random() % 4);
                      },
                  .answer =
                      [this, entries] {
                        if (const auto* error = std::get_if<std::string>(entries.get())) {
                          return participant_.on_failed(*error, world_.now);
                        }
                        hand_over(std::get<Entries>(*entries));
                      }});
  }
  void hand_over(const Entries& entries) {
    std::vector<std::string> ids;
    for (const StoreModel::Entry& entry : entries) ids.push_back(std::to_string(entry.id));
    std::vector<InboxEntry> views;
    for (std::size_t i = 0; i < ids.size(); ++i) views.push_back({ids[i], entries[i].batch});
    participant_.on_entries(views, world_.now);
  }
  void trim(const std::string& before) override {
    last_read_ = std::stoull(before);
    ask([this, last = last_read_] { return world_.store.trim(id(), last), true; }, [](bool) {});
  }
  void reconnect(const std::string& /*why*/) override { close_all(); }
  void move_to(const membership_action::MoveTo& server) override {
    servers_ = {server.port, server.port};
    moves_ = {true, true};
    close_all();
  }
  void close_all() {
    for (SimulatedConnection& connection : connections_) {
      connection.cut(world_.random() % (connection.command_count() + 1));
    }
  }
  void note(const membership_action::Notice& notice) override {
    if (notice.kind != membership_action::Notice::Kind::kFenced) return;
    unheard_.clear();
    const bool may_be_removed = was_removed_ || world_.now > workers_.serves_until();
    if (!may_be_removed) throw std::runtime_error("A node gives up a place that nobody took");
  }
  void note_unreadable(std::string_view /*id*/) override {
    throw std::runtime_error("A batch that cannot be read");
  }

  static constexpr base::Duration kReadWait = std::chrono::seconds(5);

  Settings settings_;
  World world_;
  SimulatedWorkers workers_;
  Participant participant_;
  std::array<SimulatedConnection, 2> connections_{
      SimulatedConnection({.up = [this] { participant_.on_up(world_.now); },
                           .down =
                               [this] {
                                 inbox().cut(0);
                                 participant_.on_down("it broke", world_.now);
                               }}),
      SimulatedConnection({.up = [this] { participant_.on_inbox_up(world_.now); },
                           .down = [this] { participant_.on_inbox_down(); }})};
  std::deque<std::function<void()>> tasks_;
  std::uint64_t tasks_done_ = 0;
  std::map<std::uint64_t, Commit> unheard_;
  std::array<std::uint16_t, 2> servers_{1, 1};  // to which the connections lead
  std::array<bool, 2> moves_{};                 // the next attempt is made at that one
  std::uint64_t epoch_ = 0;
  std::uint64_t changes_ = 0;
  std::uint64_t last_read_ = 0;
  bool is_stalled_ = false;
  bool is_asleep_ = false;
  bool is_serving_ = false;
  bool is_leaving_ = false;
  bool has_place_ = false;
  bool was_removed_ = false;  // by others, under this epoch
  bool is_settling_ = false;
};

}  // namespace heliograph::cluster::testing
