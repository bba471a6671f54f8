#include "server/node_link.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <fmt/format.h>

#include "base/clock.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::server {
namespace {

using std::chrono::milliseconds;

// Redis, at the start; and what a lease of a node that had this number before may take longer.
constexpr milliseconds kReachWithin{5'000};
constexpr milliseconds kBeyondLease{1'000};

std::string hosts_of(const redis::Address& address) {
  std::string hosts;
  for (const redis::Host& host : address.hosts) {
    hosts += fmt::format("{} {} port {}", hosts.empty() ? "" : ",", host.name, host.port);
  }
  return (address.master.empty() ? "Redis" : "Sentinel") + hosts;
}

}  // namespace

NodeLink::NodeLink(const NodeLinkSettings& settings, const signaling::Limits& limits,
                   const signaling::GuessCounts& guesses, const Random& random, base::Log& log)
    : settings_(settings),
      redis_(cluster_redis::connection_settings(settings.redis, settings.cluster.timing)),
      workers_(fence_),
      cluster_(context_, redis_, settings.cluster, {.limits = limits, .guesses = guesses}, random,
               workers_, log) {
  if (!settings.emitter.takes_emissions) return;
  emitter_.emplace(context_, redis_, settings.emitter.key,
                   socketio::DecoderLimits{.max_json_depth = limits.max_json_depth,
                                           .max_event_bytes = limits.max_event_bytes},
                   emitter::Subscription::Events{
                       .emitted = [this](const auto& emission) { workers_.emit(emission); },
                       .random = [random] { return cluster_redis::fraction(random); }},
                   log);
}

bool NodeLink::is_ready() const {
  return cluster_.is_joined() && (!emitter_ || emitter_->is_subscribed());
}

void NodeLink::join() {
  cluster_.start();
  if (emitter_) emitter_->start();
  const auto limit =
      base::Clock::now() + std::max(kReachWithin, settings_.cluster.timing.lease + kBeyondLease);
  while (!is_ready() && base::Clock::now() < limit) context_.run_one_until(limit);
  if (is_ready()) return;
  const bool is_joined = cluster_.is_joined();
  throw std::runtime_error(
      fmt::format("cannot {} {}: {}", is_joined ? "listen to emitters at" : "join the cluster at",
                  hosts_of(redis_.address), is_joined ? emitter_->problem() : cluster_.problem()));
}

void NodeLink::connect(gateway::WorkerLink& link) {
  link.node = cluster_.node();
  link.post_far = [this](signaling::Address to, signaling::WorkerMessage message) {
    cluster_.post(to, std::move(message));
  };
  link.has_lease = [this](base::TimePoint now) { return fence_.has_lease(now); };
  link.may_serve = [this](base::TimePoint now, std::uint32_t times_heard) {
    return fence_.may_serve(now, times_heard);
  };
}

void NodeLink::run(Server& server) {
  workers_.become(server);
  const std::jthread thread([this] {
    const auto guard = boost::asio::make_work_guard(context_);
    context_.run();
  });
  server.run();
  cluster_.leave([this] { context_.stop(); });
}

}  // namespace heliograph::server
