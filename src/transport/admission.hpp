#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "engineio/error.hpp"
#include "http/exchange.hpp"
#include "http/proxies.hpp"
#include "http/request.hpp"

namespace heliograph::transport {

/// Decides which pages may connect, and answers requests that are refused. Its arguments must
/// outlive it.
class Admission {
 public:
  /// `allowed_origins`: see http::is_origin_allowed().
  Admission(const std::vector<std::string>& allowed_origins, const http::Proxies& proxies,
            base::Log& log)
      : allowed_origins_(allowed_origins), proxies_(proxies), log_(log) {}

  /// Answers if it returns false. Every request is judged, so that a page that learns of a session
  /// cannot use it.
  bool admits_origin(http::Exchange& exchange, const http::Request& request) const;

  void refuse(http::Exchange& exchange, engineio::Error error, std::string_view reason) const;
  void refuse_and_close(http::Exchange& exchange, engineio::Error error,
                        std::string_view reason) const;
  void log_refusal(const http::Exchange& exchange, engineio::Error error,
                   std::string_view reason) const;

 private:
  const std::vector<std::string>& allowed_origins_;
  const http::Proxies& proxies_;
  base::Log& log_;
};

}  // namespace heliograph::transport
