#include "http/request_reader.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

namespace heliograph::http {
namespace {

namespace beast_http = boost::beast::http;

// The parser throws at a longer name or value.
constexpr std::size_t kMostHeadBytes = std::numeric_limits<std::uint16_t>::max();

constexpr std::string_view kLineEnd = "\r\n";

// RFC 9112 §2.2: empty lines before a request are not part of it.
std::size_t count_empty_lines(std::string_view bytes) {
  std::size_t count = 0;
  while (bytes.substr(count).starts_with(kLineEnd)) count += kLineEnd.size();
  return count;
}

// RFC 9112 §3.2
bool has_good_host(const Request& request) {
  const std::size_t hosts = request.count(beast_http::field::host);
  return hosts == 1 || (hosts == 0 && request.version() < 11);
}

// RFC 9112 §6.1: a proxy that understands another coding than this sees other requests behind it.
bool has_good_coding(const Request& request) {
  const std::size_t codings = request.count(beast_http::field::transfer_encoding);
  if (codings == 0) return true;
  return codings == 1 && request.version() >= 11 &&
         boost::beast::iequals(request[beast_http::field::transfer_encoding], "chunked");
}

// Whether one of the lines that `bytes` begins with, up to an empty one, ends in a bare LF (RFC
// 9112 §2.2) or continues the one before (§5.2, obs-fold). The first `good` bytes are known to be
// lines that do neither; lines that are found to be good now are added.
bool has_bad_line(std::string_view bytes, std::size_t& good) {
  while (good < bytes.size()) {
    const std::string_view rest = bytes.substr(good);
    if (rest.front() == ' ' || rest.front() == '\t') return true;
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return false;
    if (end == 0 || rest[end - 1] != '\r') return true;
    if (end == 1) return false;
    good += end + 1;
  }
  return false;
}

// The size that a chunk's line begins with; 0 if that is none, which the parser refuses.
std::uint64_t chunk_bytes(std::string_view line) {
  std::uint64_t bytes = 0;
  std::from_chars(line.data(), line.data() + line.size(), bytes, 16);
  return bytes;
}

bool expects_invitation(const Request& request) {
  return request.version() >= 11 &&
         boost::beast::iequals(request[beast_http::field::expect], "100-continue");
}

}  // namespace

RequestReader::RequestReader(const Limits& limits)
    : limits_{std::min(limits.head_bytes, kMostHeadBytes), limits.body_bytes} {}

RequestReader::Result RequestReader::read(std::string& bytes) {
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

void RequestReader::begin() {
  parser_.emplace();
  parser_->header_limit(std::numeric_limits<std::uint32_t>::max());  // counted here, see step()
  parser_->body_limit(limits_.body_bytes);
  head_bytes_ = 0;
  good_bytes_ = 0;
  chunked_bytes_ = 0;
  most_body_bytes_ = limits_.body_bytes;
  has_head_ = false;
}

// Between the data of two chunks, or behind the last (RFC 9112 §7.1).
bool RequestReader::is_between_chunks() const {
  return has_head_ && parser_->chunked() && body_bytes() == chunked_bytes_;
}

// Looks at what the parser is about to get. It takes folded lines, and while it waits for the end
// of a line, or of all of them, it takes no notice of a bare LF.
bool RequestReader::has_bad_lines(std::string_view bytes) {
  if (!has_head_) return has_bad_line(bytes, good_bytes_);
  if (!is_between_chunks()) return false;
  const std::string_view line = cut_data_end(bytes);
  if (!kLineEnd.starts_with(bytes.substr(0, bytes.size() - line.size()))) return true;
  const bool is_last = chunk_bytes(line) == 0;  // trailers follow, else data
  return has_bad_line(is_last ? line : line.substr(0, line.find('\n') + 1), good_bytes_);
}

// Without the line end behind the data of the chunk before, if there was one.
std::string_view RequestReader::cut_data_end(std::string_view bytes) const {
  return chunked_bytes_ == 0 ? bytes : bytes.substr(std::min(bytes.size(), kLineEnd.size()));
}

// Feeds the parser once. Its own limit on headers starts again at each call, and it has none on
// the extensions of a chunk or on trailers. All that it needs more bytes for must fit into one
// piece.
std::optional<Error> RequestReader::step(std::string_view bytes, std::size_t& used) {
  const std::size_t most = limits_.head_bytes - head_bytes_;
  const std::string_view piece = bytes.substr(0, most);
  if (piece.empty()) return std::nullopt;
  if (has_bad_lines(piece)) return kBadLine;

  const bool begins_chunk = is_between_chunks();
  // The parser counts on the line end of a chunk before this one, which the first one has not.
  constexpr std::size_t kLeastOfLastChunk = 5;
  if (begins_chunk && piece.size() < kLeastOfLastChunk && piece.starts_with('0')) {
    return std::nullopt;
  }
  boost::system::error_code error;
  const std::size_t taken = parser_->put(boost::asio::buffer(piece.data(), piece.size()), error);
  used += taken;
  if (taken > 0) good_bytes_ = 0;
  if (error == beast_http::error::need_more) {
    if (piece.size() == most) return kHeadersTooLarge;
    if (!parser_->is_header_done()) head_bytes_ += taken;
    return std::nullopt;
  }
  if (error == beast_http::error::body_limit) return kContentTooLarge;
  if (error) return kBadRequest;
  if (begins_chunk) chunked_bytes_ += chunk_bytes(cut_data_end(piece));
  if (has_head_ || !parser_->is_header_done()) return std::nullopt;
  head_bytes_ = 0;
  return take_head();
}

// Kept apart from the parser, which would put the trailers among the headers (RFC 9110 §6.5.1).
std::optional<Error> RequestReader::take_head() {
  has_head_ = true;
  request_.base() = std::move(parser_->get().base());
  if (!has_good_host(request_) || !has_good_coding(request_)) return kBadRequest;
  expects_invitation_ = !parser_->is_done() && expects_invitation(request_);
  return std::nullopt;
}

bool RequestReader::is_too_large() const {
  if (!has_begun()) return false;
  return std::max<std::uint64_t>(body_bytes(), parser_->content_length().value_or(0)) >
         most_body_bytes_;
}

Request RequestReader::take_request() {
  request_.body() = std::move(parser_->get().body());
  parser_.reset();
  expects_invitation_ = false;
  return std::exchange(request_, {});
}

}  // namespace heliograph::http
