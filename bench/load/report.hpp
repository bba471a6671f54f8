#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/measurement.hpp"

namespace heliograph::load {

// The named numbers a scenario ends with, printed as one JSON object.
class Report {
 public:
  void add(std::string_view name, double value) { values_.emplace_back(name, value); }
  // Adds CPU per work (of the server, and of Redis where there is one), work per second and how
  // busy both sides were, each name after `prefix`.
  void add(std::string_view prefix, const Measurement& measurement);

  std::string json() const;

 private:
  std::vector<std::pair<std::string, double>> values_;
};

}  // namespace heliograph::load
