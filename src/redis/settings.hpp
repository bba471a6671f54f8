#pragma once

#include <string>

namespace heliograph::redis {

/// The address of Redis.
struct Settings {
  std::string url;      // see url.hpp; empty: there is none
  std::string ca_file;  // PEM, for rediss://; empty: what the system trusts
};

}  // namespace heliograph::redis
