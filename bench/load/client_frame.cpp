#include "load/client_frame.hpp"

#include <cstring>

#include "load/load_error.hpp"

namespace heliograph::load {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint8_t kLength16 = 126;
constexpr std::uint8_t kLength64 = 127;

void append_length(std::string& out, std::size_t length) {
  int bytes = 0;
  if (length < kLength16) {
    out.push_back(static_cast<char>(kMasked | length));
  } else if (length <= 0xffff) {
    out.push_back(static_cast<char>(kMasked | kLength16));
    bytes = 2;
  } else {
    out.push_back(static_cast<char>(kMasked | kLength64));
    bytes = 8;
  }
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(length >> shift));
  }
}

// Eight bytes a step, so that masking a session description costs the load next to nothing.
void append_masked(std::string& out, std::string_view payload, std::uint32_t mask) {
  const std::size_t start = out.size();
  out.append(payload);
  char* data = out.data() + start;
  const std::uint64_t wide = (std::uint64_t{mask} << 32) | mask;
  std::size_t at = 0;
  for (; at + sizeof(wide) <= payload.size(); at += sizeof(wide)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + at, sizeof(word));
    word ^= wide;
    std::memcpy(data + at, &word, sizeof(word));
  }
  char key[sizeof(mask)];
  std::memcpy(key, &mask, sizeof(mask));
  for (; at < payload.size(); ++at) {
    data[at] = static_cast<char>(data[at] ^ key[at % sizeof(mask)]);
  }
}

}  // namespace

void append_client_frame(std::string& out, Opcode opcode, std::string_view payload,
                         std::uint32_t mask) {
  out.push_back(static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode)));
  append_length(out, payload.size());
  out.append(reinterpret_cast<const char*>(&mask), sizeof(mask));
  append_masked(out, payload, mask);
}

std::optional<ServerFrame> read_server_frame(std::string_view bytes) {
  if (bytes.size() < 2) {
    return std::nullopt;
  }
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
  if ((byte(0) & 0xf0) != kFinal || (byte(1) & kMasked) != 0) {
    throw LoadError("the server sent a masked, fragmented or extended frame");
  }
  std::size_t header = 2;
  std::size_t length = byte(1);
  if (length >= kLength16) {
    const std::size_t count = length == kLength16 ? 2 : 8;
    header += count;
    if (bytes.size() < header) {
      return std::nullopt;
    }
    length = 0;
    for (std::size_t at = 2; at < header; ++at) {
      length = (length << 8) | byte(at);
    }
  }
  if (bytes.size() - header < length) {
    return std::nullopt;
  }
  return ServerFrame{static_cast<Opcode>(byte(0) & 0x0f), bytes.substr(header, length),
                     header + length};
}

}  // namespace heliograph::load
