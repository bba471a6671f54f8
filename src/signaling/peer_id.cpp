#include "signaling/peer_id.hpp"

namespace heliograph::signaling {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> make_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}

constexpr auto kValues = make_values();

// The 120 bits as two halves of 60: ten characters each.
struct Halves {
  std::uint64_t high;  // node (24), worker (16), upper 20 bits of slot
  std::uint64_t low;   // lower 12 bits of slot, nonce (48)
};

void write_half(std::uint64_t half, char* out) {
  for (int shift = 54; shift >= 0; shift -= 6) *out++ = kAlphabet[(half >> shift) & 63];
}

std::optional<std::uint64_t> read_half(std::string_view text) {
  std::uint64_t half = 0;
  for (const char c : text) {
    const std::int8_t value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    half = half << 6 | static_cast<std::uint64_t>(value);
  }
  return half;
}

}  // namespace

PeerIdText::PeerIdText(const PeerId& id) {
  const Halves halves{
      std::uint64_t{id.home.node} << 36 | std::uint64_t{id.home.worker} << 20 | id.slot >> 12,
      std::uint64_t{id.slot & 0xFFF} << 48 | (id.nonce & kNonceMask)};
  write_half(halves.high, characters_.data());
  write_half(halves.low, characters_.data() + 10);
}

std::optional<PeerId> parse_peer_id(std::string_view text) {
  if (text.size() != 20) return std::nullopt;
  const auto high = read_half(text.substr(0, 10));
  const auto low = read_half(text.substr(10));
  if (!high || !low) return std::nullopt;
  PeerId id;
  id.home.node = static_cast<std::uint32_t>(*high >> 36);
  id.home.worker = static_cast<std::uint16_t>(*high >> 20 & 0xFFFF);
  id.slot = static_cast<std::uint32_t>((*high & 0xFFFFF) << 12 | *low >> 48);
  id.nonce = *low & kNonceMask;
  return id;
}

std::optional<PeerId> peer_rather_than_room(std::string_view name) {
  constexpr std::uint16_t kMostWorkers = 1024;
  const auto id = parse_peer_id(name);
  return id && id->home.worker < kMostWorkers ? id : std::nullopt;
}

}  // namespace heliograph::signaling
