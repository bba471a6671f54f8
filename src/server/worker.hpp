#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include "gateway/mail.hpp"
#include "http/http1.hpp"
#include "reactor/connections.hpp"
#include "reactor/inbox.hpp"
#include "reactor/listener.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/wakeup.hpp"
#include "server/routes.hpp"
#include "server/shared_by_workers.hpp"
#include "transport/sessions.hpp"

namespace heliograph::server {

/// One thread of the server with everything it owns. post() and backlog() may be called by any
/// thread, all else by the one that runs it.
class Worker {
 public:
  struct Stop {};
  struct DropSpare {};  // what is kept for later use: the process is idle
  using Item = std::variant<gateway::Mail, http::Handover, Stop, DropSpare>;
  /// Brings an item to any worker of the node.
  using Post = std::function<void(std::uint16_t worker, Item item)>;

  /// `index`: which of the workers this is.
  Worker(std::uint16_t index, const SharedByWorkers& shared, Post post, Mounts mounts);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  /// Listens on one more address. Throws std::system_error if that is not possible. Returns the
  /// address with its port.
  reactor::ListenAddress listen(const reactor::ListenAddress& address);

  /// Serves until it was told to stop and its clients have gone, or their time is over.
  void run();
  void post(Item item);
  /// Bytes that wait in its inbox.
  std::size_t backlog() const { return inbox_.bytes(); }
  /// Before run(): listens on nothing any more.
  void stop_listening() { listeners_.clear(); }

 private:
  void on_connection(reactor::Descriptor socket, const base::IpAddress& address);
  void on_handover(http::Handover handover);
  void on_item(Item item);
  void read_inbox();
  void begin_stop();
  void tell_of_stop();
  bool is_done();
  base::TimePoint deadline() const;
  void elapse();
  bool free_memory();
  void drop_spare();

  SharedByWorkers shared_;
  base::TimePoint stop_deadline_ = base::TimePoint::max();
  reactor::Inbox<Item> inbox_;
  std::vector<Item> items_;
  transport::Handovers handovers_;
  reactor::LoopTurn turn_;
  reactor::Connections connections_;
  reactor::Wakeup wakeup_;
  http::SharedByConnections http_;
  transport::Sessions sessions_;
  transport::Admission admission_;
  transport::Upgrades upgrades_;
  transport::Routes engineio_routes_;
  Mounts mounts_;
  Routes routes_;
  std::vector<std::unique_ptr<reactor::Listener>> listeners_;
  std::size_t max_buffered_bytes_;  // this worker's part
};

}  // namespace heliograph::server
