#include "cluster_redis/redis_store.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "cluster/store_error.hpp"
#include "cluster_redis/scripts.hpp"
#include "redis/reply.hpp"

namespace heliograph::cluster_redis {
namespace {

using redis::elements_of;
using redis::text_of;
using std::chrono::milliseconds;

bool is_array(const redisReply* reply) { return reply && reply->type == REDIS_REPLY_ARRAY; }

// Of HGETALL. The store's own fields do not belong to the room.
cluster::StoredRoom room_from(const redisReply& reply) {
  cluster::StoredRoom room;
  const auto elements = elements_of(reply);
  for (std::size_t i = 0; i + 1 < elements.size(); i += 2) {
    const std::string_view name = text_of(*elements[i]);
    const std::string_view value = text_of(*elements[i + 1]);
    if (name == "v") {
      room.version = value;
    } else if (name == "r") {
      room.restored = value;
    } else if (!name.starts_with("t:")) {
      room.fields.emplace(name, value);
    }
  }
  return room;
}

template <class Number>
Number number_of(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

cluster::CommitAnswer commit_answer(const redisReply* reply) {
  if (is_array(reply)) return {cluster::CommitAnswer::Kind::kConflict, room_from(*reply)};
  const std::string_view text = reply ? text_of(*reply) : std::string_view{};
  if (reply && reply->type == REDIS_REPLY_INTEGER) return {cluster::CommitAnswer::Kind::kDone, {}};
  if (text == "LATER") return {cluster::CommitAnswer::Kind::kLater, {}};
  if (text == "LIVES") return {cluster::CommitAnswer::Kind::kLives, {}};
  if (text == "FENCED") return {cluster::CommitAnswer::Kind::kFenced, {}};
  return {};
}

std::string_view life_text(cluster::Commit::Life life) {
  if (life == cluster::Commit::Life::kBegins) return "+";
  return life == cluster::Commit::Life::kIsNone ? "-" : "";
}

cluster::SendAnswer send_answer(const redisReply* reply) {
  if (!reply) return cluster::SendAnswer::kUnknown;
  const std::string_view text = text_of(*reply);
  if (text == "DONE") return cluster::SendAnswer::kDone;
  if (text == "GONE") return cluster::SendAnswer::kGone;
  if (text == "FULL") return cluster::SendAnswer::kFull;
  if (text == "FENCED") return cluster::SendAnswer::kFenced;
  return cluster::stops_all(text) ? cluster::SendAnswer::kUnknown : cluster::SendAnswer::kRefused;
}

std::vector<std::string> names(const redisReply& reply) {
  std::vector<std::string> names;
  for (const redisReply* name : elements_of(reply)) names.emplace_back(text_of(*name));
  return names;
}

}  // namespace

RedisStore::RedisStore(redis::Connection& redis, Settings settings, Answers answers)
    : redis_(redis),
      settings_(std::move(settings)),
      answers_(std::move(answers)),
      id_(std::to_string(settings_.node)) {}

void RedisStore::load(const std::function<void()>& done) {
  constexpr std::array<std::string_view, kCount> kTexts{scripts::kRegister, scripts::kRenew,
                                                        scripts::kForget,   scripts::kLeave,
                                                        scripts::kCommit,   scripts::kSend};
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::array<std::string_view, 3> command{"SCRIPT", "LOAD", kTexts[i]};
    const bool is_last = i + 1 == kCount;
    ask(command, [this, i, done = is_last ? done : nullptr](const redisReply* reply) {
      if (!reply || reply->type != REDIS_REPLY_STRING) return;
      hashes_[i] = text_of(*reply);
      if (done) done();
    });
  }
}

void RedisStore::run(Script script, const std::vector<std::string>& keys,
                     const std::vector<std::string_view>& arguments, Done done) {
  const std::string count = std::to_string(keys.size());
  std::vector<std::string_view> command{"EVALSHA", hashes_[script], count};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  ask(command, std::move(done));
}

void RedisStore::ask(std::span<const std::string_view> command, Done done) {
  redis_.send(command, [this, done = std::move(done)](const redisReply* reply) {
    done(reply);
    if (reply && reply->type == REDIS_REPLY_ERROR) answers_.failed(text_of(*reply));
  });
}

std::string RedisStore::key(std::string_view name) const {
  return fmt::format("{}:{{0}}:{}", settings_.prefix, name);
}

std::string RedisStore::key(std::string_view name, std::uint32_t node) const {
  return fmt::format("{}:{{0}}:{}:{}", settings_.prefix, name, node);
}

// A store that has seen fewer changes than it had is a copy of it from before.
void RedisStore::note_changes(std::int64_t changes) { changes_ = std::max(changes_, changes); }

// The store's clock is read by register and renew; between two of these it is not far off.
void RedisStore::note_time(std::string_view store_time) {
  store_time_ = milliseconds(number_of<std::int64_t>(store_time));
  noted_at_ = base::Clock::now();
}

// At the latest when the deadline comes here, as the store's time is read before its answer comes.
std::string RedisStore::deadline_there(base::TimePoint deadline) const {
  if (deadline == base::TimePoint::max()) return {};
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - noted_at_);
  return std::to_string((store_time_ + left).count());
}

