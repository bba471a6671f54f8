#include "websocket/kept_frames.hpp"

#include <algorithm>

namespace heliograph::websocket {
namespace {

constexpr std::size_t kSmallestBlock = 512;

}  // namespace

KeptFrames::Frame KeptFrames::append(Opcode opcode, std::string_view first,
                                     std::span<const std::string_view> parts,
                                     base::BlockPool& pool) {
  std::size_t payload_bytes = first.size();
  for (const std::string_view part : parts) payload_bytes += part.size();
  const std::size_t most_bytes = kMaxHeaderBytes + payload_bytes;
  if (room_left_ < most_bytes) add_block(most_bytes, pool);

  char* const frame = room_;
  char* const payload = frame + write_header(frame, opcode, payload_bytes);
  char* at = payload + first.copy(payload, first.size());
  for (const std::string_view part : parts) at += part.copy(at, part.size());
  const auto bytes = static_cast<std::size_t>(at - frame);
  room_ = at;
  room_left_ -= bytes;
  bytes_ += bytes;
  return {blocks_.back().memory, {frame, bytes}, {payload, payload_bytes}};
}

void KeptFrames::add_block(std::size_t bytes, base::BlockPool& pool) {
  std::size_t last = 0;
  if (!blocks_.empty()) {
    Block& block = blocks_.back();
    last = block.memory->capacity();
    block.end = last - room_left_;
  }
  const std::size_t next = std::clamp(4 * last, kSmallestBlock, base::BlockPool::kBlockBytes);
  blocks_.push_back({.memory = pool.take(std::max(next, bytes))});
  room_ = blocks_.back().memory->bytes();
  room_left_ = blocks_.back().memory->capacity();
}

KeptFrames::Position KeptFrames::end() const {
  if (blocks_.empty()) return {};
  return {.bytes = bytes_,
          .blocks = blocks_.size() - 1,
          .at = blocks_.back().memory->capacity() - room_left_};
}

std::string_view KeptFrames::next(Position& position) const {
  const bool is_in_last = position.blocks + 1 == blocks_.size();
  if (!is_in_last && position.at == blocks_[position.blocks].end) {
    ++position.blocks;
    position.at = 0;
  }
  const char* const frame = blocks_[position.blocks].memory->bytes() + position.at;
  const std::string_view payload = payload_of(frame);
  const auto bytes = static_cast<std::size_t>(payload.data() + payload.size() - frame);
  position.at += bytes;
  position.bytes += bytes;
  return payload;
}

void KeptFrames::forget_before(const Position& position) {
  if (position.bytes == 0) return;
  if (position.bytes == bytes_) {
    *this = {};
    return;
  }
  blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(position.blocks));
  begin_ = position.at;
  bytes_ -= position.bytes;
}

}  // namespace heliograph::websocket
