#pragma once

#include <string>

namespace heliograph::emitter {

/// What is heard of other back ends.
struct Settings {
  bool takes_emissions = false;   // of @socket.io/redis-emitter
  std::string key = "socket.io";  // its option `key`
};

}  // namespace heliograph::emitter
