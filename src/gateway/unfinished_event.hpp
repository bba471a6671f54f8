#pragma once

#include <cstddef>
#include <utility>

#include "base/assembly.hpp"
#include "base/clock.hpp"
#include "gateway/counted_bytes.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

/// An event of a client that waits for attachments. It is held no longer than a slow network takes
/// to send them.
class UnfinishedEvent {
 public:
  /// `total` counts its bytes; see base::Assembly for the patience.
  UnfinishedEvent(base::Duration patience, base::TimePoint now, std::size_t& total)
      : assembly_(patience, now), bytes_(total) {}

  /// The decoder that has read the client's last message and awaits attachments.
  void keep(socketio::Decoder decoder, base::TimePoint now) {
    decoder_ = std::move(decoder);
    bytes_.set(decoder_.held_bytes());
    assembly_.has(bytes_, now);
  }
  /// Gives the decoder back for the next message.
  socketio::Decoder take_decoder() { return std::move(decoder_); }

  base::TimePoint deadline() const { return assembly_.deadline(); }
  std::size_t bytes() const { return bytes_; }

 private:
  base::Assembly assembly_;
  socketio::Decoder decoder_;
  CountedBytes bytes_;
};

}  // namespace heliograph::gateway
