#include "transport/admission.hpp"

#include <boost/beast/http/field.hpp>

#include "http/json_response.hpp"
#include "http/origin.hpp"
#include "reactor/address.hpp"

namespace heliograph::transport {
namespace {

using engineio::Error;

http::Response error_response(engineio::Error error, std::string_view reason) {
  return http::json_response(engineio::http_status(error), engineio::error_body(error, reason));
}

}  // namespace

bool Admission::admits_origin(http::Exchange& exchange, const http::Request& request) const {
  constexpr std::string_view kEvent = "origin refused";
  constexpr std::size_t kMostLogged = 255;
  const std::string_view origin = http::header(request, boost::beast::http::field::origin);
  const std::string_view host = proxies_.host(exchange.sender(), request);
  if (http::is_origin_allowed(allowed_origins_, origin, host)) return true;
  if (log_.admits(base::LogLevel::kWarn, kEvent)) {
    log_.write(base::LogLevel::kWarn, kEvent,
               {{"origin", origin.substr(0, kMostLogged)},
                {"host", host.substr(0, kMostLogged)},
                {"address", reactor::text(exchange.client().address)}});
  }
  exchange.respond_and_close(error_response(Error::kForbidden, "origin not allowed"));
  return false;
}

void Admission::refuse(http::Exchange& exchange, Error error, std::string_view reason) const {
  log_refusal(exchange, error, reason);
  exchange.respond(error_response(error, reason));
}

void Admission::refuse_and_close(http::Exchange& exchange, Error error,
                                 std::string_view reason) const {
  log_refusal(exchange, error, reason);
  exchange.respond_and_close(error_response(error, reason));
}

void Admission::log_refusal(const http::Exchange& exchange, Error error,
                            std::string_view reason) const {
  if (!log_.admits(base::LogLevel::kDebug, "request refused", reason)) return;
  log_.write(base::LogLevel::kDebug, "request refused",
             {{"code", engineio::text(error)},
              {"reason", reason},
              {"address", reactor::text(exchange.client().address)}});
}

}  // namespace heliograph::transport
