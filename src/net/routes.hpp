#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "engineio/session.hpp"
#include "gateway/application.hpp"
#include "net/address_table.hpp"
#include "net/admission.hpp"
#include "net/exchange.hpp"
#include "net/handover.hpp"
#include "net/http_protocol.hpp"
#include "net/http_request.hpp"
#include "net/session_id.hpp"
#include "net/sessions.hpp"
#include "net/upgrades.hpp"

namespace heliograph::net {

/// The place of a worker among those of its node.
struct WorkerPlace {
  std::uint16_t index = 0;
  std::uint16_t count = 1;
  /// Gives a request to the worker that its session or its peer lives on.
  std::function<void(std::uint16_t worker, Handover)> hand_over{};
};

/// Where the requests of Engine.IO go: to a new session, to one of this worker's, or to the worker
/// of theirs. What it refers to must outlive it.
class EngineIoRoutes {
 public:
  EngineIoRoutes(const HttpContext& context, const WorkerPlace& place, Sessions& sessions,
                 AddressTable& addresses, const Admission& admission, const Upgrades& upgrades);

  /// Answers. New sessions are `application`'s.
  void handle(Exchange& exchange, HttpRequest& request, gateway::Application& application);
  /// The head of a request has come, and its body is still to come. May answer.
  void announce(Exchange& exchange, const HttpRequest& head);
  /// Bytes that the body of the request with this head may have.
  std::size_t max_body_bytes(const HttpRequest& head) const;

 private:
  static bool is_as_long_as_goodbye(const HttpRequest& head);
  bool take_goodbye(Exchange& exchange, const HttpRequest& request, const SessionId& id,
                    gateway::Application& application) const;
  bool is_elsewhere(const std::optional<SessionId>& id) const;
  void open_polling(Exchange& exchange, gateway::Application& application);
  void open_websocket(Exchange& exchange, const HttpRequest& request,
                      gateway::Application& application);
  void tell_version(Exchange& exchange, const HttpRequest& request, engineio::Transport transport);
  void poll(Exchange& exchange, Session& session) const;
  void post(Exchange& exchange, const HttpRequest& request, Session& session) const;
  void probe(Exchange& exchange, const HttpRequest& request, Session& session);
  std::optional<AddressTable::SessionPlace> enter_session(Exchange& exchange) const;
  bool may_open_websocket(Exchange& exchange, const HttpRequest& request) const;

  const HttpContext& context_;
  const WorkerPlace& place_;
  Sessions& sessions_;
  AddressTable& addresses_;
  const Admission& admission_;
  const Upgrades& upgrades_;
};

}  // namespace heliograph::net