std::string RedisStore::inbox(std::uint32_t node) const { return key("inbox", node); }

// Long because it lists the arguments of one script in their order.
void RedisStore::commit(const cluster::Commit& commit) {
  std::vector<std::string> keys{key("nodes"),   key("hold"),
                                key("changes"), key("leases"),
                                key("dead"),    key("room").append(":").append(commit.room)};
  for (const std::uint32_t node : commit.joined) keys.push_back(key("rooms", node));
  for (const std::uint32_t node : commit.left) keys.push_back(key("rooms", node));
  for (const cluster::Delivery& delivery : commit.deliveries) keys.push_back(inbox(delivery.node));

  const std::string serial = epoch_ + "-" + std::to_string(commit.serial);
  const std::array<std::string, 5> counts{
      std::to_string(commit.change.set.size()), std::to_string(commit.change.erased.size()),
      std::to_string(commit.joined.size()), std::to_string(commit.left.size()),
      std::to_string(commit.deliveries.size())};
  const std::string deadline = deadline_there(commit.deadline);
  const std::string inboxes = key("inbox:");
  const std::string gone = fmt::format("{}", fmt::join(commit.gone, " "));
  std::vector<std::string_view> arguments{id_,
                                          epoch_,
                                          commit.version,
                                          commit.new_version,
                                          serial,
                                          commit.restores ? "1" : "0",
                                          commit.room,
                                          deadline,
                                          life_text(commit.life),
                                          inboxes,
                                          commit.news,
                                          gone};
  arguments.insert(arguments.end(), counts.begin(), counts.end());
  for (const auto& [name, value] : commit.change.set) {
    arguments.push_back(name);
    arguments.push_back(value);
  }
  arguments.insert(arguments.end(), commit.change.erased.begin(), commit.change.erased.end());
  for (const cluster::Delivery& delivery : commit.deliveries) arguments.push_back(delivery.batch);

  run(kCommit, keys, arguments, [this, number = commit.serial](const redisReply* reply) {
    if (reply && reply->type == REDIS_REPLY_INTEGER) note_changes(reply->integer);
    answers_.committed(number, commit_answer(reply));
  });
}

void RedisStore::send(const cluster::Send& send) {
  const std::string most = std::to_string(settings_.max_inbox_entries);
  const std::string node = std::to_string(send.delivery.node);
  run(kSend, {key("nodes"), key("hold"), inbox(send.delivery.node)},
      {id_, epoch_, most, node, send.delivery.batch},
      [this, number = send.serial](const redisReply* reply) {
        answers_.sent(number, send_answer(reply));
      });
}

void RedisStore::enter(const cluster::membership_action::Register& place,
                       std::function<void(const cluster::RegisterAnswer& answer)> done) {
  epoch_ = std::to_string(place.epoch);
  const std::string lease = std::to_string(settings_.lease.count());
  const std::string changes = std::to_string(changes_);
  run(kRegister,
      {key("nodes"), key("leases"), key("dead"), key("store"), key("hold"), key("changes"),
       inbox(settings_.node), key("held")},
      {id_, epoch_, lease, place.new_store, place.lost_store, changes},
      [this, done = std::move(done)](const redisReply* reply) {
        if (is_array(reply) && reply->elements == 4) {
          note_time(text_of(*reply->element[1]));
          changes_ = number_of<std::int64_t>(text_of(*reply->element[2]));
          return done(cluster::Registered{std::string(text_of(*reply->element[0])),
                                          std::string(text_of(*reply->element[3]))});
        }
        if (reply && text_of(*reply) == "TAKEN") done(cluster::Taken{});
      });
}

