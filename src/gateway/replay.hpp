#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/block_pool.hpp"
#include "signaling/event.hpp"

namespace heliograph::gateway {

/// The events that a client was sent and may not have got: what is sent again when it comes back
/// after its connection broke. Events are numbered from 1 on, and forgotten when a ping that went
/// out behind them is answered. One that can be made again at any time need not be kept.
class Replay {
 public:
  /// Keeps the event under the next number, in memory from `pool`.
  void keep(const signaling::EventText& event, const signaling::SharedAttachments& attachments,
            BlockPool& pool);
  /// Gives an event that can be made again the next number. False where it has to be kept, because
  /// others wait in front of it.
  bool skip();
  std::uint64_t last_number() const { return last_; }

  void ping_sent();
  void ping_answered();

  /// Whether a client that has got the events up to `number` can be sent all it missed.
  bool can_resume_after(std::uint64_t number) const;
  /// Whether it missed the one that was skipped.
  bool is_skipped_after(std::uint64_t number) const { return number < skipped_; }
  /// The client has got the events up to `number`, over a new connection.
  void resume_after(std::uint64_t number);
  /// Calls `send(event, attachments, number)` for each event that is kept, in order.
  template <typename Send>
  void each(const Send& send) const;

  /// Forgets all events: a client that has not got them all cannot be helped any more.
  void drop();
  /// What is kept, in memory.
  std::size_t bytes() const { return kept_ ? kept_->bytes : 0; }

 private:
  // Bytes of some events, each behind its header. Blocks do not move, and grow with their number:
  // what is kept is copied once, and little is held for a client that is sent little.
  struct Block {
    BlockPool::Block bytes;
    std::size_t capacity = 0;
    std::size_t begin = 0;
    std::size_t end = 0;  // of the last one: see room
  };
  struct Header {
    std::uint32_t length;
    bool has_attachments;
  };
  // A place between two events, and what lies before it.
  struct Mark {
    std::uint64_t events = 0;
    std::size_t bytes = 0;
    std::size_t attachments = 0;
    std::size_t blocks = 0;  // in front of the one that it lies in
    std::size_t at = 0;
  };
  // Mostly there is nothing to keep.
  struct Kept {
    char* room = nullptr;  // behind the last event
    std::size_t room_left = 0;
    std::size_t bytes = 0;
    std::uint64_t events = 0;
    std::vector<Block> blocks;
    std::vector<signaling::SharedAttachments> attachments;  // of the events that have some
    Mark ping;  // where the last ping went out; the beginning where none is on its way
  };
  static Header read_header(const char* from);
  static void add_block(Kept& kept, std::size_t bytes, BlockPool& pool);
  static Mark end_of(const Kept& kept);
  std::uint64_t kept_count() const { return kept_ ? kept_->events : 0; }
  void forget_before(const Mark& mark);

  std::unique_ptr<Kept> kept_;
  std::uint64_t last_ = 0;
  std::uint64_t skipped_ = 0;  // number of the one that was skipped last
};

template <typename Send>
void Replay::each(const Send& send) const {
  if (!kept_) return;
  std::uint64_t number = last_ - kept_->events;
  auto attachments = kept_->attachments.begin();
  for (const Block& block : kept_->blocks) {
    const bool is_last = &block == &kept_->blocks.back();
    const std::size_t end = is_last ? end_of(*kept_).at : block.end;
    for (std::size_t at = block.begin; at < end;) {
      const char* const event = block.bytes.get() + at;
      const Header header = read_header(event);
      send(std::string_view(event + sizeof header, header.length),
           header.has_attachments ? *attachments++ : signaling::SharedAttachments{}, ++number);
      at += sizeof header + header.length;
    }
  }
}

}  // namespace heliograph::gateway
