#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/token_bucket.hpp"

namespace heliograph::signaling {

/// Join requests of one address that wait in one room.
inline constexpr std::size_t kMostRequestsOfAddress = 8;

/// Limits of the requests of one peer. Zero means "no limit" only if the comment says so.
struct Limits {
  /// Bytes of one event's JSON with its binary attachments; more is refused with `event-too-large`.
  std::size_t max_event_bytes = 64 * 1024;
  /// The same of a `relay-session-description`.
  std::size_t max_description_bytes = 256 * 1024;
  /// Bytes of the JSON text of `peerinfo`.
  std::size_t max_peerinfo_bytes = 4 * 1024;
  /// Bytes of the `payload` of a join request, with its attachments; owners see it.
  std::size_t max_join_payload_bytes = 4 * 1024;
  /// Join requests that wait in one room. From one address: kMostRequestsOfAddress.
  std::size_t max_pending_requests = 64;
  /// Bytes of a room's name in UTF-8.
  std::size_t max_room_name_bytes = 255;
  /// Rooms that a peer is in, creates or waits to enter at the same time.
  std::size_t max_rooms_per_peer = 128;
  /// Nesting of an event's JSON, the argument array counting as 1.
  unsigned max_json_depth = 32;
  /// Everything that a connection sends, checked before it is parsed: messages, and their bytes.
  base::BucketRate all_events{.per_second = 500, .burst = 4'000};
  base::BucketRate all_bytes{.per_second = 1024 * 1024, .burst = 4 * 1024 * 1024};
  /// Events of a connection other than relays.
  base::BucketRate events{.per_second = 100, .burst = 200};
  /// Bytes that one peer has delivered to one other by relays.
  base::BucketRate relay_bytes{.per_second = 64 * 1024, .burst = 256 * 1024};
  /// Bytes that one peer sends to rooms, times the receivers.
  base::BucketRate room_bytes{.per_second = 2 * 1024 * 1024, .burst = 4 * 1024 * 1024};
  /// How long a join request may stay unanswered before the candidate is rejected.
  std::chrono::milliseconds join_request_timeout{60'000};
  /// How long a ticket is valid after its member has gone without saying so; zero: there are none.
  std::chrono::milliseconds ticket_lifetime{3'600'000};
  /// How long a room waits for a peer with a ticket after its last member has gone like this.
  std::chrono::milliseconds room_linger{10'000};
};

}  // namespace heliograph::signaling
