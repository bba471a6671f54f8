#include "websocket/frame.hpp"

#include <array>

#include "base/utf8.hpp"

namespace heliograph::websocket {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kLengthIn2Bytes = 126;
constexpr std::uint8_t kLengthIn8Bytes = 127;

// Writes the low `count` bytes of `value`, the highest first.
char* write_big_endian(char* out, std::uint64_t value, unsigned count) {
  for (unsigned i = count; i > 0; --i) *out++ = static_cast<char>(value >> (8 * (i - 1)));
  return out;
}

}  // namespace

std::size_t write_header(char* out, Opcode opcode, std::size_t payload_bytes) {
  char* at = out;
  *at++ = static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode));
  if (payload_bytes < kLengthIn2Bytes) {
    *at++ = static_cast<char>(payload_bytes);
  } else if (payload_bytes <= 0xffff) {
    *at++ = kLengthIn2Bytes;
    at = write_big_endian(at, payload_bytes, 2);
  } else {
    *at++ = kLengthIn8Bytes;
    at = write_big_endian(at, payload_bytes, 8);
  }
  return static_cast<std::size_t>(at - out);
}

std::string_view payload_of(const char* frame) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(frame[i]); };
  const auto big_endian = [&](std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | byte(2 + i);
    return value;
  };
  if (byte(1) == kLengthIn2Bytes) return {frame + 4, big_endian(2)};
  if (byte(1) == kLengthIn8Bytes) return {frame + 10, big_endian(8)};
  return {frame + 2, byte(1)};
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  std::array<char, kMaxHeaderBytes> header;
  out.append(header.data(), write_header(header.data(), opcode, payload.size()));
  out.append(payload);
}

void append_close(std::string& out, CloseCode code, std::string_view reason) {
  if (code == CloseCode::kNoStatus) return append_frame(out, Opcode::kClose, {});
  std::array<char, 2> code_bytes;
  write_big_endian(code_bytes.data(), static_cast<std::uint16_t>(code), 2);
  std::string payload(code_bytes.data(), code_bytes.size());
  payload.append(base::utf8_prefix(reason, kMaxControlBytes - payload.size()));
  append_frame(out, Opcode::kClose, payload);
}

}  // namespace heliograph::websocket
