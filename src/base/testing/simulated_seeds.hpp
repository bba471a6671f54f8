#pragma once

#include <charconv>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

namespace heliograph::base::testing {

// Of the environment; empty if it is not set.
inline std::string_view variable(std::string_view name) {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const bool is_it = text.starts_with(name) && text.substr(name.size()).starts_with('=');
    if (is_it) return text.substr(name.size() + 1);
  }
  return {};
}

// For tests: calls `simulate` with each seed from 1 to `count`. It throws if a rule is broken, and
// that fails the test. HELIOGRAPH_TEST_SEEDS=n runs that seed alone, with a stream for its story;
// n-m runs all of these. Stops at the first failure, unless HELIOGRAPH_TEST_KEEP_GOING is set.
inline void simulate_seeds(std::uint64_t count,
                           const std::function<void(std::uint64_t, std::ostream*)>& simulate) {
  std::uint64_t first = 1;
  std::uint64_t last = count;
  const std::string_view wanted = variable("HELIOGRAPH_TEST_SEEDS");
  if (!wanted.empty()) {
    const auto* const end = wanted.data() + wanted.size();
    auto read = std::from_chars(wanted.data(), end, first);
    last = first;
    if (read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, last);
    ASSERT_TRUE(read.ec == std::errc{} && read.ptr == end) << "HELIOGRAPH_TEST_SEEDS=" << wanted;
  }
  std::ostream* const story = !wanted.empty() && first == last ? &std::cout : nullptr;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    try {
      simulate(seed, story);
    } catch (const std::exception& violation) {
      ADD_FAILURE() << violation.what() << "\nHELIOGRAPH_TEST_SEEDS=" << seed << " tells its story";
      if (variable("HELIOGRAPH_TEST_KEEP_GOING").empty()) return;
    }
  }
}

}  // namespace heliograph::base::testing
