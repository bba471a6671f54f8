#include "signaling/room.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace heliograph::signaling {
namespace {

// Between portions of requests that wait to be shown: those to a new owner, above all.
constexpr std::chrono::milliseconds kPortionPause{250};

}  // namespace

Room::Room(const PeerId& creator, std::string peerinfo, const Place& place) {
  members_.push_back({creator, std::move(peerinfo), true, place});
}

Room::Room(Parts parts) : members_(std::move(parts.members)) {
  for (JoinRequest& request : parts.requests) ask(std::move(request));
  const bool has_rules = parts.settings != RoomSettings{} || !parts.banned.empty() ||
                         !parts.free_places.empty() || parts.lingering != Lingering{} ||
                         !parts.kicked.empty();
  if (!has_rules) return;
  rules() = {.settings = std::move(parts.settings),
             .banned = {parts.banned.begin(), parts.banned.end()},
             .free_places = std::move(parts.free_places),
             .lingering = parts.lingering,
             .kicked = std::move(parts.kicked)};
}

Room::Parts Room::parts() const {
  Parts parts{.members = members_,
              .requests = {},
              .settings = settings(),
              .banned = {},
              .free_places = {},
              .lingering = lingering(),
              .kicked = {}};
  for (const JoinRequest* request : requests()) parts.requests.push_back(*request);
  if (rules_) parts.banned.assign(rules_->banned.begin(), rules_->banned.end());
  if (rules_) parts.free_places = rules_->free_places;
  if (rules_) parts.kicked = rules_->kicked;
  return parts;
}

Member* Room::find_member(const PeerId& peer) {
  const auto found = std::ranges::find(members_, peer, &Member::peer);
  return found == members_.end() ? nullptr : &*found;
}

JoinRequest* Room::find_request(const PeerId& candidate) {
  const auto found = requests_.find(candidate);
  return found == requests_.end() ? nullptr : &found->second;
}

std::vector<const JoinRequest*> Room::requests() const {
  std::vector<const JoinRequest*> requests;
  requests.reserve(requests_.size());
  for (const auto& [candidate, request] : requests_) requests.push_back(&request);
  std::ranges::sort(requests, {}, &JoinRequest::serial);
  return requests;
}

std::vector<PeerId> Room::owners() const {
  std::vector<PeerId> owners;
  for (const Member& member : members_) {
    if (member.is_owner) owners.push_back(member.peer);
  }
  return owners;
}

std::vector<PeerId> Room::peers() const {
  std::vector<PeerId> peers;
  peers.reserve(members_.size());
  for (const Member& member : members_) peers.push_back(member.peer);
  return peers;
}

std::vector<PeerId> Room::members_except(const PeerId& peer) const {
  std::vector<PeerId> others;
  for (const Member& member : members_) {
    if (member.peer != peer) others.push_back(member.peer);
  }
  return others;
}

void Room::ask(JoinRequest request) {
  const PeerId candidate = request.candidate;
  requests_.insert_or_assign(candidate, std::move(request));
}

void Room::admit(const PeerId& candidate) {
  JoinRequest* request = find_request(candidate);
  admit(candidate, std::move(request->peerinfo), place_of(request->tickets));
  drop_request(candidate);
}

void Room::admit(const PeerId& peer, std::string peerinfo, const Place& place) {
  members_.push_back({peer, std::move(peerinfo), false, place});
}

void Room::take_place(const PeerId& peer, std::string peerinfo, const Place& taken,
                      const Place& place) {
  const auto free = std::ranges::find(rules().free_places, taken, &FreePlace::place);
  const bool is_owner = free->is_owner;
  rules().free_places.erase(free);
  members_.push_back({peer, std::move(peerinfo), is_owner, place});
  rules().lingering.node = 0;
  see_to_an_owner();
}

void Room::drop_request(const PeerId& candidate) { requests_.erase(candidate); }

std::vector<PeerId> Room::to_be_shown(std::uint32_t node, base::TimePoint now) const {
  std::vector<PeerId> candidates;
  for (const JoinRequest* request : requests()) {
    const bool is_due = request->shown != Shown::kYes && request->may_ask_at() <= now;
    if (!is_due || request->candidate.home.node != node) continue;
    candidates.push_back(request->candidate);
    if (candidates.size() == kPortion) break;
  }
  return candidates;
}

// A request that is due already waits for its portion.
base::TimePoint Room::next_showing(std::uint32_t node, base::TimePoint now) const {
  base::TimePoint next = base::TimePoint::max();
  for (const auto& [candidate, request] : requests_) {
    if (request.shown == Shown::kYes || candidate.home.node != node) continue;
    next = std::min(next, std::max(request.may_ask_at(), now + kPortionPause));
  }
  return next;
}

