#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/beast/http/parser.hpp>

#include "base/text.hpp"
#include "http/errors.hpp"
#include "http/request.hpp"

namespace heliograph::http {

/// Reads requests from a client's bytes, one after the other (RFC 9112). Holds no more of a request
/// than its limits allow, however it arrives. Trailers are read and dropped. Folded lines (§5.2)
/// and lines that end in a bare LF (§2.2) are refused as soon as they show.
class RequestReader {
 public:
  struct Limits {
    std::size_t
        head_bytes;  // the request line and the headers together; as much again for trailers
    std::size_t body_bytes;
  };
  struct Incomplete {};  // come again with more
  struct Invite {};      // the client wants a 100 before it sends the body (RFC 9110 §10.1.1)
  using Result = std::variant<Incomplete, Invite, Request, Error>;

  explicit RequestReader(const Limits& limits);

  /// Removes the bytes of the request that it returns from the front of `bytes`, or all that it has
  /// understood of an incomplete one. After an Error, close the connection.
  Result read(std::string& bytes);

  /// A request has begun and is not complete.
  bool has_begun() const { return parser_.has_value(); }
  /// From now on the body of the request that has begun may have only this many bytes.
  void limit_body(std::size_t bytes) { most_body_bytes_ = bytes; }
  /// The part of the body that has arrived.
  std::size_t body_bytes() const { return has_begun() ? parser_->get().body().size() : 0; }
  /// The memory that it takes.
  std::size_t held_bytes() const {
    return has_begun() ? base::heap_bytes(parser_->get().body()) : 0;
  }
  /// Whether the body that has begun, or that its head announces, is longer than it may be.
  bool is_too_large() const;

  /// The head of the request that has begun, if that is complete; else nullptr.
  const Request* head() const { return has_begun() && has_head_ ? &request_ : nullptr; }

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void begin();
  bool is_between_chunks() const;
  bool has_bad_lines(std::string_view bytes);
  std::string_view cut_data_end(std::string_view bytes) const;
  std::optional<Error> step(std::string_view bytes, std::size_t& used);
  std::optional<Error> take_head();
  Request take_request();

  Limits limits_;
  std::optional<Parser> parser_;
  Request request_;  // its head, once that is complete
  std::size_t head_bytes_ = 0;
  std::size_t good_bytes_ = 0;     // of what the parser has not taken: whole lines that are good
  std::size_t chunked_bytes_ = 0;  // of the body: those of the chunks that have begun
  std::size_t most_body_bytes_ = 0;
  bool has_head_ = false;
  bool expects_invitation_ = false;
};

}  // namespace heliograph::http
