#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>

#include "signaling/event.hpp"
#include "signaling/service.hpp"

namespace heliograph::gateway {

/// What a client has yet to be told of strangers at the doors of its rooms, because it reads slowly
/// or is away: of each stranger the last event, and nothing of those who came and went. Strangers
/// cannot make it hold more than kMostBytes: beyond that the oldest is dropped.
class Knocks {
 public:
  static constexpr std::size_t kMostBytes = 512UL * 1024;

  struct Held {
    std::string room;
    signaling::Stranger stranger;
    std::string event;
    signaling::SharedAttachments attachments;
  };

  /// How many others had to be dropped for it.
  std::size_t hold(Held knock);
  /// The oldest; nothing if there is none.
  std::optional<Held> take();
  bool is_empty() const { return held_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  void forget(std::list<Held>::iterator knock);

  std::list<Held> held_;  // costs nothing while there are none
  std::size_t bytes_ = 0;
};

}  // namespace heliograph::gateway
