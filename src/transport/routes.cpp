#include "transport/routes.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <boost/beast/http/field.hpp>

#include "engineio/old_version.hpp"
#include "http/errors.hpp"
#include "transport/polling.hpp"

namespace heliograph::transport {
namespace {

namespace beast_http = boost::beast::http;
using engineio::Error;
using engineio::Transport;
using gateway::CloseReason;

constexpr std::string_view kPolling = "polling";
// The query parameter EIO, and what is wrong if that of a session's request is another.
constexpr std::string_view kVersion = "4";
constexpr std::string_view kOtherVersion = "EIO must be 4, as when the session was opened";

// A query parameter's value as sent; empty if there is none. Those of Engine.IO need no
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
bool is_of_another_version(const http::Request& request) {
  const std::string_view version = query_parameter(http::target(request), "EIO");
  return !version.empty() && version != kVersion;
}

// The handler of a WebSocket that is only told why it is closed; its messages are ignored.
class NoHandler final : public WebSocketHandler {
  void on_message(WebSocketProtocol&, const gateway::Message&) override {}
  void lost(WebSocketProtocol&, gateway::CloseReason) override {}
};

}  // namespace

Routes::Routes(const http::SharedByConnections& shared, const Handovers& handovers,
               Sessions& sessions, AddressTable& addresses, const Admission& admission,
               const Upgrades& upgrades)
    : shared_(shared),
      handovers_(handovers),
      sessions_(sessions),
      addresses_(addresses),
      admission_(admission),
      upgrades_(upgrades) {}

// Checks in the order of Engine.IO servers: origin, transport, session, then what a handshake
// needs.
void Routes::on_request(http::Exchange& exchange, http::Request& request,
                        gateway::Application& application) {
  if (!admission_.admits_origin(exchange, request)) return;
  const std::string_view name = query_parameter(http::target(request), "transport");
  const bool is_websocket = name == "websocket";
  if (!is_websocket && name != kPolling) {
    return admission_.refuse(exchange, Error::kUnknownTransport,
                             "transport must be polling or websocket");
  }
  const Transport transport = is_websocket ? Transport::kWebSocket : Transport::kPolling;
  const std::string_view sid = query_parameter(http::target(request), "sid");
  if (sid.empty()) return on_handshake(exchange, request, transport, application);

  const auto id = parse_session_id(sid);
  if (is_elsewhere(id)) return handovers_.give(id->worker, exchange.hand_over());
  Session* const session = id ? sessions_.find(*id) : nullptr;
  if (!session && id && answer_goodbye(exchange, request, *id, application)) return;
  if (!session) {
    return admission_.refuse(exchange, Error::kUnknownSession,
                             "the session has ended, or was never here");
  }
  if (is_of_another_version(request)) {
    return admission_.refuse(exchange, Error::kUnsupportedVersion, kOtherVersion);
  }
  if (is_websocket) return probe(exchange, request, *session);
  if (request.method() == beast_http::verb::get) return poll(exchange, *session);
  if (request.method() == beast_http::verb::post) return post(exchange, request, *session);
  admission_.refuse(exchange, Error::kBadRequest, "a session takes GET and POST");
}

void Routes::on_handshake(http::Exchange& exchange, const http::Request& request,
                          Transport transport, gateway::Application& application) {
  if (request.method() != beast_http::verb::get) {
    return admission_.refuse(exchange, Error::kBadHandshakeMethod, "a session is opened with GET");
  }
  const std::string_view version = query_parameter(http::target(request), "EIO");
  if (version == engineio::kOldVersion) return tell_version(exchange, request, transport);
  if (version != kVersion) {
    return admission_.refuse(exchange, Error::kUnsupportedVersion,
                             "EIO must be 4: Socket.IO 3 or newer");
  }
  return transport == Transport::kWebSocket ? open_websocket(exchange, request, application)
                                            : open_polling(exchange, application);
}

// Of a page whose last poll the browser has ended already.
bool Routes::answer_goodbye(http::Exchange& exchange, const http::Request& request,
                            const SessionId& id, gateway::Application& application) const {
  const bool is_goodbye =
      request.method() == beast_http::verb::post && request.body() == Session::kGoodbye;
  if (!is_goodbye) return false;
  const auto client = sessions_.take_lost(id);
  if (!client) return false;
  application.goodbye(*client, shared_.turn.now());
  exchange.respond(post_response());
  return true;
}

bool Routes::is_elsewhere(const std::optional<SessionId>& id) const {
  return id && handovers_.leads_to(id->worker);
}

// A session of another worker is judged there.
std::size_t Routes::max_body_bytes(const http::Request& head) const {
  const auto id = parse_session_id(query_parameter(http::target(head), "sid"));
  if (is_elsewhere(id)) return shared_.max_body_bytes;
  const Session* const session = id ? sessions_.find(*id) : nullptr;
  return session ? session->max_body_bytes() : kMostBeforeConnect;
}

// By its length.
Session::ExpectedBody Routes::expected_body(const http::Request& head) {
  const bool may_be_goodbye = http::header(head, beast_http::field::content_length) ==
                              std::to_string(Session::kGoodbye.size());
  return may_be_goodbye ? Session::ExpectedBody::kGoodbye : Session::ExpectedBody::kPackets;
}

// "A client MUST NOT have more than one active POST request" (Engine.IO 4): that shows before the
// first one is complete.
void Routes::on_head(http::Exchange& exchange, const http::Request& head) {
  if (head.method() != beast_http::verb::post) return;
  if (query_parameter(http::target(head), "transport") != kPolling) return;
  if (!admission_.admits_origin(exchange, head)) return;
  const auto id = parse_session_id(query_parameter(http::target(head), "sid"));
  if (is_elsewhere(id)) return handovers_.give(id->worker, exchange.hand_over());
  Session* const session = id ? sessions_.find(*id) : nullptr;
  if (session && is_of_another_version(head)) {
    admission_.refuse_and_close(exchange, Error::kUnsupportedVersion, kOtherVersion);
  } else if (session && !session->begin_post(exchange, expected_body(head))) {
    admission_.refuse_and_close(exchange, Error::kBadRequest, session->refusal());
  }
}

// Answers if it returns nothing.
std::optional<AddressTable::SessionPlace> Routes::enter_session(http::Exchange& exchange) const {
  const http::ClientAddress& client = exchange.client();
  if (!client.is_limited) return AddressTable::SessionPlace();
  auto entered = addresses_.add_session(client.address, shared_.turn.now().real);
  if (auto* place = std::get_if<AddressTable::SessionPlace>(&entered)) return std::move(*place);
  admission_.log_refusal(exchange, Error::kForbidden, "too many sessions of this address");
  exchange.respond_and_close(http::too_many_requests(std::get<std::chrono::milliseconds>(entered)));
  return std::nullopt;
}

void Routes::open_polling(http::Exchange& exchange, gateway::Application& application) {
  if (shared_.is_stopping) return exchange.respond(http::error_response(http::kUnavailable));
  auto place = enter_session(exchange);
  if (!place) return;
  Session& session = sessions_.create(Transport::kPolling, exchange.client(), *std::move(place));
  session.open(application);
  poll(exchange, session);
}

void Routes::open_websocket(http::Exchange& exchange, const http::Request& request,
                            gateway::Application& application) {
  if (!upgrades_.may_open(exchange, request)) return;
  auto place = enter_session(exchange);
  if (!place) return;
  Session& session = sessions_.create(Transport::kWebSocket, exchange.client(), *std::move(place));
  session.attach(upgrades_.open(exchange, request, session));
  session.open(application);
}

void Routes::tell_version(http::Exchange& exchange, const http::Request& request,
                          Transport transport) {
  constexpr CloseReason kReason = CloseReason::kUnsupportedVersion;
  if (transport == Transport::kPolling) {
    admission_.log_refusal(exchange, Error::kUnsupportedVersion, gateway::text(kReason).text);
    return exchange.respond(poll_response(engineio::old_version_payload()));
  }
  if (!upgrades_.may_open(exchange, request)) return;
  admission_.log_refusal(exchange, Error::kUnsupportedVersion, gateway::text(kReason).text);
  NoHandler no_handler;  // not called any more after close()
  WebSocketProtocol& websocket = upgrades_.open(exchange, request, no_handler);
  for (const std::string& packet : engineio::old_version_packets()) {
    websocket.send(websocket::Opcode::kText, packet);
  }
  websocket.close(kReason);
}

void Routes::poll(http::Exchange& exchange, Session& session) const {
  if (!session.on_poll(exchange))
    admission_.refuse(exchange, Error::kBadRequest, session.refusal());
}

void Routes::post(http::Exchange& exchange, const http::Request& request, Session& session) const {
  if (session.on_post(exchange, request.body())) return;
  admission_.refuse(exchange, Error::kBadRequest, session.refusal());
}

void Routes::probe(http::Exchange& exchange, const http::Request& request, Session& session) {
  if (!upgrades_.may_open(exchange, request)) return;
  const bool may_probe = session.begin_probe();
  WebSocketProtocol& websocket = upgrades_.open(exchange, request, session);
  // One too many is told by a close frame, which pages can see, other than an HTTP status.
  if (!may_probe) return websocket.close(CloseReason::kUpgradeRefused);
  session.attach_probe(websocket);
}

}  // namespace heliograph::transport
