#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace heliograph::signaling {

/// What one peer may ask of the server. Zero means "no limit" only where it says so.
struct Limits {
  /// Bytes of one event's JSON with its binary attachments; more is refused with `event-too-large`.
  std::size_t max_event_bytes = 64 * 1024;
  /// Bytes of the JSON text of `peerinfo`.
  std::size_t max_peerinfo_bytes = 4 * 1024;
  /// Bytes of a room's name in UTF-8.
  std::size_t max_room_name_bytes = 255;
  /// Rooms that a peer is in, creates or waits to enter at the same time.
  std::size_t max_rooms_per_peer = 128;
  /// Nesting of an event's JSON, the argument array counting as 1.
  unsigned max_json_depth = 32;
  /// Events a second a connection may send in the long run; 0 means no limit.
  std::uint32_t events_per_second = 100;
  /// Events a connection may send at once before `events_per_second` holds it back.
  std::uint32_t events_burst = 200;
  /// How long a join request may stay unanswered before the candidate is rejected.
  std::chrono::milliseconds join_request_timeout{60'000};
};

}  // namespace heliograph::signaling
