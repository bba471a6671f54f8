#include "socketio/packet.hpp"

#include <charconv>
#include <concepts>

namespace heliograph::socketio {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_binary(PacketType type) {
  return type == PacketType::kBinaryEvent || type == PacketType::kBinaryAck;
}

bool may_have_id(PacketType type) {
  return type == PacketType::kEvent || type == PacketType::kAck || is_binary(type);
}

// Takes the digits at the front of `rest`; nothing if there are none, or too many for the type.
template <std::unsigned_integral Number>
std::optional<Number> take_number(std::string_view& rest) {
  Number number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{}) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return number;
}

std::string_view take_namespace(std::string_view& rest) {
  if (!rest.starts_with('/')) return kMainNamespace;
  const std::size_t comma = rest.find(',');
  std::string_view nsp = rest.substr(0, comma);
  rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  return nsp.substr(0, nsp.find('?'));
}

template <std::unsigned_integral Number>
void append_number(std::string& out, Number number) {
  char digits[20];
  const auto result = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, result.ptr);
}

}  // namespace

std::optional<Packet> decode(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
  Packet packet{
      .type = PacketType{text.front()}, .attachments = 0, .nsp = {}, .id = {}, .data = {}};
  text.remove_prefix(1);

  if (is_binary(packet.type)) {
    const auto attachments = take_number<std::uint32_t>(text);
    if (!attachments || !text.starts_with('-')) return std::nullopt;
    packet.attachments = *attachments;
    text.remove_prefix(1);
  }
  packet.nsp = take_namespace(text);
  if (!text.empty() && is_digit(text.front())) {
    packet.id = take_number<std::uint64_t>(text);
    if (!packet.id || !may_have_id(packet.type)) return std::nullopt;
  }
  packet.data = text;
  return packet;
}

void append_header(std::string& out, PacketType type, std::string_view nsp,
                   std::optional<std::uint64_t> id, std::uint32_t attachments) {
  out += static_cast<char>(type);
  if (is_binary(type)) {
    append_number(out, attachments);
    out += '-';
  }
  if (nsp != kMainNamespace) {
    out += nsp;
    out += ',';
  }
  if (id) append_number(out, *id);
}

}  // namespace heliograph::socketio
