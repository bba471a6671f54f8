#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <hiredis/hiredis.h>
#include <hiredis/read.h>

#include "base/clock.hpp"
#include "redis/url.hpp"

namespace heliograph::redis {

struct ConnectionSettings {
  Address address;
  std::string ca_file{};                             // PEM, for TLS; empty: what the system trusts
  std::chrono::milliseconds connect_timeout{2'000};  // with TLS and AUTH
  std::chrono::milliseconds reply_timeout{2'000};    // of a command
  // Between attempts. Doubles up to longest_pause, until a connection has stood for longer than
  // that.
  std::chrono::milliseconds first_pause{50};
  std::chrono::milliseconds longest_pause{2'000};
};

/// One connection to a Redis server, reopened whenever it breaks. Commands are pipelined: those
/// sent while a write is under way go out together in the next one. Belongs to the thread that runs
/// its io_context, which must have stopped for good before the connection is destroyed.
class Connection {
 public:
  /// Events of the connection as a whole. These calls must not destroy it.
  struct Events {
    std::function<void()> up;  // commands are carried out from now on
    /// It broke, or an attempt failed; commands are refused until it is up again.
    std::function<void(std::string_view why)> down;
    std::function<double()> random;  // from [0, 1), for the pauses between attempts
    /// A message that was published on a subscribed channel: `message`, the channel and the
    /// message; or `pmessage`, the pattern, the channel and the message. Empty if the connection
    /// never subscribes.
    std::function<void(std::span<redisReply* const> message)> published{};
  };
  /// Called exactly once with the reply, which may be an error from Redis (REDIS_REPLY_ERROR). Null
  /// if there is none: the command was refused, or the connection broke or stalled, and then nobody
  /// knows whether it was carried out. Never called from within send().
  using Done = std::function<void(const redisReply* reply)>;

  /// Throws boost::system::system_error if `ca_file` cannot be read.
  Connection(boost::asio::io_context& context, ConnectionSettings settings, Events events);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  /// Ends the connection for good.
  void stop();
  /// Closes it and opens another one: this is no longer the right server.
  void start_anew(std::string_view why) { close(why); }
  /// The same, and the next attempt is made there, once.
  void move_to(Host host);
  bool is_up() const { return is_up_; }

  /// A command that subscribes must name one channel or pattern only: each gets a reply of its own.
  void send(std::span<const std::string_view> command, Done done);
  /// For a command that waits in Redis for up to `wait`, such as XREAD BLOCK. It belongs on a
  /// connection of its own: those behind it wait as well.
  void send(std::span<const std::string_view> command, std::chrono::milliseconds wait, Done done);

 private:
  using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  struct Pending {
    Done done;
    base::TimePoint deadline;
  };
  struct FreeReader {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<std::string> live();
  boost::asio::awaitable<std::string> connect();
  boost::asio::awaitable<std::string> open(Host host);
  boost::asio::awaitable<std::optional<Host>> locate();
  boost::asio::awaitable<std::optional<Host>> ask_sentinel(Host sentinel);
  boost::asio::awaitable<std::size_t> read_some(std::span<char> buffer, std::string& error);
  boost::asio::awaitable<std::string> write_all(Stream& stream, std::string_view bytes);
  void greet();
  boost::asio::awaitable<std::string> receive();
  boost::asio::awaitable<void> write(std::shared_ptr<Stream> stream);
  void queue(std::span<const std::string_view> command, std::chrono::milliseconds wait, Done done);
  void refuse(Done done);
  bool take_replies();
  void take(const redisReply& reply);
  void watch();
  std::optional<base::TimePoint> first_deadline() const;
  void close(std::string_view why);
  void fail_pending();

  boost::asio::io_context& context_;
  ConnectionSettings settings_;
  Events events_;
  boost::asio::ssl::context tls_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer pause_;
  boost::asio::steady_timer watchdog_;
  std::shared_ptr<Stream> stream_;  // of the current attempt; plain TCP uses its lower layer alone
  std::unique_ptr<redisReader, FreeReader> reader_;
  std::deque<Pending> pending_;                          // in the order of the commands
  std::string output_;                                   // what is to be written next
  std::string broken_;                                   // why this side has closed the connection
  std::optional<base::TimePoint> deadline_;              // of the attempt to connect
  std::optional<base::TimePoint> up_at_;                 // since when it is, or was, up
  base::TimePoint heard_at_;                             // when anything came last
  base::TimePoint watches_at_ = base::TimePoint::max();  // when the watchdog looks
  std::optional<Host> moved_to_;
  std::size_t attempts_ = 0;
  bool is_up_ = false;
  bool is_writing_ = false;
  bool is_stopping_ = false;
};

}  // namespace heliograph::redis
