#include "net/http_protocol.hpp"

#include <utility>
#include <variant>

#include <boost/beast/http/field.hpp>

#include "base/text.hpp"
#include "http_api/cors.hpp"
#include "net/http_response.hpp"
#include "net/loop_turn.hpp"
#include "net/routes.hpp"
#include "net/session.hpp"

namespace heliograph::net {
namespace {

namespace http = boost::beast::http;

// What a client may send ahead while its last request is being handled.
constexpr std::size_t kMaxAheadBytes = 64 * 1024;
// What is sent of a large body at a time.
constexpr std::size_t kPieceBytes = 32 * 1024;
// How long it may take to read a response, or a piece of a large one.
constexpr std::chrono::seconds kSendTimeout{30};

}  // namespace

HttpProtocol::HttpProtocol(LoopTurn& turn, Connection& connection, Routes& routes,
                           const Sender& sender)
    : turn_(turn),
      connection_(connection),
      routes_(routes),
      sender_(sender),
      client_{.address = sender.address},
      reader_(std::make_unique<HttpRequestReader>(
          HttpRequestReader::Limits{.head_bytes = routes.settings().max_header_bytes,
                                    .body_bytes = routes.max_body_bytes()})) {
  expect_request();
}

HttpProtocol::~HttpProtocol() { connection_.hold(counted_, 0); }

std::size_t HttpProtocol::held_bytes() const {
  return base::heap_bytes(pending_) + (reader_ ? reader_->held_bytes() : 0) +
         base::heap_bytes(request_.body());
}

void HttpProtocol::recount() {
  const std::size_t before = std::exchange(counted_, held_bytes());
  connection_.hold(before, counted_);
}

void HttpProtocol::resume(Handover handover) {
  pending_ = std::move(handover.rest);
  reader_ = std::move(handover.reader);
  if (handover.request) return take(*std::move(handover.request));
  announce();
  if (state_ == State::kReading) read_next();
}

Handover HttpProtocol::hand_over() {
  Handover handover{.place = connection_.take_place(),
                    .socket = connection_.release(),
                    .sender = sender_,
                    .request = {},
                    .reader = std::move(reader_),
                    .rest = std::move(pending_)};
  if (state_ == State::kHandling) handover.request = std::move(request_);
  state_ = State::kClosing;
  return handover;
}

void HttpProtocol::belong_to(Session& session) {
  session_ = &session;
  if (session.is_admitted()) connection_.admit();
}

void HttpProtocol::receive(std::span<char> bytes) {
  if (state_ == State::kClosing) return;
  pending_.append(bytes.data(), bytes.size());
  if (state_ == State::kReading) {
    read_next();
  } else if (pending_.size() > kMaxAheadBytes) {
    connection_.abort();
  }
  recount();
}

void HttpProtocol::read_next() {
  const bool was_idle = !reader_->has_begun();
  HttpRequestReader::Result result = reader_->read(pending_);
  if (pending_.empty()) pending_.shrink_to_fit();
  if (auto* request = std::get_if<HttpRequest>(&result)) {
    return take(std::move(*request));
  }
  if (const auto* error = std::get_if<http_api::Error>(&result)) return refuse(*error);
  if (was_idle && reader_->has_begun()) expect_request();
  if (std::holds_alternative<HttpRequestReader::Invite>(result)) {
    connection_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  if (reader_->head() && !is_announced_) announce();
  if (state_ == State::kReading && is_announced_) watch_body();
}

// A request that no route gets, and of which there may be no more than a head.
void HttpProtocol::refuse(const http_api::Error& error) {
  base::Log& log = routes_.log();
  if (log.admits(base::LogLevel::kDebug, "request refused", error.text)) {
    log.write(base::LogLevel::kDebug, "request refused",
              {{"reason", error.text}, {"address", text(client_.address)}});
  }
  const HttpRequest* const head = reader_->head();
  http_api::Response response = http_api::error_response(error);
  response.sharing = routes_.sharing(head ? *head : request_);
  respond_and_close(std::move(response));
}

// A body that belongs to a client that was let in may take its time.
void HttpProtocol::watch_body() {
  if (reader_->is_too_large()) {
    return refuse(http_api::kContentTooLarge);
  }
  if (!session_ || !session_->is_admitted()) return;
  const base::TimePoint now = turn_.now().steady;
  if (!assembly_) {
    assembly_ = std::make_unique<base::Assembly>(routes_.settings().message_timeout, now);
  }
  assembly_->has(reader_->body_bytes(), now);
  connection_.set_deadline(assembly_->deadline());
}

void HttpProtocol::refuse_address() {
  constexpr std::chrono::seconds kRetryAfter{60};
  respond_and_close(http_api::too_many_requests(kRetryAfter));
}

void HttpProtocol::identify(const HttpRequest& head) { client_ = routes_.identify(sender_, head); }

void HttpProtocol::take(HttpRequest request) {
  request_ = std::move(request);
  const std::size_t bytes = request_.body().size();
  if (bytes == 0 || bytes <= routes_.max_body_bytes(request_)) return handle();
  refuse(http_api::kContentTooLarge);
}

// Some requests matter before they are complete.
void HttpProtocol::announce() {
  is_announced_ = true;
  identify(*reader_->head());
  reader_->limit_body(routes_.max_body_bytes(*reader_->head()));
  routes_.announce(*this, *reader_->head());
}

void HttpProtocol::handle() {
  state_ = State::kHandling;
  is_announced_ = false;
  assembly_.reset();
  connection_.set_deadline(base::TimePoint::max());
  identify(request_);
  routes_.handle(*this, request_);
}

void HttpProtocol::respond(http_api::Response response) {
  send(std::move(response), request_.keep_alive() && !routes_.is_stopping());
}

void HttpProtocol::respond_and_close(http_api::Response response) {
  send(std::move(response), false);
}

void HttpProtocol::send(http_api::Response response, bool keep_alive) {
  http_api::add_cors_headers(
      response, routes_.settings().cors_origins,
      {.method = method(request_),
       .origin = header(request_, http::field::origin),
       .request_method = header(request_, http::field::access_control_request_method),
       .request_headers = header(request_, http::field::access_control_request_headers)});
  const bool is_head = request_.method() == http::verb::head;
  const bool is_large = !is_head && response.body.view().size() > kPieceBytes;
  append_response(connection_.output(), response,
                  {.head_only = is_head || is_large,
                   .keep_alive = keep_alive ? routes_.settings().keep_alive_timeout
                                            : std::chrono::milliseconds::zero(),
                   .unix_seconds = turn_.now().unix_seconds});
  // Moved out, because assigning an empty one would keep the memory of a long body.
  const HttpRequest answered = std::exchange(request_, {});
  state_ = State::kSending;
  is_last_ = !keep_alive;
  if (!is_large) return end_response();
  body_ = std::move(response.body);
  send_piece();
}

// A large body goes out piece by piece, so that a client that reads slowly costs no more than one.
void HttpProtocol::send_piece() {
  connection_.output() += body_.view().substr(body_sent_, kPieceBytes);
  body_sent_ += kPieceBytes;
  connection_.set_deadline(turn_.now().steady + kSendTimeout);
  if (body_sent_ < body_.view().size()) return;
  body_ = {};
  body_sent_ = 0;
  end_response();
}

// The last of the response is on its way.
void HttpProtocol::end_response() {
  if (is_last_) {
    state_ = State::kClosing;
    connection_.close_after_sending();
  } else {
    connection_.set_deadline(turn_.now().steady + kSendTimeout);
  }
}

void HttpProtocol::answer_poll(std::string payload) {
  session_ = nullptr;
  respond({.status = 200,
           .content_type = "text/plain; charset=UTF-8",
           .body = http_api::Body(std::move(payload)),
           .headers = {{"Cache-Control", "no-store"}}});
}

void HttpProtocol::answer_post() {
  session_ = nullptr;
  respond({.status = 200,
           .content_type = "text/html",
           .body = http_api::Body::of_static("ok"),
           .headers = {{"Cache-Control", "no-store"}}});
}

void HttpProtocol::closing() {
  reader_.reset();
  pending_ = std::string();
  recount();
}

void HttpProtocol::closed() {
  if (Session* const session = std::exchange(session_, nullptr)) session->lost(*this);
}

void HttpProtocol::drained() {
  if (state_ == State::kReading) {
    read_next();
  } else if (state_ == State::kSending) {
    go_on();
  }
  recount();
}

// The response has gone out, or what there was of it.
void HttpProtocol::go_on() {
  if (body_sent_ > 0) return send_piece();
  state_ = State::kReading;
  connection_.set_deadline(turn_.now().steady + routes_.settings().keep_alive_timeout);
  if (!pending_.empty()) return connection_.yield();  // one request a turn
  if (routes_.is_stopping()) connection_.close_after_sending();
}

void HttpProtocol::stop() {
  if (state_ == State::kReading) connection_.close_after_sending();
}

void HttpProtocol::drop(Shortage /*shortage*/) {
  if (state_ != State::kReading || !reader_->has_begun()) return;
  refuse(http_api::kUnavailable);
}

void HttpProtocol::time_over() {
  if (state_ != State::kReading || !reader_->has_begun()) return connection_.abort();
  base::Log& log = routes_.log();
  if (log.admits(base::LogLevel::kWarn, "request timed out")) {
    log.write(base::LogLevel::kWarn, "request timed out", {{"address", text(client_.address)}});
  }
  refuse(http_api::kRequestTimeout);
}

void HttpProtocol::expect_request() {
  connection_.set_deadline(turn_.now().steady + routes_.settings().header_timeout);
}

}  // namespace heliograph::net
