#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/worker_message.hpp"

namespace heliograph::cluster {

/// The sender of a batch, and the serial of the batch. Batches from one node to another arrive in
/// the order of their serials, relays and commits separately, and relays perhaps twice.
struct BatchOrigin {
  std::uint32_t node = 0;
  std::uint64_t epoch = 0;  // another one each time that the node joins the cluster
  std::uint64_t serial = 0;
  bool is_commit = false;  // else relays and acknowledgements
};

inline constexpr std::size_t kOriginBytes = 22;

/// A message to a worker of the node whose inbox the batch is put into.
struct BusMessage {
  std::uint16_t worker = 0;
  signaling::WorkerMessage message;
};

struct Batch {
  BatchOrigin origin;
  std::vector<BusMessage> messages;
};

/// The bytes of a batch: its origin, then each message. RoomRequests are never sent.
void begin_batch(std::string& bytes, const BatchOrigin& origin);
/// Gives a batch another serial.
void renumber_batch(std::string& bytes, std::uint64_t serial);
void append_message(std::string& bytes, std::uint16_t worker,
                    const signaling::WorkerMessage& message);

/// Nothing if that is not a batch of this version.
std::optional<Batch> read_batch(std::string_view bytes);

}  // namespace heliograph::cluster
