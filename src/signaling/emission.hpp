#pragma once

#include <string>
#include <vector>

#include "signaling/event.hpp"

namespace heliograph::signaling {

/// An event that comes from none of the peers, but from a back end. Peers that are meant in several
/// ways receive it once.
struct Emission {
  std::string event;  // `["name",…]`
  SharedAttachments attachments;
  std::vector<std::string> to;      // rooms, and ids of peers; empty: all peers
  std::vector<std::string> except;  // these do not receive it; in the same way
};

}  // namespace heliograph::signaling
