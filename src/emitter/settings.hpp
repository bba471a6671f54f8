#pragma once

#include <string>

namespace heliograph::emitter {

/// The events of other back ends that the server takes.
struct Settings {
  bool takes_emissions = false;   // of @socket.io/redis-emitter
  std::string key = "socket.io";  // its option `key`
};

}  // namespace heliograph::emitter
