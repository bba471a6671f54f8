#include "socketio/decoder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "socketio/placeholder.hpp"

namespace heliograph::socketio {
namespace {

// Names that emitters use for themselves; the reference parser refuses them from the wire.
constexpr std::array<std::string_view, 6> kReservedNames = {
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

bool is_reserved(const json::Value& name) {
  const auto is_listed = [](std::string_view text) {
    return std::ranges::find(kReservedNames, text) != kReservedNames.end();
  };
  const std::string_view raw = name.text.substr(1, name.text.size() - 2);
  if (!name.has_escapes()) return is_listed(raw);
  const auto decoded = json::decode_string(name);
  return decoded && is_listed(*decoded);
}

bool has_event_name(const json::Outline& arguments) {
  const auto elements = arguments.elements();
  return !elements.empty() && elements[0].value.kind == json::Kind::kString &&
         !is_reserved(elements[0].value);
}

// A packet, of which `bytes` have come so far.
struct Incoming {
  const Packet& packet;
  std::size_t bytes;
  std::shared_ptr<const Attachments> attachments;  // null until they are all there
};

Received read_connect(const Incoming& in, json::Outline& scratch, const DecoderLimits& limits) {
  const Connect connect{.nsp = in.packet.nsp, .auth = in.packet.data};
  if (connect.auth.empty()) return connect;
  if (in.bytes > limits.max_event_bytes) return Malformed{"connect payload too large"};
  if (scratch.parse(connect.auth, limits.max_json_depth) != json::Status::kOk ||
      scratch.root() != json::Kind::kObject) {
    return Malformed{"connect payload is not an object"};
  }
  return connect;
}

Received read_disconnect(const Packet& packet) {
  if (!packet.data.empty()) return Malformed{"disconnect has a payload"};
  return Disconnect{.nsp = packet.nsp};
}

// The name in front of an array that is not read as JSON; empty where it cannot be told so.
std::string_view name_in_front(std::string_view array) {
  if (!array.starts_with("[\"")) return {};
  array.remove_prefix(2);
  const std::string_view name = array.substr(0, array.find_first_of("\"\\"));
  return name.size() < array.size() && array[name.size()] == '"' ? name : std::string_view{};
}

// Why the payload cannot be passed on as the array of an event or ack, `id` being what a refusal is
// answered to; nothing if it can, and then `scratch` is its outline.
std::optional<Received> refuse_array(const Incoming& in, std::optional<std::uint64_t> id,
                                     json::Outline& scratch, const DecoderLimits& limits) {
  const Packet& packet = in.packet;
  if (in.bytes > limits.max_event_bytes) {
    const std::string_view event = name_in_front(packet.data);
    const bool may_be_large = !event.empty() && event == limits.large_event;
    if (!may_be_large || in.bytes > limits.max_large_event_bytes) {
      return TooLarge{.nsp = packet.nsp, .id = id, .event = event};
    }
  }
  switch (scratch.parse(packet.data, limits.max_json_depth)) {
    case json::Status::kDepth:
      return TooDeep{.nsp = packet.nsp, .id = id, .event = name_in_front(packet.data)};
    case json::Status::kSyntax:
      return Malformed{"payload is not JSON"};
    case json::Status::kOk:
      break;
  }
  if (scratch.root() != json::Kind::kArray) return Malformed{"payload is not an array"};
  const bool binary =
      packet.type == PacketType::kBinaryEvent || packet.type == PacketType::kBinaryAck;
  if (binary && !placeholders_are_valid(packet.data, packet.attachments)) {
    return Malformed{"placeholder without an attachment"};
  }
  return std::nullopt;
}

Received read_event(Incoming in, json::Outline& scratch, const DecoderLimits& limits) {
  if (auto refusal = refuse_array(in, in.packet.id, scratch, limits)) return *std::move(refusal);
  if (!has_event_name(scratch)) return Malformed{"event name missing, not a string, or reserved"};
  return Event{.nsp = in.packet.nsp,
               .id = in.packet.id,
               .arguments = scratch,
               .text = in.packet.data,
               .attachments = std::move(in.attachments)};
}

Received read_ack(Incoming in, json::Outline& scratch, const DecoderLimits& limits) {
  if (!in.packet.id) return Malformed{"ack without an id"};
  if (auto refusal = refuse_array(in, std::nullopt, scratch, limits)) return *std::move(refusal);
  return Ack{.nsp = in.packet.nsp,
             .id = *in.packet.id,
             .text = in.packet.data,
             .attachments = std::move(in.attachments)};
}

Received read(Incoming in, json::Outline& scratch, const DecoderLimits& limits) {
  switch (in.packet.type) {
    case PacketType::kConnect:
      return read_connect(in, scratch, limits);
    case PacketType::kDisconnect:
      return read_disconnect(in.packet);
    case PacketType::kEvent:
    case PacketType::kBinaryEvent:
      return read_event(std::move(in), scratch, limits);
    case PacketType::kAck:
    case PacketType::kBinaryAck:
      return read_ack(std::move(in), scratch, limits);
    case PacketType::kConnectError:
      break;
  }
  return Malformed{"connect error from a client"};
}

}  // namespace

Received Decoder::text(std::string_view message, json::Outline& scratch,
                       const DecoderLimits& limits) {
  if (pending_ && pending_->outstanding > 0) return Malformed{"text where an attachment was due"};
  pending_.reset();
  const auto packet = decode(message);
  if (!packet) return Malformed{"invalid packet header"};
  if (packet->attachments > limits.max_attachments) return Malformed{"too many attachments"};
  Received received =
      read({.packet = *packet, .bytes = message.size(), .attachments = nullptr}, scratch, limits);
  if (packet->attachments > 0) await_attachments(message, packet->attachments, received);
  return received;
}

Received Decoder::skip(std::string_view message, json::Outline& scratch,
                       const DecoderLimits& limits) {
  const auto packet = decode(message);
  const bool is_event =
      packet && (packet->type == PacketType::kEvent || packet->type == PacketType::kBinaryEvent);
  const bool is_ack =
      packet && (packet->type == PacketType::kAck || packet->type == PacketType::kBinaryAck);
  const bool is_in_order = !pending_ || pending_->outstanding == 0;
  if ((!is_event && !is_ack) || !is_in_order || packet->attachments > limits.max_attachments) {
    return text(message, scratch, limits);
  }
  pending_.reset();
  Received received = Partial{};
  if (is_event) {
    received = Skipped{.nsp = packet->nsp, .id = packet->id, .event = name_in_front(packet->data)};
  }
  if (packet->attachments > 0) {
    pending_ = std::make_unique<Pending>();
    pending_->outstanding = packet->attachments;
    pending_->swallowing = true;
  }
  return received;
}

// A broken packet was refused by its text already; a good one is read again when it is whole.
void Decoder::await_attachments(std::string_view message, std::uint32_t count, Received& received) {
  if (std::holds_alternative<Malformed>(received)) return;
  pending_ = std::make_unique<Pending>();
  pending_->outstanding = count;
  pending_->swallowing =
      std::holds_alternative<TooDeep>(received) || std::holds_alternative<TooLarge>(received);
  if (pending_->swallowing) return;
  pending_->message = message;
  pending_->bytes = message.size();
  received.emplace<Partial>();
}

Received Decoder::binary(std::string_view bytes, json::Outline& scratch,
                         const DecoderLimits& limits) {
  if (!pending_ || pending_->outstanding == 0) return Malformed{"binary data where none was due"};
  --pending_->outstanding;
  if (pending_->swallowing) {
    if (pending_->outstanding == 0) pending_.reset();
    return Partial{};
  }
  pending_->bytes += bytes.size();
  if (pending_->bytes > limits.max_event_bytes) {
    pending_->swallowing = true;
    pending_->attachments = {};
    return read_again(*pending_, nullptr, scratch, limits);  // finds it too large
  }
  pending_->attachments.emplace_back(bytes);
  if (pending_->outstanding > 0) return Partial{};

  const std::shared_ptr<const Pending> whole = std::move(pending_);
  return read_again(*whole, {whole, &whole->attachments}, scratch, limits);
}

Received Decoder::read_again(const Pending& pending, std::shared_ptr<const Attachments> attachments,
                             json::Outline& scratch, const DecoderLimits& limits) {
  const auto packet = decode(pending.message);
  if (!packet) return Malformed{"invalid packet header"};
  return read({.packet = *packet, .bytes = pending.bytes, .attachments = std::move(attachments)},
              scratch, limits);
}

}  // namespace heliograph::socketio
