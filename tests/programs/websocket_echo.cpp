// Echoes WebSocket messages of up to 16 MiB on `/`, with the server's own frame code.

#include <array>
#include <memory>
#include <utility>

#include "program.hpp"
#include "transport/websocket_protocol.hpp"

namespace {

using namespace heliograph;

constexpr std::size_t kMaxMessage = 16 * 1024 * 1024;

class Echo final : public transport::WebSocketHandler {
 public:
  void on_message(transport::WebSocketProtocol& from, const gateway::Message& message) override {
    from.send(message.binary ? websocket::Opcode::kBinary : websocket::Opcode::kText, message.data);
  }
  void lost(transport::WebSocketProtocol&, gateway::CloseReason) override {}
};

}  // namespace

int main(int argc, char** argv) {
  server::Settings settings;
  settings.reactor.max_unsent_bytes = 4 * kMaxMessage;
  settings.engineio.max_payload = kMaxMessage;
  return programs::run(argc, argv, settings, [](const gateway::WorkerLink&) {
    server::Mounts mounts;
    mounts.websocket.push_back({"/", std::make_unique<Echo>()});
    return mounts;
  });
}
