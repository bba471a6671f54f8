#pragma once

#include <string>

#include "cluster/timing.hpp"

namespace heliograph::cluster_redis {

/// A node's place in the cluster.
struct Settings {
  std::string prefix = "heliograph";  // of all keys
  unsigned node = 0;                  // 1 to 2^24 - 1; 0: any that is free
  cluster::Timing timing;
};

}  // namespace heliograph::cluster_redis
