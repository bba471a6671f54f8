#include "signaling/ticket.hpp"

#include <algorithm>
#include <utility>

#include "auth/crypto.hpp"

namespace heliograph::signaling {

// No ticket that the server makes holds a zero byte, so no two pairs look alike.
Place place_of(std::string_view ticket, std::string_view app) {
  std::string text(ticket);
  (text += '\0') += app;
  const auth::Sha256Digest digest = auth::sha256(text);
  Place place;
  std::copy_n(digest.begin(), place.size(), place.begin());
  return place;
}

SharedTickets make_tickets(std::string fresh, std::string_view shown, std::string_view app) {
  if (fresh.empty() && shown.empty()) return nullptr;
  Tickets tickets;
  if (!fresh.empty()) tickets.place = place_of(fresh, app);
  if (!shown.empty()) tickets.shown = place_of(shown, app);
  tickets.fresh = std::move(fresh);
  return std::make_shared<const Tickets>(std::move(tickets));
}

}  // namespace heliograph::signaling
