#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "engineio/error.hpp"
#include "net/exchange.hpp"
#include "net/http_request.hpp"
#include "net/proxies.hpp"

namespace heliograph::net {

/// Which pages may connect, and what a request is told that is refused. What it refers to must
/// outlive it.
class Admission {
 public:
  /// `allowed_origins`: see http_api::is_origin_allowed().
  Admission(const std::vector<std::string>& allowed_origins, const Proxies& proxies, base::Log& log)
      : allowed_origins_(allowed_origins), proxies_(proxies), log_(log) {}

  /// Answers if it returns false. Every request is judged, so that a page that learns of a session
  /// cannot use it.
  bool admits_origin(Exchange& exchange, const HttpRequest& request) const;

  void refuse(Exchange& exchange, engineio::Error error, std::string_view reason) const;
  void refuse_and_close(Exchange& exchange, engineio::Error error, std::string_view reason) const;
  void log_refusal(const Exchange& exchange, engineio::Error error, std::string_view reason) const;

 private:
  const std::vector<std::string>& allowed_origins_;
  const Proxies& proxies_;
  base::Log& log_;
};

}  // namespace heliograph::net
