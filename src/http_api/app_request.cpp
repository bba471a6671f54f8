#include "http_api/app_request.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/target.hpp"
#include "http_api/errors.hpp"

namespace heliograph::http_api {

namespace {

constexpr unsigned kMaxBodyDepth = 32;

void take_lifetime(AppRequest& request, std::optional<std::uint64_t> seconds) {
  request.lifetime_is_good = seconds && *seconds >= 1 && *seconds <= kMaxAppLifetime;
  if (request.lifetime_is_good) request.lifetime = static_cast<std::uint32_t>(*seconds);
}

AppRequest from_form(std::string_view body) {
  AppRequest request;
  request.app = http::form_field(body, "app");
  request.password = http::form_field(body, "password");
  request.app_is_text = !request.app || base::is_valid_utf8(*request.app);
  if (const auto lifetime = http::form_field(body, "lifetime")) {
    take_lifetime(request, json::decode_unsigned({*lifetime, json::Kind::kNumber}));
  }
  return request;
}

std::variant<AppRequest, http::Error> from_json(std::string_view body) {
  json::Outline outline;
  if (outline.parse(body, kMaxBodyDepth) != json::Status::kOk ||
      outline.root() != json::Kind::kObject) {
    return kBadJson;
  }
  const json::Element& root = outline.elements().front();
  AppRequest request;
  if (const json::Value* app = outline.find(root, "app");
      app != nullptr && app->kind != json::Kind::kNull) {
    request.app = json::decode_string(*app);
    request.app_is_text = request.app.has_value();
  }
  if (const json::Value* password = outline.find(root, "password")) {
    request.password = json::decode_string(*password);
  }
  if (const json::Value* lifetime = outline.find(root, "lifetime");
      lifetime != nullptr && lifetime->kind != json::Kind::kNull) {
    take_lifetime(request, json::decode_unsigned(*lifetime));
  }
  return request;
}

}  // namespace

std::variant<AppRequest, http::Error> read_app_request(const Request& request) {
  std::string_view parameters = request.content_type;
  const std::string_view type = base::trim(base::cut_first(parameters, ';'));
  if (type.empty() && request.body.empty()) return AppRequest{};
  if (base::equals_ignoring_case(type, "application/x-www-form-urlencoded")) {
    return from_form(request.body);
  }
  if (base::equals_ignoring_case(type, "application/json")) return from_json(request.body);
  return kUnsupportedMediaType;
}

}  // namespace heliograph::http_api
