// Long because the steps of keeping a place call each other and share one state.
#include "cluster_redis/cluster.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "redis/reply.hpp"

namespace heliograph::cluster_redis {
namespace {

using redis::text_of;
namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr std::uint32_t kNodeMask = (1U << 24) - 1;
constexpr milliseconds kReadWait{5'000};  // for the next entry of the inbox, before asking again
constexpr milliseconds kLeavePause{10};   // between looks whether all is done
constexpr milliseconds kShortPause{100};  // before asking for what could not be had yet

std::uint32_t chosen_or_any(std::uint32_t node, const Random& random) {
  return node != 0 ? node : std::max(1U, static_cast<std::uint32_t>(random()) & kNodeMask);
}

// How long Redis may be silent before it counts as stalled: a third longer than a request waits, so
// that an answer in time is not lost with the connection, and short enough to renew a lease over a
// new connection before it runs out. The default is 2 s.
milliseconds reply_timeout(const cluster::Timing& timing) {
  return std::min(timing.patience * 4 / 3, timing.lease / 3);
}

base::Duration unix_offset() {
  return std::chrono::system_clock::now().time_since_epoch() -
         base::Clock::now().time_since_epoch();
}

// Of a Redis Cluster: `MOVED 4711 10.0.0.2:6379`, the slot and who has it.
std::optional<redis::Host> moved_to(std::string_view error) {
  if (!error.starts_with("MOVED ")) return std::nullopt;
  const std::string_view address = error.substr(error.rfind(' ') + 1);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  redis::Host host{std::string(address.substr(0, colon)), 0};
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), host.port);
  return host;
}

}  // namespace

// Pauses between attempts are short: a node has to be back while the others think that it lives,
// and while rooms are held after a loss (see scripts.hpp).
redis::ConnectionSettings connection_settings(const redis::Settings& settings,
                                              const cluster::Timing& timing) {
  redis::ConnectionSettings redis;
  redis.address = redis::parse_url(settings.url).value();
  redis.ca_file = settings.ca_file;
  redis.reply_timeout = reply_timeout(timing);
  redis.longest_pause = std::min(milliseconds(500), timing.lease / 4);
  return redis;
}

double fraction(const Random& random) {
  return static_cast<double>(random() >> 11) / static_cast<double>(std::uint64_t{1} << 53);
}

// Long because it says what each of its parts tells the others.
Cluster::Cluster(boost::asio::io_context& context, const redis::ConnectionSettings& redis,
                 const Settings& settings, const Rules& rules, Random random,
                 cluster::Workers& workers, base::Log& log)
    : context_(context),
      settings_(settings),
      random_(std::move(random)),
      log_(log),
      commands_(context_, redis,
                {.up = [this] { up(); },
                 .down = [this](std::string_view why) { down(why); },
                 .random = [this] { return fraction(random_); }}),
      inbox_(context_, redis,
             {.up = [this] { read(); },
              .down = [](std::string_view) {},
              .random = [this] { return fraction(random_); }}),
      store_(commands_,
             {.node = chosen_or_any(settings.node, random_),
              .prefix = settings.prefix,
              .lease = settings.timing.lease},
             {.committed =
                  [this](std::uint64_t serial, cluster::CommitAnswer answer) {
                    const bool is_fenced = answer.kind == cluster::CommitAnswer::Kind::kFenced;
                    if (is_fenced) return fenced();
                    node_.committed(serial, std::move(answer), base::Clock::now());
                    read();
                    settle();
                  },
              .sent =
                  [this](std::uint64_t serial, cluster::SendAnswer answer) {
                    if (answer == cluster::SendAnswer::kFenced) return fenced();
                    node_.sent(serial, answer);
                  },
              .failed = [this](std::string_view error) { failed(error); }}),
      workers_(workers),
      node_({.id = store_.node(),
             .limits = rules.limits,
             .patience = settings.timing.patience,
             .guesses = rules.guesses,
             .unix_offset = unix_offset},
            store_, workers_),
      renewal_(context_),
      wakeup_(context_) {}

void Cluster::start() {
  commands_.start();
  inbox_.start();
}

void Cluster::post(signaling::Address to, signaling::WorkerMessage message) {
  asio::post(context_, [this, to, message = std::move(message)]() mutable {
    node_.post(to, std::move(message), base::Clock::now());
    settle();
  });
}

// Others may be on their way back as well: for the time of a lease from now on nobody is dead.
void Cluster::up() {
  up_since_ = base::Clock::now();
  store_.load([this](const std::optional<std::string>& error) {
    if (error) return failed(*error);
    has_place_ ? renew() : enter(false);
  });
}

void Cluster::down(std::string_view why) {
  if (std::exchange(is_joined_, false)) {
    log_.warn("cluster: Redis cannot be reached", {{"why", why}});
  }
  problem_ = why;
  node_.lose_store();
  renewal_.cancel();
  go_on_alone();
}

