#include <stdexcept>
#include <string>
#include <variant>

#include <benchmark/benchmark.h>

#include "base/json.hpp"
#include "engineio/packet.hpp"
#include "micro/sample.hpp"
#include "signaling/command.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::micro {
namespace {

// From the text of a WebSocket message to a typed command: Engine.IO, Socket.IO, the command.
void packet_to_command(benchmark::State& state, load::BodyKind kind) {
  const std::string text = "42" + relay_event(kind);
  const socketio::DecoderLimits limits;
  socketio::Decoder decoder;
  json::Outline scratch;
  for (auto _ : state) {
    const auto packet = engineio::decode(text);
    if (!packet) {
      throw std::logic_error("no packet");
    }
    const socketio::Received received = decoder.text(packet->data, scratch, limits);
    const auto& event = std::get<socketio::Event>(received);
    const signaling::Request request = signaling::parse_request(event.arguments);
    const auto& command = std::get<signaling::Command>(request.command);
    benchmark::DoNotOptimize(std::get<signaling::Relay>(command).body.data());
  }
}
BENCHMARK_CAPTURE(packet_to_command, session_description, load::BodyKind::kSessionDescription);
BENCHMARK_CAPTURE(packet_to_command, ice_candidate, load::BodyKind::kIceCandidate);

}  // namespace
}  // namespace heliograph::micro
