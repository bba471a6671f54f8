// Any body of a polling request is either read to its end or refused at a packet, and the packets
// that came out of it, written again, are read as the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engineio/packet.hpp"
#include "engineio/payload.hpp"

namespace {

using heliograph::engineio::PacketType;
using heliograph::engineio::PayloadReader;

struct Owned {
  PacketType type;
  bool binary;
  std::string data;

  friend bool operator==(const Owned&, const Owned&) = default;
};

std::vector<Owned> read(PayloadReader& reader) {
  std::vector<Owned> packets;
  while (const auto packet = reader.next()) {
    packets.push_back({packet->type, packet->binary, std::string(packet->data)});
  }
  return packets;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  PayloadReader reader({reinterpret_cast<const char*>(data), size});
  const auto packets = read(reader);
  require(!packets.empty() || reader.failed());

  std::string payload;
  for (const auto& packet : packets) {
    require(!packet.binary || packet.type == PacketType::kMessage);
    append_packet(payload, packet.type, packet.data, packet.binary);
  }
  PayloadReader again(payload);
  require(read(again) == packets);
  require(again.failed() == packets.empty());
  return 0;
}
