// Any bytes, at once and in pieces that the fuzzer chooses: the same events come of both, within
// the limit, text always UTF-8, and nothing after the end.
#include <string>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "base/utf8.hpp"
#include "websocket/parser.hpp"

namespace {

using namespace heliograph::websocket;
constexpr std::size_t kMaxMessageBytes = 300;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

std::string describe(const Event& event) {
  const auto number = [](CloseCode code) { return std::to_string(static_cast<int>(code)); };
  std::string text = std::to_string(event.index());
  if (const auto* message = std::get_if<Message>(&event)) {
    require(message->data.size() <= kMaxMessageBytes);
    require(message->binary || heliograph::base::is_valid_utf8(message->data));
    text.append(message->binary ? "b" : "t").append(message->data);
  }
  if (const auto* ping = std::get_if<Ping>(&event)) text += ping->data;
  if (const auto* end = std::get_if<Close>(&event)) text += number(end->code).append(end->reason);
  if (const auto* bad = std::get_if<Violation>(&event)) text += number(bad->code);
  return text;
}

void deliver(Parser& parser, std::vector<char> piece, std::vector<std::string>& events) {
  std::span<char> input(piece);
  for (Event event; !std::holds_alternative<Incomplete>(event = parser.next(input));) {
    require(events.empty() || events.back().front() < '4');  // no Close or Violation before
    events.push_back(describe(event));
  }
  require(input.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider chooser(data, size);
  Parser in_pieces(kMaxMessageBytes), at_once(kMaxMessageBytes);
  std::vector<std::string> events_in_pieces, events_at_once;
  std::vector<char> whole;
  while (chooser.remaining_bytes() > 0) {
    const auto piece = chooser.ConsumeBytes<char>(chooser.ConsumeIntegralInRange<size_t>(1, 400));
    whole.insert(whole.end(), piece.begin(), piece.end());
    deliver(in_pieces, piece, events_in_pieces);
  }
  deliver(at_once, whole, events_at_once);
  require(events_in_pieces == events_at_once);
  require(in_pieces.holds_partial() == at_once.holds_partial());
  return 0;
}
