#include "server/server.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "server/freed_memory.hpp"

namespace heliograph::server {
namespace {

// Ports that are tried if any will do.
constexpr int kMostPorts = 20;

std::uint16_t count_of_workers(unsigned configured) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return static_cast<std::uint16_t>(std::clamp(configured == 0 ? cores : configured, 1U, 65'535U));
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

void hold_stop_signals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // threads made from now on inherit it
  std::signal(SIGHUP, SIG_IGN);                   // a terminal that closes ends nothing
}

Server::Server(const Settings& settings, base::Log& log, transport::AddressTable& addresses,
               const MakeMounts& make_mounts)
    : log_(log), addresses_(addresses), proxies_(settings.http) {
  hold_stop_signals();
  std::signal(SIGPIPE, SIG_IGN);  // a log that nobody reads any more ends nothing
  const std::uint16_t count = count_of_workers(settings.workers);
  const auto post = [this](std::uint16_t worker, auto item) {
    workers_[worker]->post(std::move(item));
  };
  const auto backlog = [this](std::uint16_t worker) { return workers_[worker]->backlog(); };
  const SharedByWorkers shared{.settings = settings,
                               .log = log,
                               .proxies = proxies_,
                               .addresses = addresses,
                               .worker_count = count};
  for (std::uint16_t index = 0; index < count; ++index) {
    workers_.push_back(std::make_unique<Worker>(
        index, shared, post,
        make_mounts({.index = index, .count = count, .post = post, .backlog = backlog})));
  }
  listen(settings);
}

Server::~Server() = default;

void Server::listen(const Settings& settings) {
  try {
    const std::vector<reactor::ListenAddress> addresses =
        reactor::resolve(settings.host, settings.port);
    for (int attempt = 1; port_ == 0; ++attempt) {
      try {
        port_ = listen_on(addresses);
      } catch (const std::system_error& error) {
        // The free port of one family may be taken in the other.
        const bool may_be_free = settings.port == 0 && error.code() == std::errc::address_in_use;
        if (!may_be_free || attempt == kMostPorts) throw;
        for (const auto& worker : workers_) worker->stop_listening();
      }
    }
  } catch (const std::exception& error) {
    throw std::runtime_error("cannot listen on " + settings.host + " port " +
                             std::to_string(settings.port) + ": " + error.what());
  }
}

// All workers on all addresses; if any port will do, on the one that the first gets.
std::uint16_t Server::listen_on(const std::vector<reactor::ListenAddress>& addresses) {
  std::uint16_t port = 0;
  for (reactor::ListenAddress address : addresses) {
    if (port != 0) address = reactor::with_port(address, port);
    reactor::check_unused(address);
    for (const auto& worker : workers_) address = worker->listen(address);
    port = reactor::port_of(address);
  }
  return port;
}

int Server::await_stop(HeapTrimmer& trimmer) {
  constexpr timespec kPause{.tv_sec = 2, .tv_nsec = 0};
  const sigset_t signals = stop_signals();
  for (;;) {
    const int signal = ::sigtimedwait(&signals, nullptr, &kPause);
    if (signal > 0) return signal;
    trimmer.look(base::Clock::now());
    addresses_.log_failures(log_, base::Clock::now());
  }
}

void Server::run() {
  HeapTrimmer trimmer([this] {
    for (const auto& worker : workers_) worker->post(Worker::DropSpare{});
  });
  std::vector<std::jthread> threads;
  threads.reserve(workers_.size());
  for (const auto& worker : workers_) {
    threads.emplace_back([&worker = *worker] { worker.run(); });
  }
  const int signal = await_stop(trimmer);
  log_.info("stopping", {{"signal", signal}});
  stop();
}

void Server::post(std::uint16_t worker, gateway::Mail mail) {
  if (worker < workers_.size()) workers_[worker]->post(std::move(mail));
}

void Server::stop() {
  for (const auto& worker : workers_) worker->post(Worker::Stop{});
}

}  // namespace heliograph::server
