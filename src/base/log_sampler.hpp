#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/clock.hpp"
#include "base/log_line.hpp"

namespace heliograph::base {

// How many lines of one kind are written: at once, and per second in the long run.
struct LogSampling {
  double burst = 100;
  double per_second = 20;
};

// Decides which lines are written. Lines of one kind (the same level, event and kind) share a token
// bucket, so lines about different things do not displace each other. Not thread-safe.
class LogSampler {
 public:
  explicit LogSampler(const LogSampling& sampling) : sampling_(sampling) {}

  // Whether to write a line now; if not, it is counted.
  bool admits(LogLevel level, std::string_view event, std::string_view kind, TimePoint now);

  struct Suppressed {
    LogLevel level;
    std::string event;
    std::string kind;
    std::uint64_t count;
  };
  bool has_suppressed() const { return has_suppressed_; }
  // The counts since the last call.
  std::vector<Suppressed> take_suppressed();

 private:
  // Kinds come from the program, not from clients. If there are ever more, the rest share a bucket.
  static constexpr std::size_t kMaxKinds = 512;

  using Key = std::tuple<LogLevel, std::string, std::string>;
  using KeyView = std::tuple<LogLevel, std::string_view, std::string_view>;
  struct Bucket {
    double tokens;
    TimePoint updated;
    std::uint64_t suppressed = 0;
  };
  Bucket& bucket(KeyView key, TimePoint now);

  LogSampling sampling_;
  std::map<Key, Bucket, std::less<>> buckets_;
  bool has_suppressed_ = false;
};

}  // namespace heliograph::base
