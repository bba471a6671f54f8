#include "base/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace heliograph::base {
namespace {

constexpr std::uint8_t kNoSymbol = 0xff;

struct Alphabet {
  std::array<char, 64> symbols{};
  std::array<std::uint8_t, 256> values{};  // kNoSymbol where a byte is none of the symbols

  constexpr Alphabet(char symbol_62, char symbol_63) {
    std::size_t next = 0;
    for (char c = 'A'; c <= 'Z'; ++c) symbols[next++] = c;
    for (char c = 'a'; c <= 'z'; ++c) symbols[next++] = c;
    for (char c = '0'; c <= '9'; ++c) symbols[next++] = c;
    symbols[next++] = symbol_62;
    symbols[next] = symbol_63;
    values.fill(kNoSymbol);
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      values[static_cast<unsigned char>(symbols[i])] = static_cast<std::uint8_t>(i);
    }
  }
};

constexpr Alphabet kStandard('+', '/');
constexpr Alphabet kUrl('-', '_');

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// Appends the first `count` of the four symbols of a 24-bit group.
void append_symbols(std::string& out, std::uint32_t group, std::size_t count,
                    const Alphabet& alphabet) {
  const std::array<char, 4> symbols{
      alphabet.symbols[group >> 18], alphabet.symbols[group >> 12 & 63],
      alphabet.symbols[group >> 6 & 63], alphabet.symbols[group & 63]};
  out.append(symbols.data(), count);
}

// Appends the symbols without padding.
void append_encoded(std::string& out, std::string_view bytes, const Alphabet& alphabet) {
  for (; bytes.size() >= 3; bytes.remove_prefix(3)) {
    const std::uint32_t group =
        byte_at(bytes, 0) << 16 | byte_at(bytes, 1) << 8 | byte_at(bytes, 2);
    append_symbols(out, group, 4, alphabet);
  }
  if (bytes.size() == 1) append_symbols(out, byte_at(bytes, 0) << 16, 2, alphabet);
  if (bytes.size() == 2) {
    append_symbols(out, byte_at(bytes, 0) << 16 | byte_at(bytes, 1) << 8, 3, alphabet);
  }
}

std::optional<std::string> decode_unpadded(std::string_view text, const Alphabet& alphabet) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t pending = 0;  // the low `pending_bits` bits are not yet written
  unsigned pending_bits = 0;
  for (const char symbol : text) {
    const std::uint8_t value = alphabet.values[static_cast<unsigned char>(symbol)];
    if (value == kNoSymbol) return std::nullopt;
    pending = (pending << 6 | value) & 0xfff;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes.push_back(static_cast<char>(pending >> pending_bits));
    }
  }
  const std::uint32_t unused_bits = pending & ((1u << pending_bits) - 1);
  if (unused_bits != 0) return std::nullopt;
  return bytes;
}

// Without its padding if that is whole; otherwise as it is, and any '=' left is no symbol.
std::string_view without_padding(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return text;
  if (text.ends_with("==")) return text.substr(0, text.size() - 2);
  if (text.ends_with('=')) return text.substr(0, text.size() - 1);
  return text;
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  append_encoded(out, bytes, kStandard);
  if (const std::size_t over = bytes.size() % 3; over != 0) out.append(3 - over, '=');
}

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  append_base64(text, bytes);
  return text;
}

std::string base64url_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  append_encoded(text, bytes, kUrl);
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  return decode_unpadded(without_padding(text), kStandard);
}

std::optional<std::string> base64url_decode(std::string_view text) {
  return decode_unpadded(text, kUrl);
}

}  // namespace heliograph::base
