#include "net/admission.hpp"

#include <utility>

#include <boost/beast/http/field.hpp>

#include "http_api/origin.hpp"

namespace heliograph::net {
namespace {

using engineio::Error;

http_api::Response error_response(engineio::Error error, std::string_view reason) {
  http_api::Response response;
  response.status = engineio::http_status(error);
  response.content_type = "application/json; charset=utf-8";
  response.body = http_api::Body(engineio::error_body(error, reason));
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

}  // namespace

bool Admission::admits_origin(Exchange& exchange, const HttpRequest& request) const {
  constexpr std::string_view kEvent = "origin refused";
  constexpr std::size_t kMostLogged = 255;
  const std::string_view origin = header(request, boost::beast::http::field::origin);
  const std::string_view host = proxies_.host(exchange.sender(), request);
  if (http_api::is_origin_allowed(allowed_origins_, origin, host)) return true;
  if (log_.admits(base::LogLevel::kWarn, kEvent)) {
    log_.write(base::LogLevel::kWarn, kEvent,
               {{"origin", origin.substr(0, kMostLogged)},
                {"host", host.substr(0, kMostLogged)},
                {"address", text(exchange.client().address)}});
  }
  exchange.respond_and_close(error_response(Error::kForbidden, "origin not allowed"));
  return false;
}

void Admission::refuse(Exchange& exchange, Error error, std::string_view reason) const {
  log_refusal(exchange, error, reason);
  exchange.respond(error_response(error, reason));
}

void Admission::refuse_and_close(Exchange& exchange, Error error, std::string_view reason) const {
  log_refusal(exchange, error, reason);
  exchange.respond_and_close(error_response(error, reason));
}

void Admission::log_refusal(const Exchange& exchange, Error error, std::string_view reason) const {
  if (!log_.admits(base::LogLevel::kDebug, "request refused", reason)) return;
  log_.write(base::LogLevel::kDebug, "request refused",
             {{"code", engineio::text(error)},
              {"reason", reason},
              {"address", text(exchange.client().address)}});
}

}  // namespace heliograph::net
