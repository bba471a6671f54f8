#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/block_pool.hpp"
#include "gateway/application.hpp"
#include "signaling/event.hpp"
#include "websocket/frame.hpp"

namespace heliograph::gateway {

/// The events that a client was sent and may not have got: what is sent again when it comes back
/// after its connection broke. Events are numbered from 1 on, and forgotten when a ping that went
/// out behind them is answered. One that can be made again at any time need not be kept.
class Replay {
 public:
  /// Puts the event's message together where it is kept, under the next number, in memory from
  /// `pool`. It is of type EVENT or, with attachments, BINARY_EVENT.
  KeptMessage keep(std::span<const std::string_view> message,
                   const signaling::SharedAttachments& attachments, base::BlockPool& pool);
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
  /// Calls `send(message, attachments)` for each event that is kept, in order.
  template <typename Send>
  void each(const Send& send) const;

  /// Forgets all events: a client that has not got them all cannot be helped any more.
  void drop();
  /// What is kept, in memory.
  std::size_t bytes() const { return kept_ ? kept_->bytes : 0; }

 private:
  // Frames of some messages, one behind the other. Blocks do not move, and grow with their number:
  // what is kept is written once, and little is held for a client that is sent little.
  struct Frames {
    base::BlockRef block;
    std::size_t begin = 0;
    std::size_t end = 0;  // of the last one: see room
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
    char* room = nullptr;  // behind the last frame
    std::size_t room_left = 0;
    std::size_t bytes = 0;
    std::uint64_t events = 0;
    std::vector<Frames> frames;
    std::vector<signaling::SharedAttachments> attachments;  // of the events that have some
    Mark ping;  // where the last ping went out; the beginning where none is on its way
  };
  static std::string_view message_in(std::string_view payload) { return payload.substr(1); }
  static bool has_attachments(std::string_view message);
  static void add_block(Kept& kept, std::size_t bytes, base::BlockPool& pool);
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
  auto attachments = kept_->attachments.begin();
  for (const Frames& frames : kept_->frames) {
    const bool is_last = &frames == &kept_->frames.back();
    const char* at = frames.block->bytes() + frames.begin;
    const char* const end = is_last ? kept_->room : frames.block->bytes() + frames.end;
    while (at != end) {
      const std::string_view payload = websocket::payload_of(at);
      const std::string_view message = message_in(payload);
      send(message, has_attachments(message) ? *attachments++ : signaling::SharedAttachments{});
      at = payload.data() + payload.size();
    }
  }
}

}  // namespace heliograph::gateway
