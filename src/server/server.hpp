#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/log.hpp"
#include "gateway/application.hpp"
#include "http/proxies.hpp"
#include "server/freed_memory.hpp"
#include "server/settings.hpp"
#include "server/worker.hpp"
#include "transport/address_table.hpp"

namespace heliograph::server {

/// Keeps SIGTERM and SIGINT for Server::run, also while there is no Server yet, and ignores SIGHUP.
/// Threads that are made before must not get them either.
void hold_stop_signals();

/// All workers of a node. The settings, the log and the addresses must outlive it.
class Server {
 public:
  /// Makes a worker's mounts; called once for each worker.
  using MakeMounts = std::function<Mounts(gateway::WorkerLink link)>;

  /// Listens; throws std::runtime_error, with what is wrong, if that is not possible.
  Server(const Settings& settings, base::Log& log, transport::AddressTable& addresses,
         const MakeMounts& make_mounts);
  ~Server();

  std::uint16_t port() const { return port_; }

  /// Serves until SIGTERM or SIGINT, then stops in order; the calling thread waits.
  void run();
  /// Mail for the application of a worker, from any thread.
  void post(std::uint16_t worker, gateway::Mail mail);
  std::uint16_t worker_count() const { return static_cast<std::uint16_t>(workers_.size()); }

 private:
  void listen(const Settings& settings);
  std::uint16_t listen_on(const std::vector<reactor::ListenAddress>& addresses);
  int await_stop(HeapTrimmer& trimmer);
  void stop();

  base::Log& log_;
  transport::AddressTable& addresses_;
  http::Proxies proxies_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::uint16_t port_ = 0;
};

}  // namespace heliograph::server
