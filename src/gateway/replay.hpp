#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/event.hpp"

namespace heliograph::gateway {

/// The events that a client was sent and may not have got: what is sent again when it comes back
/// after its connection broke. Events are numbered from 1 on, and forgotten when a ping that went
/// out behind them is answered. One that can be made again at any time need not be kept.
class Replay {
 public:
  /// Keeps the event under the next number.
  void keep(std::string_view event, const signaling::SharedAttachments& attachments);
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
  struct Entry {
    std::size_t length;
    signaling::SharedAttachments attachments;
  };
  // Mostly there is nothing to keep.
  struct Kept {
    std::string text;  // of all entries
    std::vector<Entry> entries;
    std::size_t behind_ping = 0;  // entries that the ping on its way will confirm
    std::size_t bytes = 0;
  };
  std::uint64_t kept_count() const { return kept_ ? kept_->entries.size() : 0; }
  void forget(std::size_t count);

  std::unique_ptr<Kept> kept_;
  std::uint64_t last_ = 0;
  std::uint64_t skipped_ = 0;  // number of the one that was skipped last
};

template <typename Send>
void Replay::each(const Send& send) const {
  if (!kept_) return;
  std::string_view text = kept_->text;
  std::uint64_t number = last_ - kept_count();
  for (const Entry& entry : kept_->entries) {
    send(text.substr(0, entry.length), entry.attachments, ++number);
    text.remove_prefix(entry.length);
  }
}

}  // namespace heliograph::gateway
