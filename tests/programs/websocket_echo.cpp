// Echoes WebSocket messages of up to 16 MiB on `/`: the server's own connections and its HTTP and
// frame code, without sessions above them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "http/errors.hpp"
#include "http/http1.hpp"
#include "http/proxies.hpp"
#include "http/target.hpp"
#include "program.hpp"
#include "reactor/connections.hpp"
#include "reactor/listener.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/wakeup.hpp"
#include "transport/admission.hpp"
#include "transport/upgrades.hpp"
#include "transport/websocket_protocol.hpp"

namespace {

using namespace heliograph;

constexpr std::size_t kMaxMessage = 16 * 1024 * 1024;
constexpr std::size_t kMaxBody = 16 * 1024;

class Echo final : public transport::WebSocketHandler {
 public:
  void on_message(transport::WebSocketProtocol& from, const gateway::Message& message) override {
    from.send(message.binary ? websocket::Opcode::kBinary : websocket::Opcode::kText, message.data);
  }
  void lost(transport::WebSocketProtocol&, gateway::CloseReason) override {}
};

// One loop on 127.0.0.1. Only stop() may be called from another thread.
class EchoServer final : public http::Handler {
 public:
  EchoServer(std::uint16_t port, base::Log& log)
      : http_{.turn = turn_, .settings = settings_, .log = log, .max_body_bytes = kMaxBody},
        admission_(origins_, proxies_, log),
        listener_(
            turn_, reactor::resolve("127.0.0.1", port).front(), log,
            [this](reactor::Descriptor socket, const base::IpAddress& from) {
              on_connection(std::move(socket), from);
            },
            [this] { return connections_.drop_oldest_arrival(); }, [] { return std::string(); }) {}

  std::uint16_t port() const { return reactor::port_of(listener_.address()); }
  void stop() { stop_.wake(); }

  void run() {
    while (!http_.is_stopping || !connections_.empty()) {
      turn_.wait(turn_.has_work() ? base::TimePoint{} : turn_.timers().next());
      turn_.loop().dispatch();
      const base::TimePoint now = turn_.now().steady;
      if (turn_.timers().next() <= now) turn_.timers().advance(now);
      turn_.end();
    }
  }

 private:
  void on_connection(reactor::Descriptor socket, const base::IpAddress& from) {
    reactor::Connection& connection = connections_.connect(std::move(socket));
    connection.start(
        std::make_unique<http::Http1>(http_, *this, connection, http::Sender{.address = from}));
  }

  void on_request(http::Exchange& exchange, http::Request& request) override {
    if (http::path_of(http::target(request)) != "/") {
      return exchange.respond(http::error_response(http::kNotFound));
    }
    if (upgrades_.may_open(exchange, request)) upgrades_.open(exchange, request, echo_).admit();
  }
  void on_head(http::Exchange& /*exchange*/, const http::Request& /*head*/) override {}
  bool enter(reactor::Connection& /*connection*/, const base::IpAddress& /*address*/) override {
    return true;
  }
  http::ClientAddress identify(const http::Sender& sender, const http::Request& /*head*/) override {
    return {.address = sender.address};
  }
  std::size_t max_body_bytes(const http::Request& /*head*/) const override { return kMaxBody; }
  http::Sharing sharing(const http::Request& /*head*/) const override {
    return http::Sharing::kAsConfigured;
  }

  void begin_stop() {
    http_.is_stopping = true;
    listener_.stop();
    connections_.stop();
  }

  http::Settings settings_;
  const std::vector<std::string> origins_{"*"};
  http::Proxies proxies_{settings_};
  Echo echo_;
  reactor::LoopTurn turn_{{.max_unsent_bytes = 4 * kMaxMessage}};
  reactor::Connections connections_{turn_};
  reactor::Wakeup stop_{turn_.loop(), [this] { begin_stop(); }};
  http::SharedByConnections http_;
  transport::Admission admission_;
  transport::Upgrades upgrades_{
      http_,
      {.max_message_bytes = kMaxMessage, .message_patience = settings_.message_timeout},
      admission_};
  reactor::Listener listener_;
};

void serve(std::uint16_t port) {
  base::Log log(base::LogLevel::kWarn, base::LogFormat::kText);
  EchoServer server(port, log);
  programs::tell_port(server.port());
  const std::jthread stopper([&server] {
    programs::await_stop();
    server.stop();
  });
  server.run();
}

}  // namespace

int main(int argc, char** argv) { return programs::run(argc, argv, serve); }
