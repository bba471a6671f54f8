#pragma once

#include <chrono>
#include <ctime>

#include <sys/types.h>

namespace heliograph::load {

// What the kernel tells of the server under load, all its threads together.
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

}  // namespace heliograph::load
