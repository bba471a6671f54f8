#pragma once

#include <cstddef>
#include <cstdint>

#include "load/body.hpp"
#include "load/client.hpp"
#include "load/measurement.hpp"
#include "load/report.hpp"
#include "load/server_process.hpp"

namespace heliograph::load {

// What every scenario is given. All of them return their numbers or throw LoadError.
struct Run {
  Target target;
  Target bystanders;  // further nodes of the server, which have nothing to do; often none
  Server server;
  Window window;
};

struct RelayShape {
  BodyKind body = BodyKind::kSessionDescription;
  std::size_t rooms = 200;
  std::size_t room_size = 2;
  std::size_t starters = 1;   // members of each room that put messages into flight
  std::size_t in_flight = 1;  // messages, of each starter
};

// Messages relayed as fast as they come back. The echo gets a client for each room. Each bystander
// gets two members of rooms that keep silent.
Report run_relay(const Run& run, const RelayShape& shape);

// The same, without and then with `idle` authenticated clients beside.
Report run_relay_beside_idle(const Run& run, const RelayShape& shape, std::size_t idle);

// Clients that connect, authenticate and leave, 64 at a time. The echo's send two messages instead.
Report run_connect(const Run& run);

// Whole calls, 32 at a time: two clients connect, one creates a room, the other joins, both
// describe their session and send five ICE candidates, each when the other's has come; both leave.
Report run_call(const Run& run);

enum class IdleSizes : std::uint8_t { kFull, kTenth };
// Memory with no, 5 000, 10 000 and 19 000 idle clients, or a tenth of these; and the straight line
// through all but the first, which is the server without clients.
Report run_idle_memory(const Run& run, IdleSizes sizes);

// Open loop: messages are due at random times, `rate` a second over all pairs, and are sent when
// due whatever has come back; a latency is counted from when its message was due.
Report run_latency(const Run& run, const RelayShape& shape, double rate);

}  // namespace heliograph::load
