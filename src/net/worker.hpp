#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "engineio/settings.hpp"
#include "net/inbox.hpp"
#include "net/listener.hpp"
#include "net/loop_turn.hpp"
#include "net/routes.hpp"
#include "net/sessions.hpp"
#include "net/settings.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::net {

/// One thread of the server with everything it owns. post() and stop() may be called by any thread,
/// all else by the one that runs it.
class Worker {
 public:
  struct Stop {};
  using Item = std::variant<signaling::WorkerMessage, Handover, Stop>;
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
  };
  Worker(Place place, Surroundings surroundings, Mounts mounts);
  ~Worker();

  boost::asio::io_context& context() { return context_; }
  /// Throws boost::system::system_error where the address cannot be listened on. Returns the port.
  std::uint16_t listen(const boost::asio::ip::tcp::endpoint& endpoint);

  /// Serves until it was told to stop and its clients have gone, or their time is over.
  void run();
  void post(Item item);

 private:
  void adopt(Socket socket);
  void take_over(Handover handover);
  void take(Item item);
  void read_inbox();
  void begin_stop();
  bool is_done();
  void end_turn();
  void arm_timer();
  void time_over();

  Place place_;
  Surroundings surroundings_;
  boost::asio::io_context context_;
  boost::asio::steady_timer timer_;
  base::TimePoint armed_ = base::TimePoint::max();
  base::TimePoint stop_deadline_ = base::TimePoint::max();
  Inbox<Item> inbox_;
  std::vector<Item> items_;
  LoopTurn turn_;
  Sessions sessions_;
  Routes routes_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace heliograph::net
