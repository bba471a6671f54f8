#include "gateway/absent_clients.hpp"

#include <utility>

namespace heliograph::gateway {

void AbsentClients::keep(const signaling::PeerId& peer, std::unique_ptr<Client> client,
                         base::TimePoint until, std::size_t bytes) {
  bytes_ += bytes;
  absences_[peer] = {std::move(client), until, bytes};
  ends_.add(until, peer);
}

std::unique_ptr<Client> AbsentClients::take_out(const signaling::PeerId& peer) {
  auto absence = absences_.extract(peer);
  if (!absence) return nullptr;
  bytes_ -= absence.mapped().bytes;
  return std::move(absence.mapped().client);
}

void AbsentClients::end_given_up() {
  for (const signaling::PeerId& peer : std::exchange(given_up_, {})) end(peer);
}

void AbsentClients::end_overdue(base::TimePoint now) {
  while (const auto entry = ends_.take_due(now)) {
    const auto absence = absences_.find(entry->peer);
    if (absence != absences_.end() && absence->second.until == entry->due) end(entry->peer);
  }
}

std::size_t AbsentClients::bytes_of(const signaling::PeerId& peer) const {
  const auto absence = absences_.find(peer);
  return absence == absences_.end() ? 0 : absence->second.bytes;
}

}  // namespace heliograph::gateway
