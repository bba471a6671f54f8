#include "signaling/ticket.hpp"

#include <algorithm>

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

}  // namespace heliograph::signaling
