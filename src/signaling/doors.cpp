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
constexpr std::chrono::seconds kSweepPause{60};

// Beyond these, whatever comes first is forgotten.
constexpr std::size_t kMostDoors = 4'096;
constexpr std::size_t kMostAddresses = 64;

bool is_known(const base::IpAddress& address) { return address != base::IpAddress{}; }

}  // namespace

void Doors::judge(RoomRequest& request, Room* room, base::TimePoint now) {
  auto* const join = std::get_if<room_action::Join>(&request.action);
  if (!join || !room || closed_to(*room, request.from)) return;
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
  Door& door = door_of(room, now);
  Bucket* const of_address = is_known(address) ? &bucket_of(door, address, now) : nullptr;
  if (of_address) {
    const Wait wait = of_address->wait(kKnocksOfAddress, now);
    if (wait > Wait::zero()) return wait;
  }
  const Wait wait = door.knocks.wait(kKnocks, now);
  if (wait > Wait::zero()) return wait;
  if (of_address) of_address->take(1);
  door.knocks.take(1);
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
    const Wait wait = door_of(request.room, now).guesses.wait(kGuesses, now);
    if (wait > Wait::zero()) return wait;
  }
  if (!opens(join.passwords, settings)) {
    if (counts) guesses_.note(request.address);
    note_guess(request.room, now);
  }
  return Wait::zero();
}

void Doors::note_guess(const std::string& room, base::TimePoint now) {
  Door& door = door_of(room, now);
  // Those that are heard beyond the limit do not make the others wait for longer.
  if (door.guesses.wait(kGuesses, now) == Wait::zero()) door.guesses.take(1);
  if (door.failures++ > 0) return;
  door.report_at = std::max(door.report_at, now);
  reports_.emplace(door.report_at, room);
}

std::vector<Doors::Report> Doors::take_reports(base::TimePoint now) {
  std::vector<Report> reports;
  while (!reports_.empty() && reports_.begin()->first <= now) {
    std::string room = std::move(reports_.extract(reports_.begin()).value().second);
    Door& door = doors_.at(room);
    door.report_at = now + kReportPause;
    reports.push_back({std::move(room), std::exchange(door.failures, 0)});
  }
  return reports;
}

// Of the doors at which nothing has happened for a while there is nothing to remember.
void Doors::sweep(base::TimePoint now) {
  std::erase_if(doors_, [&](const auto& item) { return is_idle(item.second, now); });
  next_sweep_ = now + kSweepPause;
}

base::TimePoint Doors::deadline() const {
  return reports_.empty() ? base::TimePoint::max() : reports_.begin()->first;
}

bool Doors::is_idle(const Door& door, base::TimePoint now) {
  return door.failures == 0 && door.report_at <= now && door.knocks.is_full(kKnocks, now) &&
         door.guesses.is_full(kGuesses, now);
}

Doors::Door& Doors::door_of(const std::string& room, base::TimePoint now) {
  const auto found = doors_.find(room);
  if (found != doors_.end()) return found->second;
  if (now >= next_sweep_) sweep(now);
  if (doors_.size() >= kMostDoors) {
    const auto first = doors_.begin();
    reports_.erase({first->second.report_at, first->first});
    doors_.erase(first);
  }
  Door& door = doors_[room];
  door.knocks = {kKnocks, now};
  door.guesses = {kGuesses, now};
  return door;
}

Doors::Bucket& Doors::bucket_of(Door& door, const base::IpAddress& address, base::TimePoint now) {
  const auto found = door.knocks_of.find(address);
  if (found != door.knocks_of.end()) return found->second;
  if (door.knocks_of.size() >= kMostAddresses) {
    std::erase_if(door.knocks_of,
                  [&](const auto& item) { return item.second.is_full(kKnocksOfAddress, now); });
  }
  if (door.knocks_of.size() >= kMostAddresses) door.knocks_of.erase(door.knocks_of.begin());
  return door.knocks_of[address] = {kKnocksOfAddress, now};
}

}  // namespace heliograph::signaling
