#include "net/server.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

namespace heliograph::net {
namespace {

using boost::asio::ip::tcp;

std::uint16_t worker_count(unsigned configured) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  return static_cast<std::uint16_t>(std::clamp(configured == 0 ? cores : configured, 1U, 65'535U));
}

}  // namespace

Server::Server(const Settings& settings, const engineio::Settings& engineio, base::Log& log,
               const MakeMounts& make_mounts)
    : log_(log) {
  const std::uint16_t count = worker_count(settings.workers);
  const auto post = [this](std::uint16_t worker, auto item) {
    workers_[worker]->post(std::move(item));
  };
  for (std::uint16_t index = 0; index < count; ++index) {
    workers_.push_back(std::make_unique<Worker>(
        Worker::Place{.index = index, .count = count, .post = post},
        Worker::Surroundings{.settings = settings, .engineio = engineio, .log = log},
        make_mounts({.index = index, .count = count, .post = post})));
  }
  listen(settings);
}

Server::~Server() = default;

void Server::listen(const Settings& settings) {
  try {
    tcp::resolver resolver(workers_.front()->context());
    tcp::endpoint endpoint =
        *resolver.resolve(settings.host, std::to_string(settings.port)).begin();
    for (const auto& worker : workers_) {
      endpoint.port(worker->listen(endpoint));  // where any was asked for, all take the first one's
    }
    port_ = endpoint.port();
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("cannot listen on " + settings.host + " port " +
                             std::to_string(settings.port) + ": " + error.code().message());
  }
}

void Server::run() {
  boost::asio::signal_set signals(workers_.front()->context(), SIGINT, SIGTERM);
  signals.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    log_.info("stopping", {{"signal", signal}});
    stop();
  });
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    threads.emplace_back([worker = workers_[i].get()] { worker->run(); });
  }
  workers_.front()->run();
}

void Server::stop() {
  for (const auto& worker : workers_) worker->post(Worker::Stop{});
}

}  // namespace heliograph::net