// Without Redis: what needs no other node goes on, unless this node has slept past its lease and
// may have been taken for dead.
void Cluster::go_on_alone() {
  if (!has_place_ || may_be_dead()) return;
  outlives_lease_ = true;
  workers_.serve_until(base::TimePoint::max());
}

bool Cluster::may_be_dead() const { return !holds_lease() && !outlives_lease_; }

void Cluster::leased_from(base::TimePoint asked_at) {
  lease_end_ = asked_at + settings_.timing.lease;
  outlives_lease_ = false;
  workers_.serve_until(lease_end_);
  read();
}

bool Cluster::holds_lease() const { return base::Clock::now() <= lease_end_; }

// The connection stands, but what was asked over it was refused.
void Cluster::failed(std::string_view error) {
  if (const auto host = moved_to(error)) {
    commands_.move_to(*host);
    return inbox_.move_to(*host);
  }
  if (error.starts_with("READONLY") || error.starts_with("MASTERDOWN")) {
    commands_.start_anew(error);  // another one is, or will be, the master
    return inbox_.start_anew(error);
  }
  if (std::exchange(is_joined_, false)) log_.error("cluster: Redis refuses", {{"error", error}});
  problem_ = error;
  node_.lose_store();
  go_on_alone();
  if (std::exchange(is_trying_again_, true)) return;
  after(kShortPause, [this] {
    is_trying_again_ = false;
    if (commands_.is_up()) up();
  });
}

// `has_lost`: under the epoch that it had, in a store that has forgotten it.
void Cluster::enter(bool has_lost) {
  if (!has_lost) epoch_ = random_();
  store_.enter(
      epoch_, fmt::format("{:x}", random_()), has_lost ? store_name_ : std::string_view(),
      [this, has_lost, asked_at = base::Clock::now()](const RedisStore::RegisterAnswer& answer) {
        if (const auto* registered = std::get_if<RedisStore::Registered>(&answer)) {
          leased_from(asked_at);
          return entered(*registered, has_lost);
        }
        if (!std::holds_alternative<RedisStore::Taken>(answer)) return;
        problem_ = fmt::format("another node has NODE_ID {}", node());
        after(kShortPause, [this, has_lost] {
          if (commands_.is_up() && !is_joined_) enter(has_lost);
        });
      });
}

void Cluster::entered(const RedisStore::Registered& registered, bool has_lost) {
  store_name_ = registered.store;
  last_read_ = registered.inbox_begin;
  has_place_ = true;
  is_new_ = !has_lost;
  take_place(has_lost);
}

// Peers of a node that had this id before, and died, leave before anybody else comes.
void Cluster::take_place(bool has_lost) {
  if (!is_new_) {
    node_.join(epoch_, has_lost, base::Clock::now());
    return joined();
  }
  store_.all_rooms_of(node(), [this](const RedisStore::Rooms& rooms) {
    if (!rooms || !has_place_ || !is_new_) return;
    is_new_ = false;
    for (const std::string& room : *rooms) node_.remove_node(room, node(), base::Clock::now());
    take_place(false);
  });
}

void Cluster::joined() {
  is_joined_ = true;
  log_.info("cluster: joined", {{"node", node()}});
  read();
  settle();
  renew_after(milliseconds(0));  // tells which other nodes there are
}

void Cluster::renew_after(milliseconds pause) {
  renewal_.expires_after(pause);
  renewal_.async_wait([this](boost::system::error_code error) {
    if (!error && commands_.is_up()) renew();
  });
}

void Cluster::renew() {
  const bool may_remove = base::Clock::now() - up_since_ > settings_.timing.lease;
  store_.renew(store_name_, may_remove,
               [this, asked_at = base::Clock::now()](const RedisStore::RenewAnswer& answer) {
                 if (std::holds_alternative<RedisStore::Renewed>(answer)) leased_from(asked_at);
                 renewed(answer);
               });
}

void Cluster::renewed(const RedisStore::RenewAnswer& answer) {
  if (std::holds_alternative<RedisStore::Fenced>(answer)) return fenced();
  if (std::holds_alternative<RedisStore::Lost>(answer)) {
    if (may_be_dead()) return fenced();  // Redis knew, and can tell no more
    log_.warn("cluster: Redis has lost some of what it held, or all; writing it anew");
    return enter(true);
  }
  const auto* renewed = std::get_if<RedisStore::Renewed>(&answer);
  if (!renewed) return;  // the connection is down
  workers_.know_nodes(std::make_shared<const std::set<std::uint32_t>>(renewed->live));
  if (!is_joined_) take_place(false);
  to_be_removed_ = {renewed->dead.begin(), renewed->dead.end()};
  for (const std::uint32_t dead : renewed->dead) remove(dead);
  // At the end of a lease each node looks, at a moment of its own.
  const milliseconds spread(static_cast<std::int64_t>(fraction(random_) * 50));
  renew_after(
      std::min(settings_.timing.heartbeat, std::max(renewed->next_end, milliseconds(0)) + spread));
}

