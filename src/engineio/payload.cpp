#include "engineio/payload.hpp"

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "base/utf8.hpp"

namespace heliograph::engineio {
namespace {

constexpr char kBinaryPrefix = 'b';

std::string without_line_ends(std::string_view base64) {
  std::string text(base64);
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  return text;
}

}  // namespace

std::size_t count_packets(std::string_view body) {
  return static_cast<std::size_t>(std::ranges::count(body, kSeparator)) + 1;
}

std::optional<Packet> PayloadReader::next() {
  if (state_ != State::kReading) return std::nullopt;
  const std::string_view text = take_packet();
  if (text.starts_with(kBinaryPrefix)) return decode_binary(text.substr(1));
  if (!base::is_valid_utf8(text)) return fail();
  const auto packet = decode(text);
  return packet ? packet : fail();
}

std::string_view PayloadReader::take_packet() {
  const std::size_t end = rest_.find(kSeparator);
  const std::string_view text = rest_.substr(0, end);
  if (end == std::string_view::npos) {
    state_ = State::kDone;
  } else {
    rest_.remove_prefix(end + 1);  // a separator at the very end leaves an empty packet to refuse
  }
  return text;
}

std::optional<Packet> PayloadReader::decode_binary(std::string_view base64) {
  auto bytes = base64.find_first_of("\r\n") == std::string_view::npos
                   ? base::base64_decode(base64)
                   : base::base64_decode(without_line_ends(base64));
  if (!bytes) return fail();
  binary_ = std::move(*bytes);
  return Packet{.type = PacketType::kMessage, .binary = true, .data = binary_};
}

std::optional<Packet> PayloadReader::fail() {
  state_ = State::kFailed;
  return std::nullopt;
}

void append_packet(std::string& payload, PacketType type, std::string_view data, bool binary) {
  if (!payload.empty()) payload += kSeparator;
  if (binary) {
    payload += kBinaryPrefix;
    base::append_base64(payload, data);
  } else {
    payload += static_cast<char>(type);
    payload += data;
  }
}

}  // namespace heliograph::engineio
