#pragma once

#include <span>
#include <string_view>

namespace heliograph::config {

/// The row of docs/limits.md for a setting that is a limit, beside its meaning and its default.
struct LimitNote {
  std::string_view flag;
  std::string_view reached;  // what happens then
  std::string_view sizing;   // how to choose it
};

/// In the order of the page.
std::span<const LimitNote> limit_notes();

/// The same for a limit that cannot be set.
struct FixedLimit {
  std::string_view what;
  std::string_view value;
  std::string_view reached;
};
std::span<const FixedLimit> fixed_limits();

}  // namespace heliograph::config
