#include "server/worker.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "http/errors.hpp"
#include "http/proxy_protocol.hpp"
#include "http/response_writer.hpp"
#include "server/freed_memory.hpp"

namespace heliograph::server {
namespace {

// The room for items that is kept after a busy moment.
constexpr std::size_t kMostItemsKept = 1024;

std::size_t weight(const Worker::Item& item) {
  const auto* mail = std::get_if<gateway::Mail>(&item);
  return mail ? gateway::weight(*mail) : sizeof(Worker::Item);
}

}  // namespace

Worker::Worker(std::uint16_t index, const SharedByWorkers& shared, Post post, Mounts mounts)
    : shared_(shared),
      handovers_{.worker = index,
                 .workers = shared.worker_count,
                 .give = [post = std::move(post)](
                             std::uint16_t worker,
                             http::Handover handover) { post(worker, std::move(handover)); }},
      turn_(shared.settings.reactor),
      connections_(turn_),
      wakeup_(turn_.loop(), [this] { read_inbox(); }),
      http_{.turn = turn_,
            .settings = shared.settings.http,
            .log = shared.log,
            .max_body_bytes = shared.settings.engineio.max_payload},
      sessions_(turn_, index, shared.settings.engineio,
                std::max<std::size_t>(
                    shared.settings.transport.max_waiting_sessions / shared.worker_count, 1),
                shared.log),
      admission_(shared.settings.transport.allowed_origins, shared.proxies, shared.log),
      upgrades_(http_,
                {.max_message_bytes = shared.settings.engineio.max_payload,
                 .message_patience = shared.settings.http.message_timeout},
                admission_),
      engineio_routes_(http_, handovers_, sessions_, shared.addresses, admission_, upgrades_),
      mounts_(std::move(mounts)),
      routes_(shared_, http_, engineio_routes_, handovers_, mounts_),
      max_buffered_bytes_(shared.settings.max_buffered_bytes / shared.worker_count) {}

// The clients of the sessions that are left refer to the application, as does what connections have
// still to send, and so they go before it.
Worker::~Worker() {
  if (!http_.is_stopping) tell_of_stop();
  sessions_.close_all(gateway::CloseReason::kGoingAway);
  turn_.end();
  connections_.clear();
}

reactor::ListenAddress Worker::listen(const reactor::ListenAddress& address) {
  listeners_.push_back(std::make_unique<reactor::Listener>(
      turn_, address, shared_.log,
      [this](reactor::Descriptor socket, const base::IpAddress& from) {
        on_connection(std::move(socket), from);
      },
      [this] { return connections_.drop_oldest_arrival(); },
      [this] {
        std::string answer;
        http::append_response(answer, http::error_response(http::kUnavailable),
                              {.unix_seconds = turn_.now().unix_seconds});
        return answer;
      }));
  return listeners_.back()->address();
}

void Worker::run() {
  while (!is_done()) {
    const base::Duration stall = turn_.wait(deadline());
    if (stall > base::Duration::zero()) sessions_.on_stall(stall);
    turn_.loop().dispatch();
    elapse();
    turn_.end();
    if (free_memory()) turn_.end();
  }
}

// If more is held for clients than may be: first of those that nobody has let in. Somewhat more is
// freed than has to be, so that it need not be done again at once.
bool Worker::free_memory() {
  if (max_buffered_bytes_ == 0) return false;
  const std::size_t held = turn_.held_bytes() + backlog() + mounts_.application->held_bytes();
  if (held <= max_buffered_bytes_) return false;
  const std::size_t excess = held - max_buffered_bytes_ / 10 * 9;
  const std::size_t freed = connections_.drop_arrivals(excess);
  if (freed < excess) mounts_.application->free_memory(excess - freed, turn_.now());
  return true;
}

void Worker::post(Item item) {
  const std::size_t bytes = weight(item);
  if (inbox_.push(std::move(item), bytes)) wakeup_.wake();
}

void Worker::on_connection(reactor::Descriptor socket, const base::IpAddress& address) {
  reactor::Connection& connection = connections_.connect(std::move(socket));
  if (shared_.settings.http.proxy_protocol) {
    auto proxy = std::make_unique<http::ProxyProtocol>(http_, routes_, connection, address);
    http::ProxyProtocol& protocol = *proxy;
    connection.start(std::move(proxy));
    if (!shared_.proxies.are_trusted(address)) protocol.distrust();
    return;
  }
  auto http =
      std::make_unique<http::Http1>(http_, routes_, connection, http::Sender{.address = address});
  http::Http1& protocol = *http;
  connection.start(std::move(http));
  if (!routes_.enter(connection, address)) protocol.refuse_address();
}

void Worker::on_handover(http::Handover handover) {
  reactor::Connection& connection = connections_.connect(std::move(handover.socket));
  connection.occupy(std::move(handover.place));
  auto http = std::make_unique<http::Http1>(http_, routes_, connection, handover.sender);
  http::Http1& protocol = *http;
  connection.start(std::move(http));
  protocol.resume(std::move(handover));
}

void Worker::read_inbox() {
  inbox_.take(items_);
  for (Item& item : items_) on_item(std::move(item));
  items_.clear();
  if (items_.capacity() > kMostItemsKept) items_ = std::vector<Item>();
}

void Worker::on_item(Item item) {
  if (auto* mail = std::get_if<gateway::Mail>(&item)) {
    mounts_.application->on_mail(std::move(*mail), turn_.now());
  } else if (auto* handover = std::get_if<http::Handover>(&item)) {
    on_handover(std::move(*handover));
  } else if (std::holds_alternative<DropSpare>(item)) {
    drop_spare();
  } else {
    begin_stop();
  }
}

void Worker::drop_spare() {
  mounts_.application->drop_spare();
  turn_.drop_spare();
  cut_heap();
}

void Worker::begin_stop() {
  if (std::exchange(http_.is_stopping, true)) return;
  stop_deadline_ = turn_.now().steady + shared_.settings.shutdown_timeout;
  for (const auto& listener : listeners_) listener->stop();
  tell_of_stop();
  sessions_.close_all(gateway::CloseReason::kGoingAway);
  connections_.stop();
}

void Worker::tell_of_stop() { mounts_.application->stopping(); }

bool Worker::is_done() {
  if (!http_.is_stopping) return false;
  return connections_.empty() || turn_.now().steady >= stop_deadline_;
}

base::TimePoint Worker::deadline() const {
  if (turn_.has_work()) return {};
  return std::min({turn_.timers().next(), stop_deadline_, mounts_.application->deadline()});
}

void Worker::elapse() {
  const base::Now& now = turn_.now();
  if (turn_.timers().next() <= now.steady) turn_.timers().advance(now.steady);
  if (mounts_.application->deadline() <= now.steady) mounts_.application->elapse(now);
}

}  // namespace heliograph::server
