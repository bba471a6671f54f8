#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ip_address.hpp"
#include "base/token_bucket.hpp"
#include "signaling/room.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::signaling {

/// Wrong passwords of rooms, counted by address for all rooms together. Null functions count
/// nothing. They keep the time themselves.
struct GuessCounts {
  /// How long the address is refused; zero if it is not.
  std::function<std::chrono::milliseconds(const base::IpAddress&)> wait;
  /// Whether the address has failed lately.
  std::function<bool(const base::IpAddress&)> has_failed;
  std::function<void(const base::IpAddress&)> note;
};

/// How fast strangers come to the doors of rooms and guess their passwords. It belongs beside the
/// rooms that it counts for: one for each worker, and one for the rooms that a node shares with
/// others.
class Doors {
 public:
  explicit Doors(GuessCounts guesses) : guesses_(std::move(guesses)) {}

  /// Judges a request before it is carried out: one that comes too fast gets its time to wait, in
  /// room_action::Join::wait. Call it once for each request. `room`: as it is; null if there is
  /// none.
  void judge(RoomRequest& request, Room* room, base::TimePoint now);

  struct Report {
    std::string room;
    std::uint32_t failures = 0;
  };
  /// Rooms whose owners must be told of wrong passwords: for each at most every 10 s.
  std::vector<Report> take_reports(base::TimePoint now);
  /// When there will be one; TimePoint::max() for never.
  base::TimePoint deadline() const;

  std::size_t size() const { return doors_.size(); }

 private:
  using Bucket = base::TimedBucket;
  struct Door {
    Bucket knocks;
    Bucket guesses;
    std::unordered_map<base::IpAddress, Bucket, base::IpAddressHash> knocks_of;
    std::uint32_t failures = 0;         // that no owner has been told of
    base::TimePoint report_at{};        // not before
    base::TimePoint addresses_until{};  // when the last of knocks_of is full
    base::TimePoint forgotten_at{};     // as in by_forgetting_
  };
  using Item = std::map<std::string, Door>::value_type;
  using Wait = std::chrono::milliseconds;

  Wait judge_knock(const std::string& room, const base::IpAddress& address, base::TimePoint now);
  Wait judge_guess(const RoomRequest& request, const room_action::Join& join,
                   const RoomSettings& settings, base::TimePoint now);
  void note_guess(Item& item, base::TimePoint now);
  Item& door_of(const std::string& room, base::TimePoint now);
  void settle(Item& item);
  void forget(Item& item);
  static void take_from(Door& door, const base::IpAddress& address, base::TimePoint now);

  GuessCounts guesses_;
  std::map<std::string, Door> doors_;
  // When there is nothing left to remember of a door. The first is forgotten if there are too many.
  std::set<std::pair<base::TimePoint, Item*>> by_forgetting_;
  std::set<std::pair<base::TimePoint, std::string>> reports_;  // rooms, by Door::report_at
};

}  // namespace heliograph::signaling
