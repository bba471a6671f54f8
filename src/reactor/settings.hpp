#pragma once

#include <cstddef>

namespace heliograph::reactor {

struct Settings {
  /// Bytes that wait for a client that does not read; beyond this it is disconnected.
  std::size_t max_unsent_bytes = 4 * 1024 * 1024;
};

}  // namespace heliograph::reactor
