#pragma once

#include <chrono>
#include <string>

namespace heliograph::cluster {

/// What an operator says about the cluster.
struct Settings {
  std::string redis_url;              // empty: the node is alone; see redis_url.hpp
  std::string ca_file;                // PEM, for rediss://; empty: what the system trusts
  std::string prefix = "heliograph";  // of all keys
  unsigned node = 0;                  // 1 to 2^24 - 1; 0: any that is free
  std::chrono::milliseconds heartbeat{2'000};
  std::chrono::milliseconds lease{6'000};
  std::chrono::milliseconds patience{1'500};  // of a request with the store, before it is refused
  bool takes_emissions = false;               // of @socket.io/redis-emitter, over the same Redis
  std::string emitter_key = "socket.io";      // its option `key`
};

}  // namespace heliograph::cluster
