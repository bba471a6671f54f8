// One client's messages, text and binary as the fuzzer likes, against small limits: whatever comes
// out as an event or ack is whole, within the limits, and safe to pass on to another client.
#include <cstdlib>
#include <string>
#include <string_view>

#include <fuzzer/FuzzedDataProvider.h>

#include "base/json.hpp"
#include "socketio/decoder.hpp"
#include "socketio/placeholder.hpp"

namespace {

namespace json = heliograph::json;
using namespace heliograph::socketio;

constexpr DecoderLimits kLimits{.max_json_depth = 8, .max_event_bytes = 300, .max_attachments = 3};

void require(bool holds) {
  if (!holds) std::abort();
}

void check_array(std::string_view text, const Attachments* attachments) {
  require(json::validate(text, kLimits.max_json_depth) == json::Status::kOk);
  if (!attachments) return;
  std::size_t bytes = text.size();
  for (const auto& attachment : *attachments) bytes += attachment.size();
  require(bytes <= kLimits.max_event_bytes);
  require(!attachments->empty() && attachments->size() <= kLimits.max_attachments);
  require(placeholders_are_valid(text, static_cast<std::uint32_t>(attachments->size())));
}

void check(const Received& received) {
  if (const auto* event = std::get_if<Event>(&received)) {
    require(event->nsp.starts_with('/'));
    require(event->arguments.elements()[0].value.kind == json::Kind::kString);
    check_array(event->text, event->attachments.get());
  } else if (const auto* ack = std::get_if<Ack>(&received)) {
    check_array(ack->text, ack->attachments.get());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  Decoder decoder;
  json::Outline scratch;
  while (input.remaining_bytes() > 0) {
    const bool is_text = input.ConsumeBool();
    const auto message = input.ConsumeRandomLengthString();
    const auto received = is_text ? decoder.text(message, scratch, kLimits)
                                  : decoder.binary(message, scratch, kLimits);
    if (std::holds_alternative<Malformed>(received)) break;
    check(received);
  }
  return 0;
}
