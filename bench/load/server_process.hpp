#pragma once

#include <chrono>
#include <ctime>
#include <optional>
#include <vector>

#include <sys/types.h>

namespace heliograph::load {

// What the kernel tells of one process, all its threads together.
class ServerProcess {
 public:
  // Throws LoadError where there is no such process or it is not ours to read.
  explicit ServerProcess(pid_t id);

  // User and system time since its start.
  std::chrono::nanoseconds cpu_time() const;

  // Proportional set size in bytes: its own pages, and its share of those it shares.
  double memory() const;

 private:
  pid_t id_;
  clockid_t clock_{};
};

// The server under load: a process, or one for each node that has work to do.
struct Server {
  std::vector<ServerProcess> nodes;
  std::optional<ServerProcess> redis;  // between the nodes; what it spends is told apart

  // Of all nodes together.
  std::chrono::nanoseconds cpu_time() const;
  double memory() const;
};

}  // namespace heliograph::load
