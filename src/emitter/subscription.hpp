#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "emitter/emission.hpp"
#include "redis/connection.hpp"

namespace heliograph::emitter {

/// Receives the messages of @socket.io/redis-emitter for the main namespace. Every node does so by
/// itself; messages published while the connection is down are lost. Belongs to the thread that
/// runs its io_context, as redis::Connection does.
class Subscription {
 public:
  struct Events {
    std::function<void(std::shared_ptr<const signaling::Emission> emission)> emitted;
    std::function<double()> random;  // as redis::Connection has it
  };

  /// `key`: of letters, digits and whatever else means itself in a pattern of Redis'.
  Subscription(boost::asio::io_context& context, const redis::ConnectionSettings& redis,
               std::string_view key, const socketio::DecoderLimits& limits, Events events,
               base::Log& log);

  void start();
  bool is_subscribed() const { return is_subscribed_; }
  /// Why it is not.
  const std::string& problem() const { return problem_; }

 private:
  void subscribe();
  void down(std::string_view why);
  void check_later();
  void published(std::span<redisReply* const> message);
  void drop(NotTaken reason, std::size_t bytes);

  redis::Connection connection_;
  std::string pattern_;
  socketio::DecoderLimits limits_;
  Events events_;
  base::Log& log_;
  boost::asio::steady_timer check_;
  std::string problem_ = "no answer in time";
  std::uint64_t dropped_ = 0;  // that the log has not been told of
  base::TimePoint tells_at_ = base::TimePoint::min();
  bool is_subscribed_ = false;
};

}  // namespace heliograph::emitter
