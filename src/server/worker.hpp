#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "base/log.hpp"
#include "gateway/mail.hpp"
#include "http/http1.hpp"
#include "reactor/connections.hpp"
#include "reactor/inbox.hpp"
#include "reactor/listener.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/wakeup.hpp"
#include "server/routes.hpp"
#include "server/settings.hpp"
#include "transport/sessions.hpp"

namespace heliograph::server {

/// One thread of the server with everything it owns. post() and stop() may be called by any thread,
/// all else by the one that runs it.
class Worker {
 public:
  struct Stop {};
  struct DropSpare {};  // what is kept for later use: the process is idle
  using Item = std::variant<gateway::Mail, http::Handover, Stop, DropSpare>;
  using Post = std::function<void(std::uint16_t worker, Item item)>;

  struct Place {
    std::uint16_t index = 0;
    std::uint16_t count = 1;
    Post post;  // to another worker
  };
  struct Surroundings {
    const Settings& settings;
    base::Log& log;
    const http::Proxies& proxies;
    transport::AddressTable& addresses;
  };
  Worker(Place place, Surroundings surroundings, Mounts mounts);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  /// Listens on one more address. Throws std::system_error if that is not possible. Returns the
  /// address with its port.
  reactor::ListenAddress listen(const reactor::ListenAddress& address);

  /// Serves until it was told to stop and its clients have gone, or their time is over.
  void run();
  void post(Item item);
  /// Bytes that wait in its inbox. Any thread.
  std::size_t backlog() const { return inbox_.bytes(); }
  /// Before run(): listens on nothing any more.
  void stop_listening() { listeners_.clear(); }

 private:
  void adopt(reactor::Descriptor socket, const base::IpAddress& address);
  void take_over(http::Handover handover);
  void take(Item item);
  void read_inbox();
  void begin_stop();
  void tell_of_stop();
  bool is_done();
  base::TimePoint deadline() const;
  void elapse();
  bool free_memory();
  void drop_spare();

  Place place_;
  Surroundings surroundings_;
  base::TimePoint stop_deadline_ = base::TimePoint::max();
  reactor::Inbox<Item> inbox_;
  std::vector<Item> items_;
  transport::Handovers handovers_;
  reactor::LoopTurn turn_;
  reactor::Connections connections_;
  reactor::Wakeup wakeup_;
  http::Context http_;
  transport::Sessions sessions_;
  transport::Admission admission_;
  transport::Upgrades upgrades_;
  transport::Routes engineio_routes_;
  Routes routes_;
  std::vector<std::unique_ptr<reactor::Listener>> listeners_;
  std::size_t max_buffered_bytes_;  // this worker's part
};

}  // namespace heliograph::server
