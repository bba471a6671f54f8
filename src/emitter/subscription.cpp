#include "emitter/subscription.hpp"

#include <array>
#include <chrono>
#include <utility>
#include <variant>

#include "redis/reply.hpp"

namespace heliograph::emitter {
namespace {

using redis::text_of;
using std::chrono::milliseconds;

// Nobody need ever publish anything: only a PING tells whether the connection still is one.
constexpr milliseconds kCheckEvery{2'000};
constexpr milliseconds kTellEvery{10'000};

}  // namespace

Subscription::Subscription(boost::asio::io_context& context, const redis::ConnectionSettings& redis,
                           std::string_view key, const socketio::DecoderLimits& limits,
                           Events events, base::Log& log)
    : connection_(
          context, redis,
          {.up = [this] { subscribe(); },
           .down = [this](std::string_view why) { down(why); },
           .random = events.random,
           .published = [this](std::span<redisReply* const> message) { published(message); }}),
      // As @socket.io/redis-adapter does; the emitter appends a room and "#" where it is for one.
      pattern_(std::string(key) + "#/#*"),
      limits_(limits),
      events_(std::move(events)),
      log_(log),
      check_(context) {}

void Subscription::start() {
  connection_.start();
  check_later();
}

void Subscription::subscribe() {
  const std::array<std::string_view, 2> command{"PSUBSCRIBE", pattern_};
  connection_.send(command, [this](const redisReply* reply) {
    if (!reply) return;
    if (reply->type != REDIS_REPLY_ERROR) {
      is_subscribed_ = true;
      log_.info("emitter: listening", {{"channels", pattern_}});
      return problem_.clear();
    }
    const bool is_known = std::exchange(problem_, text_of(*reply)) == text_of(*reply);
    if (!is_known) log_.error("emitter: Redis refuses", {{"error", problem_}});
  });
}

void Subscription::down(std::string_view why) {
  problem_ = why;
  if (std::exchange(is_subscribed_, false)) {
    log_.warn("emitter: Redis cannot be reached", {{"why", why}});
  }
}

void Subscription::check_later() {
  check_.expires_after(kCheckEvery);
  check_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    check_later();
    if (!connection_.is_up()) return;
    if (!is_subscribed_) return subscribe();
    const std::array<std::string_view, 1> ping{"PING"};
    connection_.send(ping, [](const redisReply*) {});
  });
}

void Subscription::published(std::span<redisReply* const> message) {
  const std::string_view bytes = text_of(*message.back());
  auto read = read_emission(bytes, limits_);
  if (const auto* reason = std::get_if<NotTaken>(&read)) return drop(*reason, bytes.size());
  events_.emitted(
      std::make_shared<const signaling::Emission>(std::get<signaling::Emission>(std::move(read))));
}

// Whoever publishes nothing but rubbish does not fill the log with it.
void Subscription::drop(NotTaken reason, std::size_t bytes) {
  ++dropped_;
  const base::TimePoint now = base::Clock::now();
  if (now < tells_at_) return;
  tells_at_ = now + kTellEvery;
  log_.warn("emitter: dropped what was published",
            {{"messages", std::exchange(dropped_, 0)}, {"bytes", bytes}, {"why", text(reason)}});
}

}  // namespace heliograph::emitter
