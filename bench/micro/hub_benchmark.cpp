#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>

#include "load/event_text.hpp"
#include "micro/cpu_time.hpp"
#include "micro/sample.hpp"
#include "micro/simulated_worker.hpp"

namespace heliograph::micro {
namespace {

// Pairs of clients, each pair in a room of its own.
class Pairs {
 public:
  explicit Pairs(std::size_t rooms) : worker_(rooms * 2) {
    identities_.reserve(rooms * 2);
    for (std::size_t room = 0; room < rooms; ++room) {
      identities_.push_back(worker_.come(room * 2));
      identities_.push_back(worker_.come(room * 2 + 1));
      enter(room);
    }
  }

  SimulatedWorker& worker() { return worker_; }

  std::string relay(std::size_t room, load::BodyKind kind) const {
    return relay_event(kind, identities_[room * 2].session_token, identities_[room * 2 + 1].peer_id,
                       name(room));
  }

 private:
  static std::string name(std::size_t room) { return "room-" + std::to_string(room); }

  void enter(std::size_t room) {
    const std::size_t owner = room * 2;
    const std::size_t guest = owner + 1;
    const std::string& guest_id = identities_[guest].peer_id;
    say(owner, "room-create-request", about(owner));
    say(guest, "room-join-request", about(guest));
    say(owner, "room-join-accept", about(owner).text("peer_id", guest_id).text("to", guest_id));
  }

  load::ObjectText about(std::size_t client) const {
    return load::ObjectText()
        .text("auth", identities_[client].session_token)
        .text("room", name(client / 2));
  }

  void say(std::size_t client, std::string_view event, const load::ObjectText& argument) {
    worker_.say(client, std::string_view(load::event_text(event, argument)).substr(2));
  }

  SimulatedWorker worker_;
  std::vector<SimulatedWorker::Identity> identities_;
};

// Relays in `busy` of the rooms, chosen at random and spread over all; the others stand beside
// them. Where all are busy no cache holds them. Only the server's part is timed: a network would
// bring the messages.
void hub_relay(benchmark::State& state) {
  constexpr std::size_t kBatch = 256;
  const auto rooms = static_cast<std::size_t>(state.range(0));
  const auto busy = static_cast<std::size_t>(state.range(1));
  Pairs pairs(rooms);
  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> any_busy(0, busy - 1);
  std::vector<std::pair<std::size_t, std::string>> batch(kBatch);
  for (auto _ : state) {
    for (auto& [sender, event] : batch) {
      const std::size_t room = any_busy(random) * (rooms / busy);
      sender = room * 2;
      event = pairs.relay(room, load::BodyKind::kIceCandidate);
    }
    const std::size_t before = pairs.worker().messages_heard();
    const double start = cpu_seconds();
    for (const auto& [sender, event] : batch) {
      pairs.worker().say(sender, event);
    }
    state.SetIterationTime((cpu_seconds() - start) / kBatch);
    if (pairs.worker().messages_heard() != before + kBatch) {
      throw std::logic_error("a relay was lost");
    }
  }
}
BENCHMARK(hub_relay)
    ->ArgNames({"rooms", "busy"})
    ->Args({10, 10})
    ->Args({100'000, 10})
    ->Args({200, 200})
    ->Args({100'000, 200})
    ->Args({100'000, 100'000})
    ->Iterations(1000)
    ->UseManualTime();

double heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

// Clients that come, authenticate, stay and at last go: what each costs in time and in memory.
void hub_population(benchmark::State& state) {
  const auto peers = static_cast<std::size_t>(state.range(0));
  const auto count = static_cast<double>(peers);
  for (auto _ : state) {
    SimulatedWorker worker(peers);
    const double bytes_before = heap_bytes();
    const double start = cpu_seconds();
    for (std::size_t peer = 0; peer < peers; ++peer) {
      worker.come(peer);
    }
    const double coming = cpu_seconds() - start;
    const double bytes = heap_bytes() - bytes_before;
    const double turn = cpu_seconds();
    for (std::size_t peer = 0; peer < peers; ++peer) {
      worker.go(peer);
    }
    const double going = cpu_seconds() - turn;
    state.SetIterationTime(coming + going);
    state.counters["bytes_a_peer"] = bytes / count;
    state.counters["µs_to_come"] = coming * 1e6 / count;
    state.counters["µs_to_go"] = going * 1e6 / count;
  }
}
BENCHMARK(hub_population)
    ->ArgName("peers")
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace heliograph::micro