// Others have taken this node's peers out of their rooms.
void Cluster::fenced() {
  if (!has_place_) return;
  log_.error("cluster: this node was taken for dead; its clients have to connect again");
  has_place_ = false;
  is_joined_ = false;
  renewal_.cancel();
  node_.lose_place();
  workers_.serve_until(base::TimePoint::max());  // peers that are new since
  enter(false);
}

void Cluster::remove(std::uint32_t node) {
  if (!being_removed_.insert(node).second) return;
  log_.warn("cluster: a node has died; removing its peers", {{"node", node}});
  remove_rooms(node, [this, node](bool is_done) {
    if (!is_done) return void(being_removed_.erase(node));
    store_.forget(node, [this, node](bool) { being_removed_.erase(node); });
  });
}

// Some rooms at a time, until there are no more, or the node is for another one to remove, or none
// of the dead any more.
void Cluster::remove_rooms(std::uint32_t node, std::function<void(bool is_done)> done) {
  if (!to_be_removed_.contains(node)) return done(false);
  store_.rooms_of(node, [this, node, done = std::move(done)](const RedisStore::Rooms& rooms) {
    if (!rooms || rooms->empty()) return done(rooms.has_value());
    for (const std::string& room : *rooms) node_.remove_node(room, node, base::Clock::now());
    settle();
    after(kShortPause, [this, node, done] { remove_rooms(node, done); });
  });
}

void Cluster::read() {
  if (!is_joined_ || !inbox_.is_up() || is_reading_ || node_.is_restoring()) return;
  is_reading_ = true;
  const std::string stream = store_.inbox(node());
  const std::string wait = std::to_string(kReadWait.count());
  const std::array<std::string_view, 8> command{"XREAD", "COUNT",   "256",  "BLOCK",
                                                wait,    "STREAMS", stream, last_read_};
  inbox_.send(command, kReadWait, [this](const redisReply* reply) {
    is_reading_ = false;
    if (!reply) return;  // read() is called when the connection is up again
    if (reply->type == REDIS_REPLY_ERROR) {
      log_.error("cluster: cannot read the inbox", {{"error", text_of(*reply)}});
      return after(kShortPause, [this] { read(); });
    }
    // Else others may have emptied it, and some of what is for the dead may have come in since.
    if (!holds_lease()) return;        // read() is called when it does again
    if (node_.is_restoring()) return;  // committed() calls read() then
    if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 1) read_entries(*reply->element[0]);
    read();
  });
}

// A stream's name, and its entries: each an id, and fields.
void Cluster::read_entries(const redisReply& stream) {
  if (stream.elements != 2) return;
  const redisReply& entries = *stream.element[1];
  for (std::size_t i = 0; i < entries.elements; ++i) {
    const redisReply& entry = *entries.element[i];
    if (entry.elements != 2) continue;
    last_read_ = text_of(*entry.element[0]);
    const std::string_view batch = store_.take_entry(*entry.element[1]);
    if (batch.empty()) continue;  // holds the inbox's place
    if (!node_.receive(batch, base::Clock::now())) {
      log_.error("cluster: an entry of the inbox cannot be read", {{"id", last_read_}});
    }
  }
  store_.trim(last_read_);
  settle();
}

// After whatever has happened: what it has gathered is sent, once for all that is going on now.
void Cluster::settle() {
  if (node_.has_gathered() && !std::exchange(is_settling_, true)) {
    asio::post(context_, [this] {
      is_settling_ = false;
      node_.flush();
      watch();
    });
  }
  watch();
}

void Cluster::watch() {
  const base::TimePoint next = node_.deadline();
  if (next >= wakes_at_) return;
  wakes_at_ = next;
  wakeup_.expires_at(next);
  wakeup_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    wakes_at_ = base::TimePoint::max();
    node_.elapse(base::Clock::now());
    settle();
  });
}

void Cluster::after(milliseconds pause, std::function<void()> action) {
  const auto timer = std::make_shared<asio::steady_timer>(context_, pause);
  timer->async_wait([timer, action = std::move(action)](boost::system::error_code error) {
    if (!error) action();
  });
}

void Cluster::leave(std::function<void()> done) {
  asio::post(context_, [this, done = std::move(done)] {
    after(reply_timeout(settings_.timing), done);
    if (!is_joined_) return done();
    store_.all_rooms_of(node(), [this, done](const RedisStore::Rooms& rooms) {
      if (!rooms) return done();
      for (const std::string& room : *rooms) node_.remove_node(room, node(), base::Clock::now());
      leave_when_idle(done);
    });
  });
}

// Some rooms may wait for somebody with a ticket: another node goes on with that.
void Cluster::leave_when_idle(std::function<void()> done) {
  settle();
  if (node_.is_idle()) return store_.leave(std::move(done));
  after(kLeavePause, [this, done = std::move(done)] { leave_when_idle(done); });
}

}  // namespace heliograph::cluster_redis
