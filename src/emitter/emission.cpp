#include "emitter/emission.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "emitter/msgpack.hpp"
#include "socketio/packet.hpp"

namespace heliograph::emitter {
namespace {

using Names = std::vector<std::string>;
using Read = std::variant<signaling::Emission, NotTaken>;

using socketio::kMainNamespace;

// In the message the type is a number.
constexpr std::uint64_t kEvent = static_cast<char>(socketio::PacketType::kEvent) - '0';
// Of the message, and of the packet in it.
constexpr unsigned kDepthAroundEvent = 2;

// Names of rooms, which may be numbers; none where there is no such value.
std::optional<Names> read_names(const json::Value* value) {
  if (!value || value->kind == json::Kind::kNull) return Names{};
  json::Outline outline;
  const bool is_array = value->kind == json::Kind::kArray &&
                        outline.parse(value->text, json::kMaxDepth) == json::Status::kOk;
  if (!is_array) return std::nullopt;
  Names names;
  for (const json::Element& element : outline.elements()) {
    if (element.value.kind == json::Kind::kNumber) {
      names.emplace_back(element.value.text);
    } else if (auto name = json::decode_string(element.value)) {
      names.push_back(*std::move(name));
    } else {
      return std::nullopt;
    }
  }
  return names;
}

// Nothing as long as attachments are to follow.
std::optional<Read> outcome_of(const socketio::Received& received) {
  if (const auto* event = std::get_if<socketio::Event>(&received)) {
    return signaling::Emission{std::string(event->text), event->attachments, {}, {}};
  }
  if (std::holds_alternative<socketio::Partial>(received)) return std::nullopt;
  if (std::holds_alternative<socketio::TooLarge>(received)) return NotTaken::kTooLarge;
  if (std::holds_alternative<socketio::TooDeep>(received)) return NotTaken::kTooDeep;
  return NotTaken::kMalformed;
}

// Reads it as if a client had sent it.
Read read_event(std::string_view array, const socketio::Attachments& attachments,
                const socketio::DecoderLimits& limits) {
  const auto count = static_cast<std::uint32_t>(attachments.size());
  const bool is_binary = count > 0;
  std::string packet;
  socketio::append_header(
      packet, is_binary ? socketio::PacketType::kBinaryEvent : socketio::PacketType::kEvent,
      kMainNamespace, {}, count);
  packet += array;

  socketio::Decoder decoder;
  json::Outline scratch;
  std::optional<Read> outcome = outcome_of(decoder.text(packet, scratch, limits));
  for (std::size_t i = 0; !outcome && i < attachments.size(); ++i) {
    outcome = outcome_of(decoder.binary(attachments[i], scratch, limits));
  }
  return outcome ? *std::move(outcome) : NotTaken::kMalformed;
}

bool is_main_namespace(const json::Value* nsp) {
  return !nsp || json::decode_string(*nsp) == kMainNamespace;
}

Read read_message(const JsonWithAttachments& message, const socketio::DecoderLimits& limits) {
  json::Outline outline;
  const bool is_json = outline.parse(message.text, json::kMaxDepth) == json::Status::kOk;
  const auto elements = outline.elements();
  if (!is_json || outline.root() != json::Kind::kArray || elements.size() < 3 ||
      elements[1].value.kind != json::Kind::kObject ||
      elements[2].value.kind != json::Kind::kObject) {
    return NotTaken::kMalformed;
  }
  const json::Element& packet = elements[1];
  if (!is_main_namespace(outline.find(packet, "nsp"))) return NotTaken::kOtherNamespace;
  const json::Value* const type = outline.find(packet, "type");
  if (!type || json::decode_unsigned(*type) != kEvent) return NotTaken::kOtherPacket;
  const json::Value* const data = outline.find(packet, "data");
  auto to = read_names(outline.find(elements[2], "rooms"));
  auto except = read_names(outline.find(elements[2], "except"));
  if (!data || data->kind != json::Kind::kArray || !to || !except) return NotTaken::kMalformed;

  Read read = read_event(data->text, message.attachments, limits);
  if (auto* emission = std::get_if<signaling::Emission>(&read)) {
    emission->to = *std::move(to);
    emission->except = *std::move(except);
  }
  return read;
}

}  // namespace

std::string_view text(NotTaken reason) {
  switch (reason) {
    case NotTaken::kOtherNamespace:
      return "another namespace";
    case NotTaken::kOtherPacket:
      return "no event";
    case NotTaken::kMalformed:
      return "malformed";
    case NotTaken::kTooDeep:
      return "nested too deep";
    case NotTaken::kTooLarge:
      return "too large";
  }
  return {};
}

std::variant<signaling::Emission, NotTaken> read_emission(std::string_view message,
                                                          const socketio::DecoderLimits& limits) {
  if (message.size() > kMessageToEvent * limits.max_event_bytes) return NotTaken::kTooLarge;
  const auto json = json_from_msgpack(
      message, std::min(limits.max_json_depth + kDepthAroundEvent, json::kMaxDepth));
  if (const auto* error = std::get_if<MsgpackError>(&json)) {
    return *error == MsgpackError::kTooDeep ? NotTaken::kTooDeep : NotTaken::kMalformed;
  }
  return read_message(std::get<JsonWithAttachments>(json), limits);
}

}  // namespace heliograph::emitter
