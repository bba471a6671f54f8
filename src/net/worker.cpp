#include "net/worker.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <unistd.h>

#include "net/http_protocol.hpp"

namespace heliograph::net {
namespace {

// Handlers a turn runs before what they produced goes out.
constexpr int kHandlersATurn = 256;

}  // namespace

// One thread uses the sockets of an io_context here; posts from others still need its locks.
Worker::Worker(Place place, Surroundings surroundings, Mounts mounts)
    : place_(std::move(place)),
      surroundings_(surroundings),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      timer_(context_),
      sessions_(turn_, place_.index, surroundings.engineio, surroundings.settings.max_unsent_bytes),
      routes_(
          {.turn = turn_,
           .sessions = sessions_,
           .settings = surroundings.settings,
           .max_body_bytes = surroundings.engineio.max_payload,
           .worker = place_.index,
           .workers = place_.count,
           .hand_over = [this](std::uint16_t worker,
                               Handover handover) { place_.post(worker, std::move(handover)); }},
          std::move(mounts)) {}

Worker::~Worker() {
  inbox_.take(items_);
  for (const Item& item : items_) {
    if (const auto* handover = std::get_if<Handover>(&item)) ::close(handover->descriptor);
  }
}

std::uint16_t Worker::listen(const boost::asio::ip::tcp::endpoint& endpoint) {
  listener_ = std::make_unique<Listener>(context_, endpoint, surroundings_.log,
                                         [this](Socket socket) { adopt(std::move(socket)); });
  listener_->start();
  return listener_->port();
}

void Worker::run() {
  while (!is_done()) {
    turn_.begin();
    context_.run_one();
    for (int i = 1; i < kHandlersATurn && context_.poll_one() > 0; ++i) {
    }
    end_turn();
  }
}

void Worker::post(Item item) {
  if (inbox_.push(std::move(item))) {
    boost::asio::post(context_, [this] { read_inbox(); });
  }
}

void Worker::adopt(Socket socket) {
  const auto connection = std::make_shared<Connection>(turn_, std::move(socket));
  connection->start(std::make_unique<HttpProtocol>(turn_, *connection, routes_));
}

void Worker::take_over(Handover handover) {
  Socket socket(context_);
  boost::system::error_code error;
  socket.assign(boost::asio::ip::tcp::v4(), handover.descriptor, error);
  if (error) {
    ::close(handover.descriptor);
    return;
  }
  const auto connection = std::make_shared<Connection>(turn_, std::move(socket));
  auto http = std::make_unique<HttpProtocol>(turn_, *connection, routes_);
  HttpProtocol& protocol = *http;
  connection->start(std::move(http));
  protocol.resume(std::move(handover.request), std::move(handover.rest));
}

void Worker::read_inbox() {
  inbox_.take(items_);
  for (Item& item : items_) take(std::move(item));
  items_.clear();
}

void Worker::take(Item item) {
  if (auto* mail = std::get_if<signaling::WorkerMessage>(&item)) {
    routes_.applications().front().application->receive(std::move(*mail), turn_.now());
  } else if (auto* handover = std::get_if<Handover>(&item)) {
    take_over(std::move(*handover));
  } else {
    begin_stop();
  }
}

void Worker::begin_stop() {
  if (routes_.is_stopping()) return;
  routes_.stop();
  stop_deadline_ = turn_.now().steady + surroundings_.settings.shutdown_timeout;
  if (listener_) listener_->stop();
  sessions_.close_all(gateway::CloseReason::kGoingAway);
  for (Connection& connection : turn_.connections()) connection.stop();
}

bool Worker::is_done() {
  if (!routes_.is_stopping()) return false;
  return turn_.connections().empty() || turn_.now().steady >= stop_deadline_;
}

void Worker::end_turn() {
  turn_.end();
  arm_timer();
}

void Worker::arm_timer() {
  base::TimePoint next = std::min(turn_.timers().next(), stop_deadline_);
  for (const EngineIoMount& mount : routes_.applications()) {
    next = std::min(next, mount.application->deadline());
  }
  if (next >= armed_) return;
  armed_ = next;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) time_over();
  });
}

void Worker::time_over() {
  armed_ = base::TimePoint::max();
  turn_.timers().advance(turn_.now().steady);
  for (EngineIoMount& mount : routes_.applications()) {
    if (mount.application->deadline() <= turn_.now().steady) {
      mount.application->elapse(turn_.now());
    }
  }
}

}  // namespace heliograph::net
