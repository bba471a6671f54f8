#include "http_api/router.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <variant>

#include "base/json.hpp"
#include "base/text.hpp"
#include "http/json_response.hpp"
#include "http/target.hpp"
#include "http_api/app_request.hpp"
#include "http_api/content_type.hpp"
#include "http_api/errors.hpp"
#include "http_api/public_folder.hpp"
#include "http_api/representation.hpp"

namespace heliograph::http_api {

namespace {

constexpr std::string_view kReading = "GET, HEAD, OPTIONS";
constexpr std::string_view kWriting = "POST, OPTIONS";
constexpr std::string_view kAppPath = "/app";
constexpr std::string_view kDemoPage = "/demo.html";
constexpr std::string_view kClientFolder = "/socket.io/";
constexpr std::string_view kDemoApp = "demo";
constexpr std::chrono::seconds kDemoTokenLifetime = std::chrono::hours(1);
// The name comes back in every token, and every event carries one.
constexpr std::size_t kMaxAppBytes = 255;

// The embedded demo's own pages: scripts, styles and pictures of this server and no others, no
// inline ones, no text that becomes markup, no other host to talk to ('self' covers the WebSocket),
// no frame in it. Who may frame it is added.
constexpr std::string_view kDemoPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types "
    "'none'; ";

bool is_allowed(std::string_view method, std::string_view allowed) {
  while (!allowed.empty()) {
    if (base::trim(base::cut_first(allowed, ',')) == method) return true;
  }
  return false;
}

// The answer to a method that is not the route's to answer: OPTIONS itself, or one that is wrong.
http::Response answer_method(std::string_view method, std::string_view allowed) {
  http::Response response;
  if (method == "OPTIONS") {
    response.status = 204;
  } else {
    response = http::error_response(http::kMethodNotAllowed);
  }
  response.headers.emplace_back("Allow", allowed);
  return response;
}

// A file as a response: 304 when the client has it already. It may keep it, and asks each time.
http::Response file_response(std::string_view path, http::Body body, std::string etag,
                             const Request& request) {
  http::Response response;
  response.headers = {{"Cache-Control", "no-cache"}, {"X-Content-Type-Options", "nosniff"}};
  if (etag_matches(request.if_none_match, etag)) {
    response.status = 304;
  } else {
    response.content_type = content_type_of(path);
    response.body = std::move(body);
  }
  response.headers.emplace_back("ETag", std::move(etag));
  return response;
}

// To a path relative to the request's (RFC 9110 §10.2.2), which also works below a prefix.
http::Response redirect_to(std::string_view path) {
  http::Response response;
  response.status = 308;
  response.headers = {{"Location", std::string(path)}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

http::Response healthy() {
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = http::Body::of_static("ok");
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

// RFC 6750 §2.1: the token of an Authorization header, nothing if that has another form.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
  const std::string_view scheme = base::cut_first(authorization, ' ');
  const std::string_view token = base::trim(authorization);
  if (!base::equals_ignoring_case(scheme, "Bearer") || token.empty()) return std::nullopt;
  return token;
}

// RFC 6750 §3: what was missing is not called an error.
http::Response ask_for_bearer_token(bool has_token) {
  http::Response response = http::error_response(http::kUnauthorized);
  std::string challenge = R"(Bearer realm="heliograph")";
  if (has_token) challenge += R"(, error="invalid_token")";
  std::ranges::find(response.headers, "WWW-Authenticate", &http::Header::first)->second =
      std::move(challenge);
  return response;
}

// CSP 3 §6.4.2: keywords stand in quotes, which would be a nuisance in a setting.
std::string frame_ancestors(std::string_view sources) {
  std::string directive = "frame-ancestors";
  while (!sources.empty()) {
    const std::string_view source = base::cut_first(sources, ' ');
    if (source.empty()) continue;
    const bool is_keyword = source == "none" || source == "self";
    directive += is_keyword ? " '" : " ";
    directive += source;
    if (is_keyword) directive += '\'';
  }
  return directive;
}

// What a browser can show in a frame and run the scripts of.
bool is_document(std::string_view content_type) {
  return content_type.starts_with("text/html") || content_type.starts_with("text/xml") ||
         content_type.starts_with("image/svg+xml");
}

}  // namespace

struct Router::Route {
  std::string_view path;
  std::string_view allowed;
  Answer (*answer)(const Router&, const Request&);
  bool demo_only = false;
  http::Sharing sharing = http::Sharing::kAsConfigured;
};

const Router::Route Router::kRoutes[] = {
    {"/", kReading,
     [](const Router&, const Request&) -> Answer {
       return http::error_response(http::kUnauthorized);
     }},
    {"/healthz", kReading, [](const Router&, const Request&) -> Answer { return healthy(); }},
    {"/readyz", kReading,
     [](const Router& router, const Request& request) -> Answer {
       return router.tell_readiness(request);
     }},
    {kAppPath, kWriting,
     [](const Router& router, const Request& request) -> Answer {
       return router.issue_app_token(request);
     },
     false, http::Sharing::kNamedOrigins},
    {"/ice-servers", kReading,
     [](const Router& router, const Request& request) { return router.tell_ice_servers(request); }},
    {"/demo/", kReading,
     [](const Router&, const Request&) -> Answer { return redirect_to("../demo"); }},
    {"/demo/config.json", kReading,
     [](const Router& router, const Request& request) -> Answer {
       return router.demo_configuration(request);
     },
     true, http::Sharing::kSameOrigin},
};

Router::Router(Settings settings, const auth::Tokens& tokens, Assets assets, Questions questions)
    : settings_(std::move(settings)),
      tokens_(tokens),
      assets_(assets),
      questions_(std::move(questions)),
      frame_ancestors_(frame_ancestors(settings_.frame_ancestors)),
      password_code_(settings_.app_pass),
      expected_code_(password_code_(settings_.app_pass)) {}

http::Sharing Router::sharing_of(std::string_view target) {
  const std::optional<std::string> path = base::percent_decode(http::path_of(target));
  if (!path) return http::Sharing::kAsConfigured;
  const auto* const route = std::ranges::find(kRoutes, *path, &Route::path);
  return route != std::end(kRoutes) ? route->sharing : http::Sharing::kAsConfigured;
}

Answer Router::handle(const Request& request) const {
  const std::optional<std::string> path = base::percent_decode(http::path_of(request.target));
  if (!path) return http::error_response(http::kBadRequest);
  if (std::optional<Answer> answer = routed(*path, request)) return std::move(*answer);
  http::Response response = file(*path == "/demo" ? kDemoPage : *path, request);
  const bool is_there = response.status == 200 || response.status == 304;
  if (is_there && !is_allowed(request.method, "GET, HEAD")) {
    return answer_method(request.method, kReading);
  }
  return response;
}

base::Duration Router::wait_for_app_request(const Request& request) const {
  if (request.limited_address == base::IpAddress{} || !settings_.failures.wait) return {};
  return settings_.failures.wait(request.limited_address, auth::Attempt::kAppRequest, request.now);
}

std::optional<http::Response> Router::refuse_early(const Request& head) const {
  if (head.method != "POST" || base::percent_decode(http::path_of(head.target)) != kAppPath) {
    return std::nullopt;
  }
  const base::Duration wait = wait_for_app_request(head);
  if (wait <= base::Duration::zero()) return std::nullopt;
  return http::too_many_requests(std::chrono::ceil<std::chrono::milliseconds>(wait));
}

std::optional<Answer> Router::routed(std::string_view path, const Request& request) const {
  const auto* const route = std::ranges::find(kRoutes, path, &Route::path);
  if (route == std::end(kRoutes) || (route->demo_only && !settings_.demo)) return std::nullopt;
  const bool is_asked_for =
      request.method != "OPTIONS" && is_allowed(request.method, route->allowed);
  Answer answer =
      is_asked_for ? route->answer(*this, request) : answer_method(request.method, route->allowed);
  if (auto* response = std::get_if<http::Response>(&answer)) response->sharing = route->sharing;
  return answer;
}

// The password comes first: who does not know it learns nothing else about the request.
http::Response Router::issue_app_token(const Request& request) const {
  if (auto refusal = refuse_early(request)) return *std::move(refusal);
  const std::variant<AppRequest, http::Error> read = read_app_request(request);
  if (const http::Error* error = std::get_if<http::Error>(&read)) {
    return http::error_response(*error);
  }
  const auto& asked = std::get<AppRequest>(read);
  if (!asked.password || !is_password(*asked.password)) {
    if (request.limited_address != base::IpAddress{} && settings_.failures.note) {
      settings_.failures.note(request.limited_address, auth::Attempt::kAppRequest, request.now);
    }
    return http::error_response(http::kUnauthorized);
  }
  if (!asked.app_is_text) return http::error_response(kAppNotText);
  if (!asked.app || asked.app->empty()) return http::error_response(kAppMissing);
  if (asked.app->size() > kMaxAppBytes) return http::error_response(kAppTooLong);
  if (!asked.lifetime_is_good) return http::error_response(kBadLifetime);

  const std::int64_t expires_at =
      asked.lifetime ? request.unix_seconds + *asked.lifetime : auth::kNever;
  std::string envelope = R"({"status":200,"error":null,"response":{"token":)";
  json::append_string(envelope, tokens_.issue_app(*asked.app, expires_at));
  envelope += "}}";
  return http::json_response(200, std::move(envelope));
}

// A token outlives its peer; a credential for the relay is for those who are here.
http::Response Router::tell_readiness(const Request& request) const {
  const Readiness readiness = questions_.find_readiness(request.now);
  if (readiness == Readiness::kReady) return healthy();
  http::Response response =
      http::error_response(readiness == Readiness::kDraining ? kDraining : kRedisUnreachable);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Answer Router::tell_ice_servers(const Request& request) const {
  const std::optional<std::string_view> token = bearer_token(request.authorization);
  if (!token) return ask_for_bearer_token(false);
  const auto claims = tokens_.verify_session(*token, request.unix_seconds);
  if (!claims) return ask_for_bearer_token(true);
  const auto found = questions_.find_peer(*claims, request.unix_seconds);
  if (const auto* elsewhere = std::get_if<Elsewhere>(&found)) return *elsewhere;
  if (!std::holds_alternative<Present>(found)) return ask_for_bearer_token(true);

  const std::string user = auth::turn_user_name(request.limited_address, claims->socket);
  const std::string servers =
      settings_.ice_servers.for_user(claims->app, user, request.unix_seconds);
  const auto lifetime = settings_.ice_servers.lifetime();
  std::string envelope = R"({"status":200,"error":null,"response":{"ice_servers":)";
  envelope += servers.empty() ? "[]" : servers;
  envelope += R"(,"ttl":)";
  envelope += lifetime ? std::to_string(lifetime->count()) : "null";
  envelope += "}}";
  return http::json_response(200, std::move(envelope));
}

// Same origin only, whatever CORS_ORIGIN says: see docs/decisions/demo-token.md.
http::Response Router::demo_configuration(const Request& request) const {
  std::string text = R"({"token":)";
  json::append_string(
      text, tokens_.issue_demo(kDemoApp, request.unix_seconds + kDemoTokenLifetime.count()));
  text += '}';
  return http::json_response(200, std::move(text));
}

// The browser client is always there; beside it either the public folder or the embedded demo.
http::Response Router::file(std::string_view path, const Request& request) const {
  if (!is_plain_path(path)) return http::error_response(http::kNotFound);
  if (path.starts_with(kClientFolder)) return asset(path, request);
  if (!settings_.public_dir.empty()) return public_file(path, request);
  return settings_.demo ? asset(path, request) : http::error_response(http::kNotFound);
}

http::Response Router::public_file(std::string_view path, const Request& request) const {
  FileResult result = read_public_file(settings_.public_dir, path);
  if (auto* bytes = std::get_if<std::string>(&result)) {
    std::string etag = etag_of(*bytes);
    http::Response response =
        file_response(path, http::Body(std::move(*bytes)), std::move(etag), request);
    if (is_document(content_type_of(path))) protect_public_page(response);
    return response;
  }
  return http::error_response(std::get<http::Error>(result));
}

http::Response Router::asset(std::string_view path, const Request& request) const {
  const auto found = std::ranges::lower_bound(assets_, path, {}, &Asset::path);
  if (found == assets_.end() || found->path != path) return http::error_response(http::kNotFound);
  const bool zipped = !found->gzip.empty() && accepts_gzip(request.accept_encoding);
  std::string etag(found->etag);
  if (zipped) etag.insert(etag.size() - 1, "-gzip");  // RFC 9110 §8.8.3.3: another representation
  http::Response response = file_response(
      path, http::Body::of_static(zipped ? found->gzip : found->bytes), std::move(etag), request);
  if (!found->gzip.empty()) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (zipped && response.status == 200) response.headers.emplace_back("Content-Encoding", "gzip");
  if (content_type_of(path).starts_with("text/html")) protect_demo(response);
  return response;
}

void Router::protect_demo(http::Response& response) const {
  response.headers.emplace_back("Content-Security-Policy",
                                std::string(kDemoPolicy) + frame_ancestors_);
  response.headers.emplace_back("Permissions-Policy",
                                "camera=(self), microphone=(self), display-capture=(self)");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
}

// Not "no-referrer": what such a page loads from elsewhere may want to know its site, which never
// gets to know the room in the page's query.
void Router::protect_public_page(http::Response& response) const {
  response.headers.emplace_back("Content-Security-Policy", frame_ancestors_);
  response.headers.emplace_back("Referrer-Policy", "strict-origin-when-cross-origin");
}

bool Router::is_password(std::string_view password) const {
  return !settings_.app_pass.empty() &&
         auth::constant_time_equal(auth::as_text(password_code_(password)),
                                   auth::as_text(expected_code_));
}

}  // namespace heliograph::http_api
