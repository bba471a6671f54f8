#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "engineio/settings.hpp"
#include "gateway/mail.hpp"
#include "net/connections.hpp"
#include "net/http_protocol.hpp"
#include "net/inbox.hpp"
#include "net/listener.hpp"
#include "net/loop_turn.hpp"
#include "net/server_routes.hpp"
#include "net/sessions.hpp"
#include "net/settings.hpp"
#include "net/wakeup.hpp"

namespace heliograph::net {

/// One thread of the server with everything it owns. post() and stop() may be called by any thread,
/// all else by the one that runs it.
class Worker {
 public:
  struct Stop {};
  struct DropSpare {};  // what is kept for later use: the process is idle
  using Item = std::variant<gateway::Mail, Handover, Stop, DropSpare>;
  using Post = std::function<void(std::uint16_t worker, Item item)>;

  struct Place {
    std::uint16_t index = 0;
    std::uint16_t count = 1;
    Post post;  // to another worker
  };
  struct Surroundings {
    const Settings& settings;
    const engineio::Settings& engineio;
    base::Log& log;
    const Proxies& proxies;
    AddressTable& addresses;
  };
  Worker(Place place, Surroundings surroundings, Mounts mounts);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  /// Listens on one more address. Throws std::system_error if that is not possible. Returns the
  /// address with its port.
  ListenAddress listen(const ListenAddress& address);

  /// Serves until it was told to stop and its clients have gone, or their time is over.
  void run();
  void post(Item item);
  /// Bytes that wait in its inbox. Any thread.
  std::size_t backlog() const { return inbox_.bytes(); }
  /// Before run(): listens on nothing any more.
  void stop_listening() { listeners_.clear(); }

 private:
  void adopt(Descriptor socket, const IpAddress& address);
  void take_over(Handover handover);
  void take(Item item);
  void read_inbox();
  void begin_stop();
  bool is_done();
  base::TimePoint deadline() const;
  void elapse();
  bool free_memory();
  void drop_spare();

  Place place_;
  Surroundings surroundings_;
  base::TimePoint stop_deadline_ = base::TimePoint::max();
  Inbox<Item> inbox_;
  std::vector<Item> items_;
  WorkerPlace worker_place_;
  LoopTurn turn_;
  Connections connections_;
  Wakeup wakeup_;
  HttpContext http_;
  Sessions sessions_;
  Admission admission_;
  Upgrades upgrades_;
  EngineIoRoutes engineio_routes_;
  ServerRoutes routes_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::size_t max_buffered_bytes_;  // this worker's part
};

}  // namespace heliograph::net
