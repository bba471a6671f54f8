#pragma once

#include <stdexcept>

namespace heliograph::load {

// The server answered wrongly or not at all, or the machine refused a socket: the run is void.
class LoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace heliograph::load
