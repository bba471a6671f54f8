#include "base/base64.hpp"

#include <algorithm>
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

// The four symbols of a 24-bit group.
std::array<char, 4> symbols_of(std::uint32_t group, const Alphabet& alphabet) {
  return {alphabet.symbols[group >> 18], alphabet.symbols[group >> 12 & 63],
          alphabet.symbols[group >> 6 & 63], alphabet.symbols[group & 63]};
}

// Appends the symbols without padding.
void append_encoded(std::string& out, std::string_view bytes, const Alphabet& alphabet) {
  const std::size_t before = out.size();
  out.resize(before + (bytes.size() * 4 + 2) / 3);
  char* at = out.data() + before;
  for (; bytes.size() >= 3; bytes.remove_prefix(3)) {
    const std::uint32_t group =
        byte_at(bytes, 0) << 16 | byte_at(bytes, 1) << 8 | byte_at(bytes, 2);
    at = std::ranges::copy(symbols_of(group, alphabet), at).out;
  }
  if (bytes.empty()) return;
  const std::uint32_t second = bytes.size() == 2 ? byte_at(bytes, 1) << 8 : 0;
  const auto symbols = symbols_of(byte_at(bytes, 0) << 16 | second, alphabet);
  std::copy_n(symbols.begin(), bytes.size() + 1, at);
}

// The bits of `count` symbols, up to four, those of absent ones 0. Nothing if one is none of the
// alphabet.
std::optional<std::uint32_t> group_of(const char* symbols, std::size_t count,
                                      const Alphabet& alphabet) {
  std::uint32_t group = 0;
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t value = alphabet.values[static_cast<unsigned char>(symbols[i])];
    group = group << 6 | value;
    seen |= value;
  }
  if (seen >= alphabet.symbols.size()) return std::nullopt;
  return group << 6 * (4 - count);
}

std::optional<std::string> decode_unpadded(std::string_view text, const Alphabet& alphabet) {
  const std::size_t rest = text.size() % 4;
  if (rest == 1) return std::nullopt;
  std::string bytes(text.size() * 3 / 4, '\0');
  char* at = bytes.data();
  const char* symbols = text.data();
  for (const char* const end = symbols + text.size() - rest; symbols != end; symbols += 4) {
    const auto group = group_of(symbols, 4, alphabet);
    if (!group) return std::nullopt;
    *at++ = static_cast<char>(*group >> 16);
    *at++ = static_cast<char>(*group >> 8);
    *at++ = static_cast<char>(*group);
  }
  if (rest == 0) return bytes;
  const auto group = group_of(symbols, rest, alphabet);
  const std::uint32_t unused_bits = rest == 2 ? 0xFFFF : 0xFF;
  if (!group || (*group & unused_bits) != 0) return std::nullopt;
  *at++ = static_cast<char>(*group >> 16);
  if (rest == 3) *at = static_cast<char>(*group >> 8);
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
