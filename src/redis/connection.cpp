#include "redis/connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "redis/reply.hpp"

namespace heliograph::redis {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 64UL * 1024;

// Errors are values here: `auto [error, …] = co_await …(…, kAwait)`.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using OwnedReply = std::unique_ptr<redisReply, FreeReply>;

// RESP2 has no other mark for what comes unasked.
bool is_published(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements < 3) return false;
  const redisReply& kind = *reply.element[0];
  if (kind.type != REDIS_REPLY_STRING) return false;
  return text_of(kind) == "message" || (text_of(kind) == "pmessage" && reply.elements == 4);
}

// RESP: an array of bulk strings.
void append_command(std::string& out, std::span<const std::string_view> command) {
  fmt::format_to(std::back_inserter(out), "*{}\r\n", command.size());
  for (const std::string_view argument : command) {
    fmt::format_to(std::back_inserter(out), "${}\r\n", argument.size());
    out.append(argument).append("\r\n");
  }
}

// Of SENTINEL get-master-addr-by-name: a name or address, and a port.
std::optional<Host> host_of(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 2) return std::nullopt;
  const std::string_view port = text_of(*reply.element[1]);
  Host host{std::string(text_of(*reply.element[0])), 0};
  std::from_chars(port.data(), port.data() + port.size(), host.port);
  return host;
}

}  // namespace

Connection::Connection(asio::io_context& context, ConnectionSettings settings, Events events)
    : context_(context),
      settings_(std::move(settings)),
      events_(std::move(events)),
      tls_(asio::ssl::context::tls_client),
      resolver_(context),
      pause_(context),
      watchdog_(context) {
  if (!settings_.address.uses_tls) return;
  tls_.set_verify_mode(asio::ssl::verify_peer);
  if (settings_.ca_file.empty()) {
    tls_.set_default_verify_paths();
  } else {
    tls_.load_verify_file(settings_.ca_file);
  }
}

Connection::~Connection() = default;

void Connection::start() { asio::co_spawn(context_, run(), asio::detached); }

void Connection::stop() {
  is_stopping_ = true;
  pause_.cancel();
  watchdog_.cancel();
  close("stopped");
}

void Connection::send(std::span<const std::string_view> command, Done done) {
  send(command, {}, std::move(done));
}

void Connection::send(std::span<const std::string_view> command, std::chrono::milliseconds wait,
                      Done done) {
  if (!is_up_) return refuse(std::move(done));
  queue(command, wait, std::move(done));
}

// Not from within send(): the caller may be in the middle of something.
void Connection::refuse(Done done) {
  asio::post(context_, [done = std::move(done)] { done(nullptr); });
}

void Connection::queue(std::span<const std::string_view> command, std::chrono::milliseconds wait,
                       Done done) {
  append_command(output_, command);
  pending_.push_back({std::move(done), base::Clock::now() + settings_.reply_timeout + wait});
  watch();
  if (!is_writing_) asio::co_spawn(context_, write(stream_), asio::detached);
}

asio::awaitable<void> Connection::run() {
  std::chrono::milliseconds pause = settings_.first_pause;
  while (!is_stopping_) {
    const std::string why = co_await live();
    fail_pending();
    if (is_stopping_) break;
    events_.down(why);
    // A server that is reached and refuses at once, again and again, is asked less and less often.
    const auto up_at = std::exchange(up_at_, std::nullopt);
    if (up_at && base::Clock::now() - *up_at > pause) pause = settings_.first_pause;
    // Between half of the pause and all of it, so that many nodes do not come back at once.
    pause_.expires_after(std::chrono::milliseconds(static_cast<std::int64_t>(
        static_cast<double>(pause.count()) * (1 - events_.random() / 2))));
    pause = std::min(pause * 2, settings_.longest_pause);
    co_await pause_.async_wait(kAwait);
  }
}

// From one attempt to its end, which it tells.
asio::awaitable<std::string> Connection::live() {
  reader_.reset(redisReaderCreate());
  output_.clear();
  broken_.clear();
  is_writing_ = false;

  deadline_ = base::Clock::now() + settings_.connect_timeout;
  watch();
  std::string why = co_await connect();
  deadline_.reset();
  if (why.empty()) {
    greet();
    why = co_await receive();
  }
  close(why);  // Where this side has closed it before, it stays at that reason.
  co_return broken_;
}