std::size_t Room::requests_of(const base::IpAddress& address) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      requests_, [&](const auto& request) { return request.second.address == address; }));
}

const JoinRequest& Room::most_dispensable_request() const {
  std::unordered_map<base::IpAddress, std::size_t, base::IpAddressHash> counts;
  for (const auto& [candidate, request] : requests_) ++counts[request.address];
  const auto order = [&](const JoinRequest* a, const JoinRequest* b) {
    const std::size_t of_a = counts[a->address];
    const std::size_t of_b = counts[b->address];
    return of_a != of_b ? of_a > of_b : a->serial < b->serial;
  };
  return *std::ranges::min(requests(), order);
}

const RoomSettings& Room::settings() const {
  static const RoomSettings as_it_begins;
  return rules_ ? rules_->settings : as_it_begins;
}

void Room::change(RoomSettings settings) { rules().settings = std::move(settings); }

bool Room::is_full() const {
  const std::uint32_t capacity = settings().capacity;
  return capacity != 0 && members_.size() >= capacity;
}

const Member* Room::holder_of(const Place& place) const {
  if (place == Place{}) return nullptr;
  const auto found = std::ranges::find(members_, place, &Member::place);
  return found == members_.end() ? nullptr : &*found;
}

bool Room::is_free(const Place& place, base::TimePoint now) const {
  if (!rules_ || place == Place{}) return false;
  const auto found = std::ranges::find(rules_->free_places, place, &FreePlace::place);
  return found != rules_->free_places.end() && now < found->until;
}

void Room::give_place(const PeerId& member, const Place& place) {
  find_member(member)->place = place;
}

bool Room::forget_place_of(const PeerId& peer) {
  return rules_ && std::erase_if(rules_->free_places,
                                 [&](const FreePlace& free) { return free.peer == peer; }) > 0;
}

void Room::forget_places_until(base::TimePoint now) {
  if (!rules_) return;
  std::erase_if(rules_->free_places, [&](const FreePlace& free) { return free.until <= now; });
}

bool Room::is_banned(const PeerId& peer) const {
  return rules_ && std::ranges::find(rules_->banned, peer) != rules_->banned.end();
}

void Room::ban(const PeerId& peer) {
  if (is_banned(peer)) return;
  std::deque<PeerId>& banned = rules().banned;
  if (banned.size() == kMostBanned) banned.pop_front();
  banned.push_back(peer);
}

bool Room::was_kicked(const PeerId& peer) const {
  return rules_ && std::ranges::find(rules_->kicked, peer) != rules_->kicked.end();
}

void Room::note_kicked(const PeerId& peer) {
  std::vector<PeerId>& kicked = rules().kicked;
  if (kicked.size() == kMostKicked) kicked.erase(kicked.begin());
  kicked.push_back(peer);
}

Room::Rules& Room::rules() {
  if (!rules_) rules_ = std::make_unique<Rules>();
  return *rules_;
}

Room::Departure Room::remove(const PeerId& peer, base::TimePoint place_until) {
  const auto leaving = std::ranges::find(members_, peer, &Member::peer);
  if (leaving == members_.end()) return {};
  Departure departure{.was_member = true, .owner_changed = false, .member = std::move(*leaving)};
  members_.erase(leaving);
  const Member& gone = departure.member;
  if (gone.place != Place{} && place_until != base::TimePoint::min()) {
    std::vector<FreePlace>& places = rules().free_places;
    if (places.size() == kMostFreePlaces) places.erase(places.begin());
    places.push_back({gone.place, peer, gone.is_owner, place_until});
  }
  departure.owner_changed = see_to_an_owner();
  return departure;
}

// Whether there is a new one.
bool Room::see_to_an_owner() {
  if (members_.empty() || std::ranges::any_of(members_, &Member::is_owner)) return false;
  members_.front().is_owner = true;
  return true;
}

bool opens(std::span<const std::string> passwords, const RoomSettings& settings) {
  return std::ranges::find(passwords, settings.password) != passwords.end();
}

std::optional<Error> closed_to(Room& room, const PeerId& peer) {
  if (room.is_banned(peer)) return Error::kBanned;
  if (room.settings().locked && !room.find_request(peer)) return Error::kRoomLocked;
  if (room.is_full()) return Error::kRoomFull;
  return std::nullopt;
}

}  // namespace heliograph::signaling
