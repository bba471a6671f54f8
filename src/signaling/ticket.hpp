#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace heliograph::signaling {

// A ticket lets a member into its room again, in its former role. It is a bearer secret: 128 random
// bits, on the wire 22 characters of base64url. A room knows it by its place only, which says
// nothing of the ticket.

/// All zeros: none.
using Place = std::array<unsigned char, 16>;

/// The place that a ticket of this app stands for: the beginning of a SHA-256 over both. So a
/// ticket is worth nothing to the clients of another app.
Place place_of(std::string_view ticket, std::string_view app);

/// The tickets of a peer that asks to join.
struct Tickets {
  std::string fresh;  // what it is given when it is in; empty: it is given none
  Place place{};      // of `fresh`
  Place shown{};      // of the ticket that it shows
};
/// Null: it shows none and is given none.
using SharedTickets = std::shared_ptr<const Tickets>;

/// Those of a request by a client of this app. Empty: it is given none, or shows none.
SharedTickets make_tickets(std::string fresh, std::string_view shown, std::string_view app);

inline Place place_of(const SharedTickets& tickets) { return tickets ? tickets->place : Place{}; }
inline Place shown_by(const SharedTickets& tickets) { return tickets ? tickets->shown : Place{}; }
/// Empty if there is none.
inline std::string_view fresh_of(const SharedTickets& tickets) {
  return tickets ? std::string_view(tickets->fresh) : std::string_view();
}

}  // namespace heliograph::signaling
