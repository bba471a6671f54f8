#include "net/http_request_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

namespace heliograph::net {
namespace {

namespace http = boost::beast::http;
using http_api::Error;

// The parser throws at a longer name or value.
constexpr std::size_t kMostHeadBytes = std::numeric_limits<std::uint16_t>::max();

// RFC 9112 §2.2: empty lines before a request are not part of it.
std::size_t count_empty_lines(std::string_view bytes) {
  std::size_t count = 0;
  while (bytes.substr(count).starts_with("\r\n")) count += 2;
  return count;
}

// RFC 9112 §3.2
bool has_good_host(const HttpRequest& request) {
  const std::size_t hosts = request.count(http::field::host);
  return hosts == 1 || (hosts == 0 && request.version() < 11);
}

// RFC 9112 §6.1: whoever understands another coding than we do sees other requests behind this one.
bool has_good_coding(const HttpRequest& request) {
  const std::size_t codings = request.count(http::field::transfer_encoding);
  if (codings == 0) return true;
  return codings == 1 && request.version() >= 11 &&
         boost::beast::iequals(request[http::field::transfer_encoding], "chunked");
}

bool expects_invitation(const HttpRequest& request) {
  return request.version() >= 11 &&
         boost::beast::iequals(request[http::field::expect], "100-continue");
}

}  // namespace

HttpRequestReader::HttpRequestReader(const Limits& limits)
    : limits_{std::min(limits.head_bytes, kMostHeadBytes), limits.body_bytes} {}

HttpRequestReader::Result HttpRequestReader::read(std::string& bytes) {
  std::size_t used = parser_ ? 0 : count_empty_lines(bytes);
  if (!parser_ && used < bytes.size()) begin();
  std::optional<Error> error;
  while (parser_ && !parser_->is_done() && !error) {
    const std::size_t before = used;
    error = step(std::string_view(bytes).substr(before), used);
    if (used == before) break;
  }
  bytes.erase(0, used);
  if (error) return *error;
  if (parser_ && parser_->is_done()) return take_request();
  if (std::exchange(expects_invitation_, false)) return Invite{};
  return Incomplete{};
}

void HttpRequestReader::begin() {
  parser_.emplace();
  parser_->header_limit(std::numeric_limits<std::uint32_t>::max());  // counted here, see step()
  parser_->body_limit(limits_.body_bytes);
  head_bytes_ = 0;
  most_body_bytes_ = limits_.body_bytes;
  has_head_ = false;
}

// Feeds the parser once. Its own limit on headers begins anew at every call, and there is none on
// the extensions of a chunk or on trailers. What it needs more for has to fit into one piece here.
std::optional<Error> HttpRequestReader::step(std::string_view bytes, std::size_t& used) {
  const std::size_t most = limits_.head_bytes - head_bytes_;
  const std::string_view piece = bytes.substr(0, most);
  if (piece.empty()) return std::nullopt;

  boost::system::error_code error;
  const std::size_t taken = parser_->put(boost::asio::buffer(piece.data(), piece.size()), error);
  used += taken;
  if (error == http::error::need_more) {
    if (piece.size() == most) return http_api::kHeadersTooLarge;
    if (!parser_->is_header_done()) head_bytes_ += taken;
    return std::nullopt;
  }
  if (error == http::error::body_limit) return http_api::kContentTooLarge;
  if (error) return http_api::kBadRequest;
  if (has_head_ || !parser_->is_header_done()) return std::nullopt;
  head_bytes_ = 0;
  return take_head();
}

// Kept apart from the parser, which would put the trailers among the headers (RFC 9110 §6.5.1).
std::optional<Error> HttpRequestReader::take_head() {
  has_head_ = true;
  request_.base() = std::move(parser_->get().base());
  if (!has_good_host(request_) || !has_good_coding(request_)) return http_api::kBadRequest;
  expects_invitation_ = !parser_->is_done() && expects_invitation(request_);
  return std::nullopt;
}

bool HttpRequestReader::is_too_large() const {
  if (!has_begun()) return false;
  return std::max<std::uint64_t>(body_bytes(), parser_->content_length().value_or(0)) >
         most_body_bytes_;
}

HttpRequest HttpRequestReader::take_request() {
  request_.body() = std::move(parser_->get().body());
  parser_.reset();
  expects_invitation_ = false;
  return std::exchange(request_, {});
}

}  // namespace heliograph::net