asio::awaitable<std::string> Connection::connect() {
  const std::optional<Host> host = co_await locate();
  if (!host) co_return "no Sentinel answers, or none knows " + settings_.address.master;
  co_return co_await open(*host);
}

// Each attempt begins with the next of the hosts.
asio::awaitable<std::optional<Host>> Connection::locate() {
  if (moved_to_) co_return std::exchange(moved_to_, std::nullopt);
  const Address& address = settings_.address;
  const std::size_t first = attempts_++;
  if (address.master.empty()) co_return address.hosts[first % address.hosts.size()];
  for (std::size_t i = 0; i < address.hosts.size(); ++i) {
    const Host& sentinel = address.hosts[(first + i) % address.hosts.size()];
    const std::optional<Host> master = co_await ask_sentinel(sentinel);
    if (master || !broken_.empty()) co_return master;
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<Host>> Connection::ask_sentinel(Host sentinel) {
  const std::string unreachable = co_await open(std::move(sentinel));
  if (!unreachable.empty()) co_return std::nullopt;
  std::string question;
  append_command(question, std::array<std::string_view, 3>{"SENTINEL", "get-master-addr-by-name",
                                                           settings_.address.master});
  std::string error = co_await write_all(*stream_, question);
  const std::unique_ptr<redisReader, FreeReader> reader(redisReaderCreate());
  std::array<char, 4096> buffer{};
  void* reply = nullptr;
  while (error.empty() && !reply) {
    const std::size_t size = co_await read_some(buffer, error);
    if (!error.empty()) break;
    redisReaderFeed(reader.get(), buffer.data(), size);
    if (redisReaderGetReply(reader.get(), &reply) != REDIS_OK) break;
  }
  error_code ignored;
  stream_->next_layer().close(ignored);
  if (!reply) co_return std::nullopt;
  const OwnedReply owned(static_cast<redisReply*>(reply));
  co_return host_of(*owned);
}

// A stream of its own, from now on the current one. Answers with what is wrong.
asio::awaitable<std::string> Connection::open(Host host) {
  stream_ = std::make_shared<Stream>(context_, tls_);
  const std::shared_ptr<Stream> stream = stream_;
  const auto [unresolved, found] =
      co_await resolver_.async_resolve(host.name, std::to_string(host.port), kAwait);
  if (unresolved) co_return unresolved.message();
  const auto [unconnected, endpoint] =
      co_await asio::async_connect(stream->next_layer(), found, kAwait);
  if (unconnected) co_return unconnected.message();
  error_code ignored;
  stream->next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (!settings_.address.uses_tls) co_return std::string{};

  stream->set_verify_callback(asio::ssl::host_name_verification(host.name), ignored);
  SSL_set_tlsext_host_name(stream->native_handle(), host.name.c_str());
  const auto [untrusted] = co_await stream->async_handshake(Stream::client, kAwait);
  co_return untrusted ? untrusted.message() : std::string{};
}

asio::awaitable<std::size_t> Connection::read_some(std::span<char> buffer, std::string& error) {
  const std::shared_ptr<Stream> stream = stream_;
  const auto into = asio::buffer(buffer.data(), buffer.size());
  const auto [failed, size] = settings_.address.uses_tls
                                  ? co_await stream->async_read_some(into, kAwait)
                                  : co_await stream->next_layer().async_read_some(into, kAwait);
  if (failed) error = failed.message();
  co_return size;
}

asio::awaitable<std::string> Connection::write_all(Stream& stream, std::string_view bytes) {
  const auto from = asio::buffer(bytes);
  const auto [failed, size] = settings_.address.uses_tls
                                  ? co_await asio::async_write(stream, from, kAwait)
                                  : co_await asio::async_write(stream.next_layer(), from, kAwait);
  co_return failed ? failed.message() : std::string{};
}

void Connection::move_to(Host host) {
  moved_to_ = std::move(host);
  close("moved");
}

// Who we are, and then a PING: when that is answered the server has taken all of it, and has its
// data loaded.
void Connection::greet() {
  const Address& address = settings_.address;
  const Done must_be_ok = [this](const redisReply* reply) {
    if (reply && reply->type == REDIS_REPLY_ERROR) close(text_of(*reply));
  };
  if (!address.user.empty()) {
    const std::array<std::string_view, 3> command{"AUTH", address.user, address.password};
    queue(command, {}, must_be_ok);
  } else if (!address.password.empty()) {
    const std::array<std::string_view, 2> command{"AUTH", address.password};
    queue(command, {}, must_be_ok);
  }
  const std::string database = std::to_string(address.database);
  const std::array<std::string_view, 2> select{"SELECT", database};
  if (address.database != 0) queue(select, {}, must_be_ok);
  const std::array<std::string_view, 2> ping{"PING", "ready"};
  queue(ping, {}, [this](const redisReply* reply) {
    if (!reply || !broken_.empty()) return;
    if (reply->type == REDIS_REPLY_ERROR) return close(text_of(*reply));
    is_up_ = true;
    up_at_ = base::Clock::now();
    events_.up();
  });
}

asio::awaitable<std::string> Connection::receive() {
  std::vector<char> buffer(kReadBytes);
  std::string error;
  for (;;) {
    const std::size_t size = co_await read_some(buffer, error);
    if (!error.empty()) co_return error;
    redisReaderFeed(reader_.get(), buffer.data(), size);
    if (!take_replies()) co_return broken_;
    heard_at_ = base::Clock::now();
  }
}

bool Connection::take_replies() {
  while (broken_.empty()) {
    void* reply = nullptr;
    if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK) {
      close(static_cast<const char*>(reader_->errstr));
      break;
    }
    if (!reply) return true;
    const OwnedReply owned(static_cast<redisReply*>(reply));
    take(*owned);
  }
  return false;
}

void Connection::take(const redisReply& reply) {
  if (events_.published && is_published(reply)) return events_.published(elements_of(reply));
  if (pending_.empty()) return close("Redis answered what it was not asked");
  const Pending answered = std::move(pending_.front());
  pending_.pop_front();
  answered.done(&reply);
}

// What was queued while a write was under way goes out with the next one.
asio::awaitable<void> Connection::write(std::shared_ptr<Stream> stream) {
  is_writing_ = true;
  std::string bytes;
  while (stream == stream_ && !output_.empty()) {
    bytes.clear();
    bytes.swap(output_);
    const std::string error = co_await write_all(*stream, bytes);
    if (stream != stream_) co_return;  // of a connection that is no more
    if (!error.empty()) {
      close(error);
      break;
    }
  }
  if (stream == stream_) is_writing_ = false;
}

// One timer for all: it goes off when the oldest command, or the attempt to connect, is overdue.
void Connection::watch() {
  const auto due = deadline_ ? deadline_ : first_deadline();
  if (!due || *due >= watches_at_) return;
  watches_at_ = *due;
  watchdog_.expires_at(*due);
  watchdog_.async_wait([this](error_code error) {
    if (error) return;  // it was set to an earlier time, or this is the end
    watches_at_ = base::TimePoint::max();
    const auto overdue = deadline_ ? deadline_ : first_deadline();
    if (overdue && *overdue <= base::Clock::now()) close("no answer in time");
    watch();
  });
}

std::optional<base::TimePoint> Connection::first_deadline() const {
  if (pending_.empty()) return std::nullopt;
  const base::TimePoint deadline = pending_.front().deadline;
  if (!events_.published) return deadline;
  // An answer waits behind all that is published before it. While that comes, nothing is wrong.
  return std::max(deadline, heard_at_ + settings_.reply_timeout);
}

void Connection::close(std::string_view why) {
  if (broken_.empty()) broken_ = why;
  is_up_ = false;
  resolver_.cancel();
  error_code ignored;
  if (stream_) stream_->next_layer().close(ignored);
}

void Connection::fail_pending() {
  for (const Pending& pending : std::exchange(pending_, {})) pending.done(nullptr);
}

}  // namespace heliograph::redis
