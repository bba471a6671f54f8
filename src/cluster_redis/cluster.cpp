#include "cluster_redis/cluster.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "redis/reply.hpp"

namespace heliograph::cluster_redis {
namespace {

using cluster::membership_action::ListRooms;
using cluster::membership_action::MoveTo;
using cluster::membership_action::Notice;
using cluster::membership_action::Register;
using cluster::membership_action::Renew;
using redis::elements_of;
using redis::text_of;
namespace asio = boost::asio;
using base::Clock;
using std::chrono::milliseconds;

constexpr std::uint32_t kNodeMask = (1U << 24) - 1;
constexpr milliseconds kReadWait{5'000};  // for the next entry of the inbox, before asking again

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
  return std::chrono::system_clock::now().time_since_epoch() - Clock::now().time_since_epoch();
}

// Of XREAD: streams, each its name and its entries; an entry is an id and fields.
std::vector<cluster::InboxEntry> entries_of(const redisReply& reply, RedisStore& store) {
  std::vector<cluster::InboxEntry> entries;
  if (reply.elements != 1 || reply.element[0]->elements != 2) return entries;
  for (const redisReply* entry : elements_of(*reply.element[0]->element[1])) {
    if (entry->elements != 2) continue;
    entries.push_back({text_of(*entry->element[0]), store.take_entry(*entry->element[1])});
  }
  return entries;
}

cluster::Participant::Settings participant_settings(std::uint32_t node, const Settings& settings,
                                                    const Cluster::Rules& rules,
                                                    const Random& random) {
  return {.node = {.id = node,
                   .limits = rules.limits,
                   .patience = settings.timing.patience,
                   .guesses = rules.guesses,
                   .unix_offset = unix_offset},
          .timing = settings.timing,
          .leave_within = reply_timeout(settings.timing),
          .random = random};
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

Cluster::Cluster(asio::io_context& context, const redis::ConnectionSettings& redis,
                 const Settings& settings, const Rules& rules, const Random& random,
                 cluster::Workers& workers, base::Log& log)
    : context_(context),
      log_(log),
      commands_(context_, redis, command_events(random)),
      inbox_(context_, redis, inbox_events(random)),
      store_(commands_,
             {.node = chosen_or_any(settings.node, random),
              .prefix = settings.prefix,
              .lease = settings.timing.lease},
             answers()),
      participant_(participant_settings(store_.node(), settings, rules, random), store_, *this,
                   workers),
      wakeup_(context_) {}

redis::Connection::Events Cluster::command_events(const Random& random) {
  return {.up =
              [this] {
                participant_.on_up(Clock::now());
                settle();
              },
          .down =
              [this](std::string_view why) {
                if (inbox_.is_up()) inbox_.start_anew(why);
                participant_.on_down(why, Clock::now());
                settle();
              },
          .random = [random] { return fraction(random); }};
}

redis::Connection::Events Cluster::inbox_events(const Random& random) {
  return {.up = [this] { participant_.on_inbox_up(Clock::now()); },
          .down = [this](std::string_view) { participant_.on_inbox_down(); },
          .random = [random] { return fraction(random); }};
}

RedisStore::Answers Cluster::answers() {
  return {.committed =
              [this](std::uint64_t serial, cluster::CommitAnswer answer) {
                participant_.on_committed(serial, std::move(answer), Clock::now());
                settle();
              },
          .sent =
              [this](std::uint64_t serial, cluster::SendAnswer answer) {
                participant_.on_sent(serial, answer, Clock::now());
                settle();
              },
          .failed =
              [this](std::string_view error) {
                participant_.on_failed(error, Clock::now());
                settle();
              }};
}

void Cluster::start() {
  commands_.start();
  inbox_.start();
}

void Cluster::post(signaling::Address to, signaling::WorkerMessage message) {
  asio::post(context_, [this, to, message = std::move(message)]() mutable {
    participant_.post(to, std::move(message), Clock::now());
    settle();
  });
}

void Cluster::leave(std::function<void()> done) {
  asio::post(context_, [this, done = std::move(done)]() mutable {
    left_ = std::move(done);
    participant_.leave(Clock::now());
    settle();
  });
}

// --- what the participant asks for

void Cluster::load_scripts() {
  store_.load([this] {
    participant_.on_loaded(Clock::now());
    settle();
  });
}

void Cluster::enter(const Register& place) {
  store_.enter(place, [this](const cluster::RegisterAnswer& answer) {
    participant_.on_registered(answer, Clock::now());
    settle();
  });
}

void Cluster::renew(const Renew& lease) {
  store_.renew(lease, [this](const cluster::RenewAnswer& answer) {
    participant_.on_renewed(answer, Clock::now());
    settle();
  });
}

void Cluster::list(const ListRooms& rooms) {
  store_.list(rooms, [this, node = rooms.node](const std::vector<std::string>& names) {
    participant_.on_listed(node, names, Clock::now());
    settle();
  });
}

void Cluster::forget(std::uint32_t node) {
  store_.forget(node, [this, node](bool) { participant_.on_forgotten(node); });
}

void Cluster::leave() {
  store_.leave([this] {
    participant_.on_left();
    settle();
  });
}

void Cluster::read(const std::string& id) {
  const std::string stream = store_.inbox(node());
  const std::string wait = std::to_string(kReadWait.count());
  const std::array<std::string_view, 8> command{"XREAD", "COUNT",   "256",  "BLOCK",
                                                wait,    "STREAMS", stream, id};
  inbox_.send(command, kReadWait, [this](const redisReply* reply) { on_read(reply); });
}

// Without a reply the connection is down.
void Cluster::on_read(const redisReply* reply) {
  if (!reply) return;
  if (reply->type == REDIS_REPLY_ERROR) {
    participant_.on_failed(text_of(*reply), Clock::now());
  } else {
    participant_.on_entries(entries_of(*reply, store_), Clock::now());
  }
  settle();
}

void Cluster::trim(const std::string& id) { store_.trim(id); }

void Cluster::reconnect(const std::string& why) {
  commands_.start_anew(why);
  inbox_.start_anew(why);
}

void Cluster::move_to(const MoveTo& server) {
  commands_.move_to({server.host, server.port});
  inbox_.move_to({server.host, server.port});
}

void Cluster::note(const Notice& notice) {
  switch (notice.kind) {
    case Notice::Kind::kJoined:
      return log_.info("cluster: joined", {{"node", node()}});
    case Notice::Kind::kUnreachable:
      return log_.warn("cluster: Redis cannot be reached", {{"why", notice.detail}});
    case Notice::Kind::kRefused:
      return log_.error("cluster: Redis refuses", {{"error", notice.detail}});
    case Notice::Kind::kStoreLost:
      return log_.warn(
          "cluster: Redis has lost some or all of its data; writing this node's again");
    case Notice::Kind::kFenced:
      return log_.error(
          "cluster: others removed this node as dead; its clients have to connect again");
    case Notice::Kind::kNodeDied:
      return log_.warn("cluster: a node has died; removing its peers", {{"node", notice.detail}});
  }
}

void Cluster::note_unreadable(std::string_view id) {
  log_.error("cluster: an entry of the inbox cannot be read", {{"id", id}});
}

// --- after whatever has happened

// What was gathered is sent, once for all that is going on now.
void Cluster::settle() {
  if (participant_.has_gathered() && !std::exchange(is_settling_, true)) {
    asio::post(context_, [this] {
      is_settling_ = false;
      participant_.flush(Clock::now());
      settle();
    });
  }
  watch();
  if (left_ && participant_.has_left()) std::exchange(left_, nullptr)();
}

void Cluster::watch() {
  const base::TimePoint next = participant_.deadline();
  if (next >= wakes_at_) return;
  wakes_at_ = next;
  wakeup_.expires_at(next);
  wakeup_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    wakes_at_ = base::TimePoint::max();
    participant_.elapse(Clock::now());
    settle();
  });
}

}  // namespace heliograph::cluster_redis
