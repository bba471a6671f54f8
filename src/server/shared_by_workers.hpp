#pragma once

#include <cstdint>

#include "base/log.hpp"
#include "http/proxies.hpp"
#include "server/settings.hpp"
#include "transport/address_table.hpp"

namespace heliograph::server {

/// State that all workers of a node share. The objects it refers to outlive them.
struct SharedByWorkers {
  const Settings& settings;
  base::Log& log;
  const http::Proxies& proxies;
  transport::AddressTable& addresses;
  std::uint16_t worker_count;
};

}  // namespace heliograph::server
