#include "transport/sessions.hpp"

#include <algorithm>
#include <utility>

namespace heliograph::transport {
namespace {

// A browser that closes a page ends its requests first, and sends the page's goodbye then.
constexpr std::chrono::seconds kLostFor{10};
constexpr std::size_t kMostLost = 1024;

}  // namespace

Sessions::Sessions(reactor::LoopTurn& turn, std::uint16_t worker,
                   const engineio::Settings& settings, std::size_t max_waiting, base::Log& log)
    : SessionOwner(turn, settings, log), worker_(worker), max_waiting_(max_waiting) {}

Sessions::~Sessions() = default;

Session& Sessions::create(engineio::Transport transport, const http::ClientAddress& client,
                          AddressTable::SessionPlace place) {
  SessionId id{.worker = worker_, .slot = static_cast<std::uint32_t>(slots_.size()), .secret = {}};
  random_.fill(id.secret);
  if (free_.empty()) {
    slots_.emplace_back();
  } else {
    id.slot = free_.back();
    free_.pop_back();
  }
  slots_[id.slot] = std::make_unique<Session>(*this, id, transport, client, std::move(place));
  return *slots_[id.slot];
}

Session* Sessions::find(const SessionId& id) {
  if (id.slot >= slots_.size()) return nullptr;
  Session* session = slots_[id.slot].get();
  if (!session || !same_secret(session->id(), id)) return nullptr;
  return session->is_closing() && !session->awaits_last_polls() ? nullptr : session;
}

void Sessions::erase(Session& session) {
  const std::uint32_t slot = session.id().slot;
  slots_[slot].reset();
  free_.push_back(slot);
}

void Sessions::note_lost(const SessionId& id, std::string client) {
  const base::TimePoint now = turn().now().steady;
  const bool is_full = lost_.size() == kMostLost;
  if (is_full) lost_.pop_front();
  while (!lost_.empty() && lost_.front().until <= now) lost_.pop_front();
  if (!client.empty()) lost_.push_back({id, std::move(client), now + kLostFor});
}

std::optional<std::string> Sessions::take_lost(const SessionId& id) {
  const auto is_it = [&](const Lost& lost) {
    return lost.id.slot == id.slot && same_secret(lost.id, id);
  };
  const auto found = std::ranges::find_if(lost_, is_it);
  if (found == lost_.end()) return std::nullopt;
  std::string client = std::move(found->client);
  lost_.erase(found);
  return client;
}

void Sessions::begin_waiting(const Session& session) {
  constexpr std::size_t kFewIds = 1024;
  waiting_.push_back(session.id());
  if (++waiting_count_ > max_waiting_) end_oldest_waiting();
  if (waiting_.size() <= 2 * waiting_count_ + kFewIds) return;
  std::erase_if(waiting_, [this](const SessionId& id) { return !find_waiting(id); });
}

Session* Sessions::find_waiting(const SessionId& id) {
  Session* const session = find(id);
  return session && session->is_waiting() ? session : nullptr;
}

void Sessions::end_oldest_waiting() {
  while (!waiting_.empty()) {
    Session* const oldest = find_waiting(waiting_.front());
    waiting_.pop_front();
    if (oldest) return oldest->close(gateway::CloseReason::kTooManyWaiting);
  }
}

void Sessions::on_stall(base::Duration stall) {
  for (const auto& session : slots_) {
    if (session) session->on_stall(stall);
  }
}

void Sessions::close_all(gateway::CloseReason reason) {
  for (const auto& session : slots_) {
    if (session) session->close(reason);
  }
}

}  // namespace heliograph::transport
