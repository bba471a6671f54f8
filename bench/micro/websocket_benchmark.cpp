#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>

#include <benchmark/benchmark.h>

#include "load/client_frame.hpp"
#include "micro/sample.hpp"
#include "websocket/frame.hpp"
#include "websocket/parser.hpp"

namespace heliograph::micro {
namespace {

constexpr int kFrames = 8;
constexpr std::size_t kMaxMessage = 1'000'000;

// Eight masked frames in one read, as a busy connection brings them; the parser unmasks in place,
// so the bytes are copied afresh each time, as a read does.
void websocket_parse(benchmark::State& state, load::BodyKind kind) {
  std::string bytes;
  for (std::uint32_t frame = 0; frame < kFrames; ++frame) {
    load::append_client_frame(bytes, load::Opcode::kText, relay_event(kind),
                              0x9e3779b9 * (frame + 1));
  }
  std::string read;
  websocket::Parser parser(kMaxMessage);
  for (auto _ : state) {
    read = bytes;
    std::span<char> input(read);
    int messages = 0;
    while (std::holds_alternative<websocket::Message>(parser.next(input))) {
      ++messages;
    }
    if (messages != kFrames) {
      throw std::logic_error("the parser lost a message");
    }
  }
  state.SetItemsProcessed(state.iterations() * kFrames);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK_CAPTURE(websocket_parse, session_description, load::BodyKind::kSessionDescription);
BENCHMARK_CAPTURE(websocket_parse, ice_candidate, load::BodyKind::kIceCandidate);

void websocket_write(benchmark::State& state, load::BodyKind kind) {
  const std::string text = relay_event(kind);
  std::string out;
  for (auto _ : state) {
    out.clear();
    websocket::append_frame(out, websocket::Opcode::kText, text);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(websocket_write, session_description, load::BodyKind::kSessionDescription);

}  // namespace
}  // namespace heliograph::micro
