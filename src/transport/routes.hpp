#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "engineio/session_state.hpp"
#include "gateway/application.hpp"
#include "http/exchange.hpp"
#include "http/handover.hpp"
#include "http/http1.hpp"
#include "http/request.hpp"
#include "transport/address_table.hpp"
#include "transport/admission.hpp"
#include "transport/session_id.hpp"
#include "transport/sessions.hpp"
#include "transport/upgrades.hpp"

namespace heliograph::transport {

/// The way to the other workers of the node, for requests whose session or peer lives there.
struct Handovers {
  std::uint16_t worker = 0;  // this one
  std::uint16_t workers = 1;
  std::function<void(std::uint16_t worker, http::Handover handover)> give{};

  bool leads_to(std::uint16_t other) const { return other != worker && other < workers; }
};

/// Passes the requests of Engine.IO to a new session, to one of this worker's, or to the worker of
/// theirs. Its arguments must outlive it.
class Routes {
 public:
  Routes(const http::SharedByConnections& shared, const Handovers& handovers, Sessions& sessions,
         AddressTable& addresses, const Admission& admission, const Upgrades& upgrades);

  /// Answers. New sessions are `application`'s.
  void on_request(http::Exchange& exchange, http::Request& request,
                  gateway::Application& application);
  /// The head of a request has come, and its body is still to come. May answer.
  void on_head(http::Exchange& exchange, const http::Request& head);
  /// Bytes that the body of the request with this head may have.
  std::size_t max_body_bytes(const http::Request& head) const;

 private:
  void on_handshake(http::Exchange& exchange, const http::Request& request,
                    engineio::Transport transport, gateway::Application& application);
  static Session::ExpectedBody expected_body(const http::Request& head);
  bool answer_goodbye(http::Exchange& exchange, const http::Request& request, const SessionId& id,
                      gateway::Application& application) const;
  bool is_elsewhere(const std::optional<SessionId>& id) const;
  void open_polling(http::Exchange& exchange, gateway::Application& application);
  void open_websocket(http::Exchange& exchange, const http::Request& request,
                      gateway::Application& application);
  void tell_version(http::Exchange& exchange, const http::Request& request,
                    engineio::Transport transport);
  void poll(http::Exchange& exchange, Session& session) const;
  void post(http::Exchange& exchange, const http::Request& request, Session& session) const;
  void probe(http::Exchange& exchange, const http::Request& request, Session& session);
  std::optional<AddressTable::SessionPlace> enter_session(http::Exchange& exchange) const;

  const http::SharedByConnections& shared_;
  const Handovers& handovers_;
  Sessions& sessions_;
  AddressTable& addresses_;
  const Admission& admission_;
  const Upgrades& upgrades_;
};

}  // namespace heliograph::transport
