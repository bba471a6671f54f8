#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/block_pool.hpp"
#include "gateway/application.hpp"
#include "gateway/counted_bytes.hpp"
#include "signaling/event.hpp"
#include "websocket/kept_frames.hpp"

namespace heliograph::gateway {

/// The memory in which the replays of a worker keep events, and how many bytes they keep together.
/// It outlives them.
struct ReplayMemory {
  base::BlockPool blocks;
  std::size_t bytes = 0;
};

/// The events that were sent to a client and that it may not have received. They are sent again if
/// it comes back after its connection broke. Events are numbered from 1 on, and dropped when a ping
/// that was sent after them is answered. An event that can be made again at any time need not be
/// kept.
class Replay {
 public:
  /// From now on events may be kept, because the client has asked for it.
  void begin() { is_on_ = true; }
  bool is_on() const { return is_on_; }

  /// Writes the event's message into the memory that keeps it, under the next number. It is of type
  /// EVENT or, with attachments, BINARY_EVENT.
  KeptMessage keep(std::span<const std::string_view> message,
                   const signaling::SharedAttachments& attachments, ReplayMemory& memory);
  /// Gives an event that can be made again the next number. False if it has to be kept, because
  /// others wait in front of it.
  bool skip();
  std::uint64_t last_number() const { return last_; }

  void ping_sent();
  void ping_answered();

  /// Whether a client that has got the events up to `number` can be sent all it missed.
  bool can_resume_after(std::uint64_t number) const;
  /// Whether it missed the one that was skipped.
  bool is_skipped_after(std::uint64_t number) const { return is_skipped_ && number < forgotten(); }
  /// The client has got the events up to `number`, over a new connection.
  void resume_after(std::uint64_t number);
  /// Calls `send(message, attachments)` for each event that is kept, in order.
  template <typename Send>
  void each(const Send& send) const;

  /// Forgets all events: a client that has not got them all cannot be helped any more.
  void drop();
  /// Bytes that are kept.
  std::size_t bytes() const { return kept_ ? std::size_t{kept_->bytes} : 0; }

 private:
  // A place between two events, and what lies before it.
  struct Mark {
    std::uint64_t events = 0;
    std::size_t bytes = 0;
    std::size_t attachments = 0;
    websocket::KeptFrames::Position frames;
  };
  // Mostly there is nothing to keep.
  struct Kept {
    explicit Kept(std::size_t& total) : bytes(total) {}
    websocket::KeptFrames frames;
    std::vector<signaling::SharedAttachments> attachments;  // of the events that have some
    std::uint64_t events = 0;
    CountedBytes bytes;
    Mark ping;  // where the last ping went out; the beginning if none is on its way
  };
  static std::string_view message_in(std::string_view payload) { return payload.substr(1); }
  static bool has_attachments(std::string_view message);
  std::uint64_t kept_count() const { return kept_ ? kept_->events : 0; }
  // The number of the last event that is not kept any more, or never was.
  std::uint64_t forgotten() const { return last_ - kept_count(); }
  void forget_before(const Mark& mark);

  std::unique_ptr<Kept> kept_;
  // Every client has a Replay, so the flags share a word with the number.
  std::uint64_t last_ : 62 = 0;
  bool is_on_ : 1 = false;
  bool is_skipped_ : 1 = false;  // the event forgotten()
};

template <typename Send>
void Replay::each(const Send& send) const {
  if (!kept_) return;
  auto attachments = kept_->attachments.begin();
  websocket::KeptFrames::Position position = kept_->frames.begin();
  for (std::uint64_t i = 0; i < kept_->events; ++i) {
    const std::string_view message = message_in(kept_->frames.next(position));
    send(message, has_attachments(message) ? *attachments++ : signaling::SharedAttachments{});
  }
}

}  // namespace heliograph::gateway
