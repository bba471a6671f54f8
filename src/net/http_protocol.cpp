#include "net/http_protocol.hpp"

#include <utility>

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>

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
// How long it may take to read a response.
constexpr std::chrono::seconds kSendTimeout{30};

http_api::Error error_of(const boost::system::error_code& error) {
  if (error == http::error::header_limit) return http_api::kHeadersTooLarge;
  if (error == http::error::body_limit) return http_api::kContentTooLarge;
  return http_api::kBadRequest;
}

}  // namespace

HttpProtocol::HttpProtocol(LoopTurn& turn, Connection& connection, Routes& routes)
    : turn_(turn), connection_(connection), routes_(routes) {
  set_deadline();
}

HttpProtocol::~HttpProtocol() = default;

void HttpProtocol::resume(HttpRequest request, std::string rest) {
  request_ = std::move(request);
  pending_ = std::move(rest);
  handle();
}

void HttpProtocol::receive(std::span<char> bytes) {
  if (state_ == State::kClosing) return;
  pending_.append(bytes.data(), bytes.size());
  if (state_ == State::kReading) return read_next();
  if (pending_.size() > kMaxAheadBytes) connection_.abort();
}

void HttpProtocol::read_next() {
  if (!parser_) {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(routes_.settings().max_header_bytes));
    parser_->body_limit(routes_.max_body_bytes());
    parser_->eager(true);
    has_invited_body_ = false;
    set_deadline();
  }
  if (!feed_parser()) return;
  request_ = parser_->release();
  parser_.reset();
  handle();
}

// True when the request is whole.
bool HttpProtocol::feed_parser() {
  std::size_t used = 0;
  boost::system::error_code error;
  while (!parser_->is_done() && used < pending_.size()) {
    const auto rest = boost::asio::buffer(pending_.data() + used, pending_.size() - used);
    const std::size_t taken = parser_->put(rest, error);
    used += taken;
    if (error == http::error::need_more) error = {};
    if (error || taken == 0) break;
  }
  pending_.erase(0, used);
  if (error) {
    refuse(error);
    return false;
  }
  if (!parser_->is_done() && parser_->is_header_done()) invite_body();
  return parser_->is_done();
}

// RFC 9110 §10.1.1
void HttpProtocol::invite_body() {
  if (has_invited_body_) return;
  has_invited_body_ = true;
  const auto expect = parser_->get()[http::field::expect];
  if (boost::beast::iequals(expect, "100-continue")) {
    connection_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
  }
}

void HttpProtocol::refuse(const boost::system::error_code& error) {
  respond_and_close(http_api::error_response(error_of(error)));
}

void HttpProtocol::handle() {
  state_ = State::kHandling;
  connection_.set_deadline(base::TimePoint::max());
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
  append_response(connection_.output(), response,
                  {.head_only = request_.method() == http::verb::head,
                   .keep_alive = keep_alive,
                   .unix_seconds = turn_.now().unix_seconds});
  request_ = {};
  if (keep_alive) {
    state_ = State::kSending;
    connection_.set_deadline(turn_.now().steady + kSendTimeout);
  } else {
    state_ = State::kClosing;
    connection_.close_after_sending();
  }
}

void HttpProtocol::wait_for(Session& session) { session_ = &session; }

void HttpProtocol::answer_poll(std::string payload) {
  session_ = nullptr;
  respond({.status = 200,
           .content_type = "text/plain; charset=UTF-8",
           .body = http_api::Body(std::move(payload)),
           .headers = {{"Cache-Control", "no-store"}}});
}

void HttpProtocol::closed() {
  if (Session* const session = std::exchange(session_, nullptr)) session->poll_lost();
}

void HttpProtocol::drained() {
  if (state_ != State::kSending) return;
  state_ = State::kReading;
  set_deadline();
  if (!pending_.empty()) read_next();
}

void HttpProtocol::stop() {
  if (state_ == State::kReading) connection_.close_after_sending();
}

void HttpProtocol::time_over() {
  if (state_ != State::kReading || !parser_) return connection_.abort();
  respond_and_close(http_api::error_response(http_api::kRequestTimeout));
}

void HttpProtocol::set_deadline() {
  connection_.set_deadline(turn_.now().steady + routes_.settings().header_timeout);
}

}  // namespace heliograph::net
