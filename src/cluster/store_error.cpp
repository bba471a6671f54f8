#include "cluster/store_error.hpp"

namespace heliograph::cluster {

bool is_no_master(std::string_view error) {
  return error.starts_with("READONLY") || error.starts_with("MASTERDOWN");
}

bool stops_all(std::string_view error) {
  return is_no_master(error) || error.starts_with("MOVED ") || error.starts_with("NOSCRIPT");
}

}  // namespace heliograph::cluster
