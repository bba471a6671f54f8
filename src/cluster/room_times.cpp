#include "cluster/room_times.hpp"

#include <utility>

namespace heliograph::cluster {

using signaling::Room;
using signaling::RoomRequest;
namespace action = signaling::room_action;

std::vector<base::TimePoint> RoomTimes::watch(const std::optional<Room>& room, std::uint32_t node,
                                              const signaling::Limits& limits,
                                              base::TimePoint now) {
  Times added;
  if (!room) {
    join_requests_.clear();
    linger_.reset();
    return added;
  }
  watch_join_requests(added, *room, node, now + limits.join_request_timeout);
  watch_linger(added, *room, node, now + limits.room_linger);
  const base::TimePoint showing = room->next_showing(node, now);
  if (showing < next_showing_) {
    next_showing_ = showing;
    added.push_back(showing);
  }
  return added;
}

// Each node sees to its own candidates.
void RoomTimes::watch_join_requests(Times& added, const Room& room, std::uint32_t node,
                                    base::TimePoint end) {
  std::map<signaling::PeerId, End> ends;
  for (const signaling::JoinRequest* request : room.requests()) {
    if (request->candidate.home.node != node) continue;
    const auto known = join_requests_.find(request->candidate);
    const bool is_known = known != join_requests_.end() && known->second.number == request->serial;
    ends[request->candidate] = is_known ? known->second : End{request->serial, end};
    if (!is_known) added.push_back(end);
  }
  join_requests_ = std::move(ends);
}

void RoomTimes::watch_linger(Times& added, const Room& room, std::uint32_t node,
                             base::TimePoint end) {
  const auto [its_node, number] = room.lingering();
  if (!room.is_empty() || its_node != node) return linger_.reset();
  if (linger_ && linger_->number == number) return;
  linger_ = {number, end};
  added.push_back(end);
}

std::vector<RoomRequest> RoomTimes::take_due(const std::string& room, std::uint32_t node,
                                             base::TimePoint now) {
  std::vector<RoomRequest> due;
  std::erase_if(join_requests_, [&](const auto& item) {
    const auto& [candidate, end] = item;
    if (end.when > now) return false;
    due.push_back(signaling::own_request(room, action::TimeOut{end.number}));
    due.back().from = candidate;
    return true;
  });
  if (linger_ && linger_->when <= now) {
    due.push_back(signaling::own_request(room, action::EndLinger{linger_->number}));
    linger_->when = base::TimePoint::max();
  }
  if (next_showing_ <= now) {
    due.push_back(signaling::own_request(room, action::ShowRequests{node}));
    next_showing_ = base::TimePoint::max();
  }
  return due;
}

}  // namespace heliograph::cluster
