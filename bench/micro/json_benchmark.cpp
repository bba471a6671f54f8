#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/json.hpp"
#include "base/json_stops.hpp"
#include "micro/sample.hpp"

namespace heliograph::micro {
namespace {

constexpr unsigned kMaxDepth = 32;

void count_bytes(benchmark::State& state, const std::string& text) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void json_outline(benchmark::State& state, load::BodyKind kind) {
  const std::string text = relay_event(kind);
  json::Outline outline;
  for (auto _ : state) {
    benchmark::DoNotOptimize(outline.parse(text, kMaxDepth));
  }
  count_bytes(state, text);
}
BENCHMARK_CAPTURE(json_outline, session_description, load::BodyKind::kSessionDescription);
BENCHMARK_CAPTURE(json_outline, ice_candidate, load::BodyKind::kIceCandidate);

// By the way in the order of stops_writers(): 0 is the one that is used.
void json_stops(benchmark::State& state) {
  const auto way = static_cast<std::size_t>(state.range(0));
  if (way >= json::stops_writers().size()) return state.SkipWithError("not on this processor");
  const std::string text = relay_event(load::BodyKind::kSessionDescription);
  std::vector<std::uint64_t> words(text.size() / json::Stops::kBlockBytes + 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(json::stops_writers()[way](text, words.data()));
    benchmark::ClobberMemory();
  }
  count_bytes(state, text);
}
BENCHMARK(json_stops)->ArgName("way")->DenseRange(0, 2);

void json_append_string(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'r');
  std::string out;
  for (auto _ : state) {
    out.clear();
    json::append_string(out, text);
    benchmark::DoNotOptimize(out.data());
  }
  count_bytes(state, text);
}
BENCHMARK(json_append_string)->Arg(20)->Arg(250);

}  // namespace
}  // namespace heliograph::micro