void RedisStore::renew(const cluster::membership_action::Renew& lease,
                       std::function<void(const cluster::RenewAnswer& answer)> done) {
  const std::string duration = std::to_string(settings_.lease.count());
  const std::string remover = key("remover:");
  const std::string inboxes = key("inbox:");
  run(kRenew, {key("nodes"), key("leases"), key("dead"), key("store"), key("changes")},
      {id_, epoch_, duration, lease.store, remover, inboxes, lease.may_remove ? "1" : "0"},
      // The inbox is another connection. It may report a change that is newer than this answer.
      [this, known = changes_, done = std::move(done)](const redisReply* reply) {
        if (is_array(reply) && reply->elements > 3) return done(renew_answer(*reply, known));
        const std::string_view text = reply ? text_of(*reply) : std::string_view{};
        if (text == "LOST") return done(cluster::Lost{});
        if (text == "FENCED") return done(cluster::Fenced{});
      });
}

cluster::RenewAnswer RedisStore::renew_answer(const redisReply& reply, std::int64_t known) {
  const auto elements = elements_of(reply);
  note_time(text_of(*elements[0]));
  cluster::Renewed renewed;
  renewed.next_end = milliseconds(number_of<std::int64_t>(text_of(*elements[1])));
  const auto changes = number_of<std::int64_t>(text_of(*elements[2]));
  if (changes < known) return cluster::Lost{};
  note_changes(changes);
  for (const redisReply* node : elements_of(*elements[3])) {
    renewed.live.insert(number_of<std::uint32_t>(text_of(*node)));
  }
  for (const redisReply* node : elements.subspan(4)) {
    renewed.dead.push_back(number_of<std::uint32_t>(text_of(*node)));
  }
  return renewed;
}

void RedisStore::list(const cluster::membership_action::ListRooms& rooms,
                      std::function<void(const std::vector<std::string>& rooms)> done) {
  using Amount = cluster::membership_action::ListRooms::Amount;
  const std::string set = key("rooms", rooms.node);
  std::vector<std::string_view> command{"SMEMBERS", set};
  if (rooms.amount == Amount::kSome) command = {"SRANDMEMBER", set, "100"};
  ask(command, [done = std::move(done)](const redisReply* reply) {
    if (is_array(reply)) done(names(*reply));
  });
}

void RedisStore::forget(std::uint32_t node, std::function<void(bool is_forgotten)> done) {
  const std::string id = std::to_string(node);
  run(kForget, {key("dead"), key("rooms", node), inbox(node)}, {id},
      [done = std::move(done)](const redisReply* reply) {
        if (reply && reply->type == REDIS_REPLY_INTEGER) done(reply->integer == 1);
      });
}

void RedisStore::leave(std::function<void()> done) {
  run(kLeave,
      {key("nodes"), key("leases"), inbox(settings_.node), key("dead"),
       key("rooms", settings_.node)},
      {id_, epoch_}, [done = std::move(done)](const redisReply* reply) {
        if (reply && reply->type != REDIS_REPLY_ERROR) done();
      });
}

// "b", a batch, and of a commit "c", the count of changes.
std::string_view RedisStore::take_entry(const redisReply& fields) {
  const auto elements = elements_of(fields);
  if (elements.size() < 2) return {};
  if (elements.size() >= 4) note_changes(number_of<std::int64_t>(text_of(*elements[3])));
  return text_of(*elements[1]);
}

void RedisStore::trim(std::string_view id) {
  const std::string stream = inbox(settings_.node);
  const std::array<std::string_view, 4> command{"XTRIM", stream, "MINID", id};
  redis_.send(command, [](const redisReply*) {});
}

}  // namespace heliograph::cluster_redis
