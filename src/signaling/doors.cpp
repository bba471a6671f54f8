#include "signaling/doors.hpp"

#include <algorithm>

namespace heliograph::signaling {
namespace {

using std::chrono::milliseconds;

// New candidates of a room, and of one address at that room.
constexpr base::BucketRate kKnocks{.per_second = 10, .burst = 64};
constexpr base::BucketRate kKnocksOfAddress{.per_second = 2, .burst = 16};
// Wrong passwords of a room. Beyond that, only addresses that have not failed are heard.
constexpr base::BucketRate kGuesses{.per_second = 1, .burst = 20};

constexpr std::chrono::seconds kReportPause{10};

// To be forgotten before the others, a door that is attacked has to be the one with least to
// remember of so many, each of which takes knocks of its own.
constexpr std::size_t kMostDoors = 32'768;
// Of one door. More are looked through for those that are full; as many as the room's own bucket
// admits until an address is full may stay.
constexpr std::size_t kManyAddresses = 64;

bool is_known(const base::IpAddress& address) { return address != base::IpAddress{}; }

}  // namespace

void Doors::judge(RoomRequest& request, Room* room, base::TimePoint now) {
  auto* const join = std::get_if<room_action::Join>(&request.action);
  if (!join || !room || room->is_empty() || room->find_member(request.from)) return;
  if (room->knows(shown_by(join->tickets), now)) return;  // no stranger
  if (closed_to(*room, request.from)) return;
  const RoomSettings& settings = room->settings();
  if (settings.admission == Admission::kPassword) {
    join->wait = judge_guess(request, *join, settings, now);
  } else if (settings.admission == Admission::kOwner && !room->find_request(request.from)) {
    join->wait = judge_knock(request.room, base::counted_as(request.address), now);
  }
}

// The address first: it cannot use up what the room allows.
Doors::Wait Doors::judge_knock(const std::string& room, const base::IpAddress& address,
                               base::TimePoint now) {
  Item& item = door_of(room, now);
  Door& door = item.second;
  const auto of_address = door.knocks_of.find(address);
  if (of_address != door.knocks_of.end()) {
    const Wait wait = of_address->second.wait(kKnocksOfAddress, now);
    if (wait > Wait::zero()) return wait;
  }
  const Wait wait = door.knocks.wait(kKnocks, now);
  if (wait > Wait::zero()) return wait;
  if (is_known(address)) take_from(door, address, now);
  door.knocks.take(1);
  settle(item);
  return Wait::zero();
}

Doors::Wait Doors::judge_guess(const RoomRequest& request, const room_action::Join& join,
                               const RoomSettings& settings, base::TimePoint now) {
  if (join.passwords.empty()) return Wait::zero();  // no guess
  const bool counts = is_known(request.address) && guesses_.wait;
  if (counts) {
    const Wait wait = guesses_.wait(request.address);
    if (wait > Wait::zero()) return wait;
  }
  if (counts && guesses_.has_failed(request.address)) {
    const Wait wait = door_of(request.room, now).second.guesses.wait(kGuesses, now);
    if (wait > Wait::zero()) return wait;
  }
  if (!opens(join.passwords, settings)) {
    if (counts) guesses_.note(request.address);
    note_guess(door_of(request.room, now), now);
  }
  return Wait::zero();
}

void Doors::note_guess(Item& item, base::TimePoint now) {
  Door& door = item.second;
  // Those that are heard beyond the limit do not make the others wait for longer.
  if (door.guesses.wait(kGuesses, now) == Wait::zero()) door.guesses.take(1);
  if (door.failures++ == 0) {
    door.report_at = std::max(door.report_at, now);
    reports_.emplace(door.report_at, item.first);
  }
  settle(item);
}

std::vector<Doors::Report> Doors::take_reports(base::TimePoint now) {
  std::vector<Report> reports;
  while (!reports_.empty() && reports_.begin()->first <= now) {
    Item& item = *doors_.find(reports_.extract(reports_.begin()).value().second);
    item.second.report_at = now + kReportPause;
    reports.push_back({item.first, std::exchange(item.second.failures, 0)});
    settle(item);
  }
  return reports;
}

base::TimePoint Doors::deadline() const {
  return reports_.empty() ? base::TimePoint::max() : reports_.begin()->first;
}

Doors::Item& Doors::door_of(const std::string& room, base::TimePoint now) {
  while (!by_forgetting_.empty() && by_forgetting_.begin()->first <= now) {
    forget(*by_forgetting_.begin()->second);
  }
  const auto found = doors_.find(room);
  if (found != doors_.end()) return *found;
  if (doors_.size() >= kMostDoors) forget(*by_forgetting_.begin()->second);
  Item& item = *doors_.try_emplace(room).first;
  item.second.knocks = {kKnocks, now};
  item.second.guesses = {kGuesses, now};
  by_forgetting_.emplace(item.second.forgotten_at, &item);
  return item;
}

// To be called after each change. A report that is owed is not forgotten.
void Doors::settle(Item& item) {
  Door& door = item.second;
  by_forgetting_.erase({door.forgotten_at, &item});
  door.forgotten_at = door.failures > 0
                          ? base::TimePoint::max()
                          : std::max({door.knocks.full_at(kKnocks), door.guesses.full_at(kGuesses),
                                      door.report_at, door.addresses_until});
  by_forgetting_.emplace(door.forgotten_at, &item);
}

void Doors::forget(Item& item) {
  reports_.erase({item.second.report_at, item.first});
  by_forgetting_.erase({item.second.forgotten_at, &item});
  doors_.erase(item.first);
}

void Doors::take_from(Door& door, const base::IpAddress& address, base::TimePoint now) {
  if (door.knocks_of.size() >= kManyAddresses) {
    std::erase_if(door.knocks_of,
                  [&](const auto& known) { return known.second.is_full(kKnocksOfAddress, now); });
  }
  Bucket& bucket = door.knocks_of.try_emplace(address, kKnocksOfAddress, now).first->second;
  bucket.take(1);
  door.addresses_until = std::max(door.addresses_until, bucket.full_at(kKnocksOfAddress));
}

}  // namespace heliograph::signaling
