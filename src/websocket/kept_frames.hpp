#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/block_pool.hpp"
#include "websocket/frame.hpp"

namespace heliograph::websocket {

// Frames kept for resending, one after the other in counted blocks, so that they can be sent
// without a copy. Blocks do not move, and grow with their number: a frame is written once, and
// little memory is held for few frames.
class KeptFrames {
 public:
  struct Frame {
    const base::BlockRef& memory;  // the block that it lies in; valid until the next append()
    std::string_view frame;
    std::string_view payload;
  };
  // A position between two frames, or in front of the first, or behind the last.
  struct Position {
    std::size_t bytes = 0;   // of the frames in front of it
    std::size_t blocks = 0;  // in front of the one that it lies in
    std::size_t at = 0;      // in its block
  };

  // Writes a final, unmasked frame behind the others. Its payload is `first` and the parts. If the
  // last block has no room left, the frame begins another one from `pool`.
  Frame append(Opcode opcode, std::string_view first, std::span<const std::string_view> parts,
               base::BlockPool& pool);

  // Of all frames.
  std::size_t bytes() const { return bytes_; }
  Position begin() const { return {.at = begin_}; }
  Position end() const;
  // The payload of the frame behind `position`, which must not be the end. Moves `position` behind
  // that frame.
  std::string_view next(Position& position) const;
  // Forgets the frames in front of `position`. No other position may be used any more.
  void forget_before(const Position& position);

 private:
  struct Block {
    base::BlockRef memory;
    std::size_t end = 0;  // of its last frame; not set while it is the last block
  };
  void add_block(std::size_t bytes, base::BlockPool& pool);

  char* room_ = nullptr;  // behind the last frame
  std::size_t room_left_ = 0;
  std::size_t bytes_ = 0;
  std::size_t begin_ = 0;  // of the first frame, in the first block
  std::vector<Block> blocks_;
};

}  // namespace heliograph::websocket
