#include "load/server_process.hpp"

#include <fstream>
#include <string>

#include "load/load_error.hpp"

namespace heliograph::load {

ServerProcess::ServerProcess(pid_t id) : id_(id) {
  if (clock_getcpuclockid(id, &clock_) != 0) {
    throw LoadError("the server's CPU clock cannot be read");
  }
}

std::chrono::nanoseconds ServerProcess::cpu_time() const {
  timespec time{};
  if (clock_gettime(clock_, &time) != 0) {
    throw LoadError("the server has ended");
  }
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

double ServerProcess::memory() const {
  std::ifstream file("/proc/" + std::to_string(id_) + "/smaps_rollup");
  std::string word;
  while (file >> word) {
    if (word == "Pss:") {
      double kibibytes = 0;
      file >> kibibytes;
      return kibibytes * 1024;
    }
  }
  throw LoadError("the server's memory cannot be read");
}

std::chrono::nanoseconds Server::cpu_time() const {
  std::chrono::nanoseconds sum{0};
  for (const ServerProcess& node : nodes) {
    sum += node.cpu_time();
  }
  return sum;
}

double Server::memory() const {
  double sum = 0;
  for (const ServerProcess& node : nodes) {
    sum += node.memory();
  }
  return sum;
}

}  // namespace heliograph::load
