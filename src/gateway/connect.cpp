#include "gateway/connect.hpp"

#include "socketio/packet.hpp"

namespace heliograph::gateway {
namespace {

// A member of the payload, or null.
const json::Value* connect_value(const json::Outline& payload, std::string_view name) {
  return payload.elements().empty() ? nullptr : payload.find(payload.elements()[0], name);
}

}  // namespace

std::string connect_field(const json::Outline& payload, std::string_view name) {
  const json::Value* value = connect_value(payload, name);
  return value ? json::decode_string(*value).value_or(std::string{}) : std::string{};
}

bool asks_for_recovery(const json::Outline& payload) {
  const json::Value* value = connect_value(payload, "recovery");
  return value && value->kind == json::Kind::kTrue;
}

std::string connect_answer(const signaling::PeerId& peer, std::string_view pid) {
  constexpr std::size_t kMostBytes = 96;
  std::string packet;
  packet.reserve(kMostBytes);
  packet += socketio::plain_header(socketio::PacketType::kConnect);
  packet += R"({"sid":")";
  packet += signaling::PeerIdText(peer);
  if (!pid.empty()) packet.append(R"(","pid":")").append(pid);
  packet += "\"}";
  return packet;
}

std::string connect_error(std::string_view nsp, const signaling::ErrorText& error,
                          std::optional<std::chrono::milliseconds> retry_after) {
  std::string packet;
  socketio::append_header(packet, socketio::PacketType::kConnectError, nsp, {});
  packet += R"({"message":)";
  json::append_string(packet, error.message);
  packet += R"(,"data":{"code":)";
  json::append_string(packet, error.code);
  if (retry_after) {
    packet += R"(,"retry_after_ms":)";
    packet += std::to_string(retry_after->count());
  }
  packet += "}}";
  return packet;
}

}  // namespace heliograph::gateway
