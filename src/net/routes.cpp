// Long because all requests pass the same checks, whatever they ask for.
#include "net/routes.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "engineio/old_version.hpp"
#include "http_api/errors.hpp"
#include "http_api/origin.hpp"
#include "http_api/router.hpp"
#include "http_api/target.hpp"
#include "net/http_protocol.hpp"
#include "net/loop_turn.hpp"
#include "net/sessions.hpp"
#include "net/websocket_protocol.hpp"
#include "websocket/handshake.hpp"

namespace heliograph::net {
namespace {

namespace http = boost::beast::http;
using engineio::Error;
using engineio::Transport;
using gateway::CloseReason;

// The query parameter EIO, and what is wrong if that of a session's request is another.
constexpr std::string_view kVersion = "4";
constexpr std::string_view kOtherVersion = "EIO must be 4, as when the session was opened";

// What the HTTP API takes: POST /app needs two short texts.
constexpr std::size_t kMostApiBytes = 16UL * 1024;

// A query parameter's value as sent; empty where there is none. Those of Engine.IO need no
// decoding.
std::string_view query_parameter(std::string_view target, std::string_view name) {
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return {};
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

// Of a session: the version may be left out.
bool is_of_another_version(const HttpRequest& request) {
  const std::string_view version = query_parameter(target(request), "EIO");
  return !version.empty() && version != kVersion;
}

// "/socket.io/" is asked for with and without its last slash.
bool is_below(std::string_view mount, std::string_view path) {
  return path == mount || (path.size() + 1 == mount.size() && mount.starts_with(path));
}

// The header may come several times, as one list (RFC 9110 §5.3).
bool has_connection_option(const HttpRequest& request, std::string_view option) {
  const auto fields = request.equal_range(http::field::connection);
  return std::any_of(fields.first, fields.second, [&](const auto& field) {
    return http::token_list{field.value()}.exists({option.data(), option.size()});
  });
}

// RFC 6455 §4.2.1
bool is_websocket_upgrade(const HttpRequest& request) {
  return request.method() == http::verb::get && request.version() >= 11 &&
         boost::beast::iequals(request[http::field::upgrade], "websocket") &&
         has_connection_option(request, "upgrade") &&
         websocket::is_valid_key(header(request, http::field::sec_websocket_key));
}

// Why a request opens no WebSocket; empty if it may. RFC 6455 §11.3.1 and §11.3.5 allow one header
// of a kind.
std::string_view handshake_problem(const HttpRequest& request) {
  std::size_t keys = 0;
  std::size_t versions = 0;
  for (const auto& field : request) {
    if (field.name() == http::field::sec_websocket_key) ++keys;
    if (field.name() == http::field::sec_websocket_version) ++versions;
  }
  if (keys > 1) return "more than one Sec-WebSocket-Key";
  if (versions > 1) return "more than one Sec-WebSocket-Version";
  return is_websocket_upgrade(request) ? "" : "not a WebSocket handshake";
}

// The header may come several times, as one list (RFC 6455 §11.3.4).
std::optional<std::string_view> first_subprotocol(const HttpRequest& request) {
  const auto fields = request.equal_range(http::field::sec_websocket_protocol);
  for (auto field = fields.first; field != fields.second; ++field) {
    const auto list = field->value();
    if (const auto found = websocket::first_subprotocol({list.data(), list.size()})) return found;
  }
  return std::nullopt;
}

http_api::Request view_of(const HttpRequest& request, std::string_view target,
                          const ClientAddress& client, const base::Now& now) {
  return {.method = method(request),
          .target = target,
          .body = request.body(),
          .content_type = header(request, http::field::content_type),
          .if_none_match = header(request, http::field::if_none_match),
          .authorization = header(request, http::field::authorization),
          .accept_encoding = header(request, http::field::accept_encoding),
          .limited_address = client.limited(),
          .unix_seconds = now.unix_seconds,
          .now = now.real};
}

bool is_preflight(const HttpRequest& request) {
  return request.method() == http::verb::options &&
         !request[http::field::access_control_request_method].empty();
}

http_api::Response no_content(http_api::Sharing sharing) {
  http_api::Response response;
  response.status = 204;
  response.sharing = sharing;
  return response;
}

http_api::Response error_response(engineio::Error error, std::string_view reason) {
  http_api::Response response;
  response.status = engineio::http_status(error);
  response.content_type = "application/json; charset=utf-8";
  response.body = http_api::Body(engineio::error_body(error, reason));
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  return response;
}

// The handler of a WebSocket that is only told why it is closed; its messages are ignored.
class NoHandler final : public WebSocketHandler {
  void received(WebSocketProtocol&, const gateway::Message&) override {}
  void lost(WebSocketProtocol&, gateway::CloseReason) override {}
};

}  // namespace

Routes::Routes(Parts parts, Mounts mounts)
    : parts_(std::move(parts)),
      mounts_(std::move(mounts)),
      websocket_limits_{.max_message_bytes = parts_.max_body_bytes,
                        .max_unsent_bytes = settings().max_unsent_bytes,
                        .message_patience = settings().message_timeout} {}

Routes::~Routes() = default;

// A health check need not know the base path.
std::optional<std::string_view> Routes::target_below_base(const HttpRequest& request) const {
  constexpr std::string_view kHealth = "/healthz";
  const bool may_be_health = target(request).starts_with(kHealth);
  if (may_be_health && http_api::path_of(target(request)) == kHealth) return target(request);
  return http_api::below(settings().base_path, target(request));
}

void Routes::handle(HttpProtocol& http, HttpRequest& request) {
  const auto local_target = target_below_base(request);
  if (!local_target) return http.respond(http_api::error_response(http_api::kNotFound));
  if (is_preflight(request)) {
    return http.respond(no_content(http_api::Router::sharing_of(*local_target)));
  }
  const std::string_view path = http_api::path_of(*local_target);
  for (EngineIoMount& mount : mounts_.engineio) {
    if (is_below(mount.path, path)) return handle_engineio(http, request, mount);
  }
  for (WebSocketMount& mount : mounts_.websocket) {
    if (is_below(mount.path, path)) return echo(http, request, mount);
  }
  if (!mounts_.http) return http.respond(http_api::error_response(http_api::kNotFound));
  http_api::Answer answer =
      mounts_.http(view_of(request, *local_target, http.client(), parts_.turn.now()));
  if (const auto* elsewhere = std::get_if<http_api::Elsewhere>(&answer)) {
    return parts_.hand_over(elsewhere->worker, http.hand_over());
  }
  http.respond(std::get<http_api::Response>(std::move(answer)));
}

// Answers where it returns false. Every request is judged, so that a page that learns of a session
// cannot use it.
bool Routes::admits_origin(HttpProtocol& http, const HttpRequest& request) const {
  constexpr std::string_view kEvent = "origin refused";
  constexpr std::size_t kMostLogged = 255;
  const std::string_view origin = header(request, http::field::origin);
  const std::string_view host = parts_.proxies.host(http.sender(), request);
  if (http_api::is_origin_allowed(settings().allowed_origins, origin, host)) return true;
  if (parts_.log.admits(base::LogLevel::kWarn, kEvent)) {
    parts_.log.write(base::LogLevel::kWarn, kEvent,
                     {{"origin", origin.substr(0, kMostLogged)},
                      {"host", host.substr(0, kMostLogged)},
                      {"address", text(http.client().address)}});
  }
  http.respond_and_close(error_response(Error::kForbidden, "origin not allowed"));
  return false;
}

// Checks in the order of Engine.IO servers: origin, transport, session, then what a handshake
// needs.
void Routes::handle_engineio(HttpProtocol& http, HttpRequest& request, EngineIoMount& mount) {
  if (!admits_origin(http, request)) return;
  const std::string_view name = query_parameter(target(request), "transport");
  const bool is_websocket = name == "websocket";
  if (!is_websocket && name != "polling") {
    return refuse(http, Error::kUnknownTransport, "transport must be polling or websocket");
  }
  const Transport transport = is_websocket ? Transport::kWebSocket : Transport::kPolling;
  const std::string_view sid = query_parameter(target(request), "sid");
  if (sid.empty()) {
    if (request.method() != http::verb::get) {
      return refuse(http, Error::kBadHandshakeMethod, "a session is opened with GET");
    }
    const std::string_view version = query_parameter(target(request), "EIO");
    if (version == engineio::kOldVersion) return tell_version(http, request, transport);
    if (version != kVersion) {
      return refuse(http, Error::kUnsupportedVersion, "EIO must be 4: Socket.IO 3 or newer");
    }
    return is_websocket ? open_websocket(http, request, mount) : open_polling(http, request, mount);
  }

  const auto id = parse_session_id(sid);
  if (is_elsewhere(id)) return parts_.hand_over(id->worker, http.hand_over());
  Session* const session = id ? parts_.sessions.find(*id) : nullptr;
  if (!session && id && take_goodbye(http, request, *id, *mount.application)) return;
  if (!session) {
    return refuse(http, Error::kUnknownSession, "the session has ended, or was never here");
  }
  if (is_of_another_version(request)) {
    return refuse(http, Error::kUnsupportedVersion, kOtherVersion);
  }
  if (is_websocket) return probe(http, request, *session);
  if (request.method() == http::verb::get) return poll(http, *session);
  if (request.method() == http::verb::post) return post(http, request, *session);
  refuse(http, Error::kBadRequest, "a session takes GET and POST");
}

// Of a page whose last poll the browser has ended already.
bool Routes::take_goodbye(HttpProtocol& http, const HttpRequest& request, const SessionId& id,
                          gateway::Application& application) const {
  const bool is_goodbye =
      request.method() == http::verb::post && request.body() == Session::kGoodbye;
  if (!is_goodbye) return false;
  const auto client = parts_.sessions.take_lost(id);
  if (!client) return false;
  application.goodbye(*client, parts_.turn.now());
  http.answer_post();
  return true;
}

bool Routes::is_elsewhere(const std::optional<SessionId>& id) const {
  return id && id->worker != parts_.worker && id->worker < parts_.workers;
}

bool Routes::is_for_engineio(const HttpRequest& request) const {
  const auto local_target = target_below_base(request);
  if (!local_target) return false;
  return std::ranges::any_of(mounts_.engineio, [&](const EngineIoMount& mount) {
    return is_below(mount.path, http_api::path_of(*local_target));
  });
}

http_api::Sharing Routes::sharing(const HttpRequest& head) const {
  return http_api::Router::sharing_of(target_below_base(head).value_or(""));
}

// A session of another worker is judged there.
std::size_t Routes::max_body_bytes(const HttpRequest& head) const {
  if (!is_for_engineio(head)) return std::min(kMostApiBytes, parts_.max_body_bytes);
  const auto id = parse_session_id(query_parameter(target(head), "sid"));
  if (is_elsewhere(id)) return parts_.max_body_bytes;
  const Session* const session = id ? parts_.sessions.find(*id) : nullptr;
  return session ? session->max_body_bytes() : kMostBeforeConnect;
}

bool Routes::is_as_long_as_goodbye(const HttpRequest& head) {
  return header(head, http::field::content_length) == std::to_string(Session::kGoodbye.size());
}

// "A client MUST NOT have more than one active POST request" (Engine.IO 4): that shows before the
// first one is complete.
void Routes::announce(HttpProtocol& http, const HttpRequest& head) {
  if (head.method() != http::verb::post) return;
  if (!is_for_engineio(head)) return announce_to_api(http, head);
  if (!admits_origin(http, head)) return;
  const auto id = parse_session_id(query_parameter(target(head), "sid"));
  if (is_elsewhere(id)) return parts_.hand_over(id->worker, http.hand_over());
  Session* const session = id ? parts_.sessions.find(*id) : nullptr;
  if (session && is_of_another_version(head)) {
    refuse_and_close(http, Error::kUnsupportedVersion, kOtherVersion);
  } else if (session && !session->begin_post(http, is_as_long_as_goodbye(head))) {
    refuse_and_close(http, Error::kBadRequest, session->refusal());
  }
}

void Routes::announce_to_api(HttpProtocol& http, const HttpRequest& head) const {
  const auto local_target = target_below_base(head);
  if (!local_target || !mounts_.refuse_early) return;
  auto refusal =
      mounts_.refuse_early(view_of(head, *local_target, http.client(), parts_.turn.now()));
  if (refusal) http.respond_and_close(*std::move(refusal));
}

bool Routes::enter(Connection& connection, const IpAddress& address) {
  if (!parts_.proxies.counts_connection(address)) return true;
  auto place = parts_.addresses.add_connection(address, parts_.turn.now().real);
  if (!place) return false;
  connection.occupy(*std::move(place));
  return true;
}

ClientAddress Routes::identify(const Sender& sender, const HttpRequest& head) const {
  const ClientAddress client = parts_.proxies.client(sender, head);
  if (client.is_of_unknown_proxy && parts_.addresses.is_time_to_warn(parts_.turn.now().real)) {
    parts_.log.warn("forwarding header of an unknown proxy",
                    {{"address", text(sender.address)},
                     {"advice",
                      "list its network in TRUSTED_PROXIES; its clients are not limited "
                      "by address until then"}});
  }
  return client;
}

// Answers if it returns nothing.
std::optional<AddressTable::SessionPlace> Routes::enter_session(HttpProtocol& http) const {
  const ClientAddress& client = http.client();
  if (!client.is_limited) return AddressTable::SessionPlace();
  auto entered = parts_.addresses.add_session(client.address, parts_.turn.now().real);
  if (auto* place = std::get_if<AddressTable::SessionPlace>(&entered)) return std::move(*place);
  log_refusal(http, Error::kForbidden, "too many sessions of this address");
  http.respond_and_close(http_api::too_many_requests(std::get<std::chrono::milliseconds>(entered)));
  return std::nullopt;
}

void Routes::open_polling(HttpProtocol& http, const HttpRequest&, EngineIoMount& mount) {
  if (is_stopping_) return http.respond(http_api::error_response(http_api::kUnavailable));
  auto place = enter_session(http);
  if (!place) return;
  Session& session = parts_.sessions.create(Transport::kPolling, http.client(), *std::move(place));
  session.open(*mount.application);
  poll(http, session);
}

void Routes::open_websocket(HttpProtocol& http, HttpRequest& request, EngineIoMount& mount) {
  if (!may_open_websocket(http, request)) return;
  auto place = enter_session(http);
  if (!place) return;
  Session& session =
      parts_.sessions.create(Transport::kWebSocket, http.client(), *std::move(place));
  session.attach(upgrade(http, request, session));
  session.open(*mount.application);
}

void Routes::tell_version(HttpProtocol& http, HttpRequest& request, Transport transport) {
  constexpr CloseReason kReason = CloseReason::kUnsupportedVersion;
  if (transport == Transport::kPolling) {
    log_refusal(http, Error::kUnsupportedVersion, gateway::text(kReason).text);
    return http.answer_poll(engineio::old_version_payload());
  }
  if (!may_open_websocket(http, request)) return;
  log_refusal(http, Error::kUnsupportedVersion, gateway::text(kReason).text);
  NoHandler no_handler;  // it is called no more once close() has been
  WebSocketProtocol& websocket = upgrade(http, request, no_handler);
  for (const std::string& packet : engineio::old_version_packets()) {
    websocket.send(websocket::Opcode::kText, packet);
  }
  websocket.close(kReason);
}

void Routes::poll(HttpProtocol& http, Session& session) const {
  if (!session.poll(http)) refuse(http, Error::kBadRequest, session.refusal());
}

void Routes::post(HttpProtocol& http, const HttpRequest& request, Session& session) const {
  if (!session.post(http, request.body())) refuse(http, Error::kBadRequest, session.refusal());
}

void Routes::probe(HttpProtocol& http, HttpRequest& request, Session& session) {
  if (!may_open_websocket(http, request)) return;
  const bool may_probe = session.begin_probe();
  WebSocketProtocol& websocket = upgrade(http, request, session);
  // One too many is told by a close frame, which pages can see, other than an HTTP status.
  if (!may_probe) return websocket.close(CloseReason::kUpgradeRefused);
  session.attach_probe(websocket);
}

void Routes::echo(HttpProtocol& http, HttpRequest& request, WebSocketMount& mount) {
  if (!admits_origin(http, request) || !may_open_websocket(http, request)) return;
  upgrade(http, request, *mount.handler).admit();
}

// RFC 6455 §4.2.1 and §4.2.2; answers where it returns false.
bool Routes::may_open_websocket(HttpProtocol& http, const HttpRequest& request) const {
  const std::string_view problem = handshake_problem(request);
  if (is_stopping_) {
    http.respond_and_close(http_api::error_response(http_api::kUnavailable));
  } else if (!problem.empty()) {
    refuse_and_close(http, Error::kBadRequest, problem);
  } else if (request[http::field::sec_websocket_version] != "13") {
    http_api::Response response = http_api::error_response(426, "Upgrade Required");
    response.headers.emplace_back("Sec-WebSocket-Version", "13");
    response.headers.emplace_back("Upgrade", "websocket");
    response.headers.emplace_back("Connection", "Upgrade");
    http.respond_and_close(std::move(response));
  } else {
    return true;
  }
  return false;
}

void Routes::refuse(HttpProtocol& http, Error error, std::string_view reason) const {
  log_refusal(http, error, reason);
  http.respond(error_response(error, reason));
}

void Routes::refuse_and_close(HttpProtocol& http, Error error, std::string_view reason) const {
  log_refusal(http, error, reason);
  http.respond_and_close(error_response(error, reason));
}

void Routes::log_refusal(HttpProtocol& http, Error error, std::string_view reason) const {
  base::Log& log = parts_.log;
  if (!log.admits(base::LogLevel::kDebug, "request refused", reason)) return;
  log.write(base::LogLevel::kDebug, "request refused",
            {{"code", engineio::text(error)},
             {"reason", reason},
             {"address", text(http.client().address)}});
}

WebSocketProtocol& Routes::upgrade(HttpProtocol& http, const HttpRequest& request,
                                   WebSocketHandler& handler) {
  Connection& connection = http.connection();
  std::string& out = connection.output();
  out += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  out += "Sec-WebSocket-Accept: ";
  out += websocket::accept_key(header(request, http::field::sec_websocket_key));
  // Browsers fail a handshake that answers none of the subprotocols that they offered.
  if (const auto subprotocol = first_subprotocol(request)) {
    out += "\r\nSec-WebSocket-Protocol: ";
    out += *subprotocol;
  }
  out += "\r\n\r\n";
  auto websocket = std::make_unique<WebSocketProtocol>(connection, handler, websocket_limits_);
  WebSocketProtocol& protocol = *websocket;
  connection.switch_to(std::move(websocket), http.take_rest());
  return protocol;
}

}  // namespace heliograph::net
