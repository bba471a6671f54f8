// Any bytes as a batch of the bus, and as the fields of a room in the store: what can be read is
// written again as what reads the same, and a room that can be read keeps its rules.
#include <algorithm>
#include <string>
#include <variant>

#include <fuzzer/FuzzedDataProvider.h>

#include "cluster/bus_message.hpp"
#include "cluster/room_record.hpp"

namespace {

using namespace heliograph;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

std::string written(const cluster::Batch& batch) {
  std::string bytes;
  cluster::begin_batch(bytes, batch.origin);
  for (const cluster::BusMessage& item : batch.messages) {
    require(!std::holds_alternative<signaling::RoomRequest>(item.message));
    cluster::append_message(bytes, item.worker, item.message);
  }
  return bytes;
}

void check_batch(const std::string& bytes) {
  const auto batch = cluster::read_batch(bytes);
  if (!batch) return;
  const std::string once = written(*batch);
  const auto again = cluster::read_batch(once);
  require(again && written(*again) == once && once.size() <= bytes.size() + 8 * bytes.size());
}

void check_room(const cluster::RoomFields& fields) {
  const auto room = cluster::room_of(fields);
  if (!room) return;
  require(!room->is_empty() && !room->owners().empty() && !cluster::nodes_of(room).empty());
  const cluster::RoomFields once = cluster::fields_of(*room);
  const auto again = cluster::room_of(once);
  require(again && cluster::fields_of(*again) == once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  check_batch({reinterpret_cast<const char*>(data), size});
  FuzzedDataProvider chooser(data, size);
  // A room to begin with, since none comes about by chance.
  cluster::RoomFields fields = cluster::fields_of(signaling::Room({{1, 2}, 3, 4}, "{}"));
  while (chooser.remaining_bytes() > 0) {
    const std::string name = chooser.PickValueInArray({"o", "s", "m:", "r:", "v"}) +
                             chooser.ConsumeRandomLengthString(20);
    fields[name] = chooser.ConsumeRandomLengthString(200);
  }
  check_room(fields);
  return 0;
}
