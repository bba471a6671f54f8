#include "http/http1.hpp"

#include <iterator>
#include <utility>
#include <variant>

#include <boost/beast/http/field.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "http/cors.hpp"
#include "reactor/address.hpp"

namespace heliograph::http {
namespace {

namespace beast_http = boost::beast::http;

// The bytes that a client may send ahead while its last request is being handled.
constexpr std::size_t kMaxAheadBytes = 64 * 1024;
// A large body goes out in parts of so many bytes. If more of an answer in pieces waits, its
// Responder is asked to wait, too.
constexpr std::size_t kPartBytes = 32 * 1024;
// How long it may take to read a response, or a part of a large one.
constexpr std::chrono::seconds kSendTimeout{30};

}  // namespace

Http1::Http1(const SharedByConnections& shared, Handler& handler, reactor::Connection& connection,
             const Sender& sender)
    : shared_(shared),
      handler_(handler),
      connection_(connection),
      sender_(sender),
      client_{.address = sender.address},
      reader_(std::make_unique<RequestReader>(RequestReader::Limits{
          .head_bytes = shared.settings.max_header_bytes, .body_bytes = shared.max_body_bytes})) {
  expect_request();
}

Http1::~Http1() { connection_.hold(counted_, 0); }

std::size_t Http1::held_bytes() const {
  return base::heap_bytes(pending_) + (reader_ ? reader_->held_bytes() : 0) +
         base::heap_bytes(request_.body());
}

void Http1::recount() {
  const std::size_t before = std::exchange(counted_, held_bytes());
  connection_.hold(before, counted_);
}

void Http1::resume(Handover handover) {
  pending_ = std::move(handover.rest);
  reader_ = std::move(handover.reader);
  if (handover.request) return on_request(*std::move(handover.request));
  on_head();
  if (state_ == State::kReading) read_next();
}

Handover Http1::hand_over() {
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

void Http1::admit() {
  is_admitted_ = true;
  connection_.admit();
}

void Http1::switch_to(std::unique_ptr<reactor::Protocol> protocol) {
  connection_.switch_to(std::move(protocol), std::move(pending_));
}

void Http1::on_bytes(std::span<char> bytes) {
  if (state_ == State::kClosing) return;
  pending_.append(bytes.data(), bytes.size());
  if (state_ == State::kReading) {
    read_next();
  } else if (pending_.size() > kMaxAheadBytes) {
    connection_.abort();
  }
  recount();
}

void Http1::read_next() {
  const bool was_idle = !reader_->has_begun();
  RequestReader::Result result = reader_->read(pending_);
  if (pending_.empty()) pending_.shrink_to_fit();
  if (auto* request = std::get_if<Request>(&result)) {
    return on_request(std::move(*request));
  }
  if (const auto* error = std::get_if<Error>(&result)) return refuse(*error);
  if (was_idle && reader_->has_begun()) expect_request();
  if (std::holds_alternative<RequestReader::Invite>(result)) {
    connection_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  if (reader_->head() && !handler_knows_head_) on_head();
  if (state_ == State::kReading && handler_knows_head_) watch_body();
}

// A request that no route gets, and of which there may be no more than a head.
void Http1::refuse(const Error& error) {
  base::Log& log = shared_.log;
  if (log.admits(base::LogLevel::kDebug, "request refused", error.text)) {
    log.write(base::LogLevel::kDebug, "request refused",
              {{"reason", error.text}, {"address", reactor::text(client_.address)}});
  }
  const Request* const head = reader_->head();
  Response response = error_response(error);
  response.sharing = handler_.sharing(head ? *head : request_);
  is_last_ = true;
  send_response(std::move(response));
}

// A body that belongs to a client that was let in may take its time.
void Http1::watch_body() {
  if (reader_->is_too_large()) {
    return refuse(kContentTooLarge);
  }
  if (!is_admitted_) return;
  const base::TimePoint now = shared_.turn.now().steady;
  if (!assembly_) {
    assembly_ = std::make_unique<base::Assembly>(shared_.settings.message_timeout, now);
  }
  assembly_->has(reader_->body_bytes(), now);
  connection_.set_deadline(assembly_->deadline());
}

void Http1::refuse_address() {
  constexpr std::chrono::seconds kRetryAfter{60};
  respond_and_close(too_many_requests(kRetryAfter));
}

void Http1::identify(const Request& head) { client_ = handler_.identify(sender_, head); }

void Http1::on_request(Request request) {
  request_ = std::move(request);
  const std::size_t bytes = request_.body().size();
  if (bytes == 0 || bytes <= handler_.max_body_bytes(request_)) return pass_to_handler();
  refuse(kContentTooLarge);
}

// Some requests matter before they are complete.
void Http1::on_head() {
  handler_knows_head_ = true;
  is_admitted_ = false;
  identify(*reader_->head());
  reader_->limit_body(handler_.max_body_bytes(*reader_->head()));
  handler_.on_head(*this, *reader_->head());
}

void Http1::pass_to_handler() {
  state_ = State::kHandling;
  handler_knows_head_ = false;
  assembly_.reset();
  connection_.set_deadline(base::TimePoint::max());
  identify(request_);
  handler_.on_request(*this, request_);
}

// Before the body has come, the head is all there is of the request. The connection ends with the
// answer, for the rest of the body is not read.
void Http1::take_head() {
  if (state_ != State::kReading || !reader_) return;
  if (const Request* const head = reader_->head()) request_.base() = head->base();
}

bool Http1::may_keep_alive() const {
  return state_ == State::kHandling && request_.keep_alive() && !shared_.is_stopping;
}

// Of the response whose is_last_ is set.
std::chrono::milliseconds Http1::keep_alive_time() const {
  return is_last_ ? std::chrono::milliseconds::zero() : shared_.settings.keep_alive_timeout;
}

void Http1::respond(Response response) {
  if (!can_answer()) return;
  is_last_ = !may_keep_alive();
  send_response(std::move(response));
}

void Http1::respond_and_close(Response response) {
  if (!can_answer()) return;
  is_last_ = true;
  send_response(std::move(response));
}

void Http1::write_head(Response& response, ResponseForm form) {
  add_cors_headers(response, shared_.settings.cors_origins, cors_request(request_));
  form.head_only = form.head_only || request_.method() == beast_http::verb::head;
  form.unix_seconds = shared_.turn.now().unix_seconds;
  append_response(connection_.output(), response, form);
}

void Http1::send_response(Response response) {
  take_head();
  const bool is_large =
      request_.method() != beast_http::verb::head && response.body.view().size() > kPartBytes;
  write_head(response, {.head_only = is_large, .keep_alive = keep_alive_time()});
  // Moved out, because assigning an empty one would keep the memory of a long body.
  const Request answered = std::exchange(request_, {});
  state_ = State::kSending;
  if (!is_large) return end_response();
  body_ = std::move(response.body);
  send_part();
}

// A large body goes out part by part, so that a client that reads slowly costs no more than one.
void Http1::send_part() {
  connection_.output() += body_.view().substr(body_sent_, kPartBytes);
  body_sent_ += kPartBytes;
  connection_.set_deadline(shared_.turn.now().steady + kSendTimeout);
  if (body_sent_ < body_.view().size()) return;
  body_ = {};
  body_sent_ = 0;
  end_response();
}

// Clients of HTTP/1.0 know no chunks: to them the body ends with the connection.
void Http1::begin(Response head) {
  if (!can_answer()) return;
  take_head();
  is_chunked_ = request_.version() >= 11;
  is_last_ = !is_chunked_ || !may_keep_alive();
  write_head(head, {.keep_alive = keep_alive_time(),
                    .length = is_chunked_ ? ResponseForm::Length::kChunked
                                          : ResponseForm::Length::kUntilClose});
  state_ = State::kStreaming;
  unsent_ = 0;
  connection_.set_deadline(shared_.turn.now().steady + kSendTimeout);
}

bool Http1::send(std::string_view piece) {
  if (state_ != State::kStreaming) return false;
  if (request_.method() == beast_http::verb::head || piece.empty()) return !is_held_up_;
  if (!connection_.make_room(piece.size())) {
    connection_.abort();
    return false;
  }
  const bool has_read = connection_.unsent() == 0 || connection_.unsent() < unsent_;
  if (has_read) connection_.set_deadline(shared_.turn.now().steady + kSendTimeout);
  std::string& out = connection_.output();
  if (is_chunked_) fmt::format_to(std::back_inserter(out), "{:x}\r\n", piece.size());
  out += piece;
  if (is_chunked_) out += "\r\n";
  unsent_ = connection_.unsent();
  // Once it was asked to wait, it is told in any case.
  is_held_up_ = is_held_up_ || connection_.unsent() > kPartBytes;
  return !is_held_up_;
}

// One answer in pieces does not keep the turn from the other connections.
void Http1::go_on_streaming() {
  connection_.set_deadline(base::TimePoint::max());
  if (!is_held_up_) return;
  if (std::exchange(has_yielded_, !has_yielded_)) {
    is_held_up_ = false;
    if (responder_) responder_->sent(*this);
  } else {
    connection_.yield();
  }
}

void Http1::end() {
  if (state_ != State::kStreaming) return;
  is_held_up_ = false;
  has_yielded_ = false;
  std::string& out = connection_.output();  // drained() is called even if nothing is appended
  if (is_chunked_ && request_.method() != beast_http::verb::head) out += "0\r\n\r\n";
  const Request answered = std::exchange(request_, {});
  state_ = State::kSending;
  end_response();
}

// The last of the response is on its way.
void Http1::end_response() {
  if (is_last_) {
    state_ = State::kClosing;
    connection_.close_after_sending();
  } else {
    connection_.set_deadline(shared_.turn.now().steady + kSendTimeout);
  }
}

void Http1::closing() {
  reader_.reset();
  pending_ = std::string();
  recount();
}

// Tells the responder, if it has not taken itself back.
void Http1::end_exchange() {
  if (Responder* const responder = std::exchange(responder_, nullptr)) {
    responder->client_gone(*this);
  }
}

void Http1::closed() { end_exchange(); }

void Http1::drained() {
  if (state_ == State::kReading) {
    read_next();
  } else if (state_ == State::kSending) {
    go_on();
  } else if (state_ == State::kStreaming) {
    go_on_streaming();
  }
  recount();
}

// The response has gone out, or what there was of it.
void Http1::go_on() {
  if (body_sent_ > 0) return send_part();
  end_exchange();
  state_ = State::kReading;
  connection_.set_deadline(shared_.turn.now().steady + shared_.settings.keep_alive_timeout);
  if (!pending_.empty()) return connection_.yield();  // one request a turn
  if (shared_.is_stopping) stop();
}

void Http1::stop() {
  if (state_ != State::kReading) return;
  state_ = State::kClosing;
  connection_.close_after_sending();
}

void Http1::drop(reactor::Shortage /*shortage*/) {
  if (state_ != State::kReading || !reader_->has_begun()) return;
  refuse(kUnavailable);
}

void Http1::time_over() {
  if (state_ != State::kReading || !reader_->has_begun()) return connection_.abort();
  base::Log& log = shared_.log;
  if (log.admits(base::LogLevel::kWarn, "request timed out")) {
    log.write(base::LogLevel::kWarn, "request timed out",
              {{"address", reactor::text(client_.address)}});
  }
  refuse(kRequestTimeout);
}

void Http1::expect_request() {
  connection_.set_deadline(shared_.turn.now().steady + shared_.settings.header_timeout);
}

}  // namespace heliograph::http
