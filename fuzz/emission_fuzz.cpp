// What is published where emitters publish: whatever comes out as an event is within the limits and
// safe to pass on to a client, and the transcoder's JSON is JSON.
#include <cstdlib>
#include <string_view>

#include "base/json.hpp"
#include "emitter/emission.hpp"
#include "emitter/msgpack.hpp"
#include "socketio/placeholder.hpp"

namespace {

namespace json = heliograph::json;
using namespace heliograph;

constexpr unsigned kDepth = 10;
constexpr socketio::DecoderLimits kLimits{
    .max_json_depth = 8, .max_event_bytes = 300, .max_attachments = 3};

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const signaling::Emission& emission) {
  json::Outline outline;
  require(outline.parse(emission.event, kLimits.max_json_depth) == json::Status::kOk);
  require(outline.root() == json::Kind::kArray);
  require(outline.elements()[0].value.kind == json::Kind::kString);
  std::size_t bytes = emission.event.size();
  if (emission.attachments) {
    require(emission.attachments->size() <= kLimits.max_attachments);
    for (const auto& attachment : *emission.attachments) bytes += attachment.size();
    const auto count = static_cast<std::uint32_t>(emission.attachments->size());
    require(socketio::placeholders_are_valid(emission.event, count));
  }
  require(bytes <= kLimits.max_event_bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const auto value = emitter::json_from_msgpack(message, kDepth);
  if (const auto* good = std::get_if<emitter::JsonWithAttachments>(&value)) {
    require(json::validate(good->text, kDepth + 1) == json::Status::kOk);
  }
  const auto read = emitter::read_emission(message, kLimits);
  if (const auto* emission = std::get_if<signaling::Emission>(&read)) check(*emission);
  return 0;
}
