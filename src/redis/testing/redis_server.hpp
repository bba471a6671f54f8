#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing/temporary_folder.hpp"
#include "redis/connection.hpp"

// A real redis-server, for tests only.
namespace heliograph::redis::testing {

/// A port of loopback that nobody listened on a moment ago.
inline std::uint16_t free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool is_bound =
      ::bind(listener, any, length) == 0 && ::getsockname(listener, any, &length) == 0;
  ::close(listener);
  if (!is_bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

/// Starts a program found in PATH and returns its process id.
inline pid_t start_program(std::vector<std::string> words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  if (::posix_spawnp(&pid, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0) {
    throw std::runtime_error("cannot start " + words[0]);
  }
  return pid;
}

/// Its exit code.
inline int wait_for(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Listens on loopback from construction on, or a little later. It saves nothing; files that it
/// writes all the same go into a temporary folder.
class RedisServer {
 public:
  explicit RedisServer(std::vector<std::string> options = {}, std::uint16_t port = free_port())
      : port_(port) {
    std::vector<std::string> words{"redis-server", "--bind", "127.0.0.1", "--save",   "",
                                   "--appendonly", "no",     "--logfile", "/dev/null"};
    words.insert(words.end(), {"--port", std::to_string(port), "--dir", folder_.path().string()});
    words.insert(words.end(), options.begin(), options.end());
    pid_ = start_program(std::move(words));
  }
  ~RedisServer() { kill(); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::uint16_t port() const { return port_; }
  void signal(int number) const { ::kill(pid_, number); }
  void kill() {
    if (pid_ == 0) return;
    signal(SIGKILL);
    wait_for(pid_);
    pid_ = 0;
  }

 private:
  base::TemporaryFolder folder_;
  std::uint16_t port_;
  pid_t pid_ = 0;
};

/// How to reach it. The times are longer than a machine can stall; tests about time set their own.
inline ConnectionSettings connection_to(const RedisServer& server) {
  constexpr std::chrono::seconds kPatience{60};
  return {.address = {.hosts = {{"127.0.0.1", server.port()}}},
          .connect_timeout = kPatience,
          .reply_timeout = kPatience};
}

}  // namespace heliograph::redis::testing
