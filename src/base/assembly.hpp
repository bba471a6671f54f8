#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace heliograph::base {

/// The time that a client has for something it sends in pieces: `patience`, plus a second for each
/// 8 KiB that has arrived, with no pause longer than `patience`. So slow networks are tolerated,
/// and nothing incomplete is held for long.
class Assembly {
 public:
  static constexpr std::int64_t kBytesPerSecond = 8 * 1024;
  /// The patience, unless the operator sets another.
  static constexpr std::chrono::milliseconds kUsualPatience{10'000};

  Assembly(Duration patience, TimePoint now) : patience_(patience), begin_(now), last_(now) {}

  /// This many bytes of it have arrived.
  void has(std::size_t bytes, TimePoint now) {
    const auto count = static_cast<std::int64_t>(bytes);
    if (count <= bytes_) return;
    bytes_ = count;
    last_ = now;
  }
  /// Nobody has read since the last of it arrived, which is not the client's fault.
  void resume(TimePoint now) {
    begin_ += now - last_;
    last_ = now;
  }
  /// When it has to be complete.
  TimePoint deadline() const {
    const Duration extra = Duration(std::chrono::seconds(1)) * bytes_ / kBytesPerSecond;
    return std::min(begin_ + extra, last_) + patience_;
  }

 private:
  Duration patience_;
  TimePoint begin_;
  TimePoint last_;  // when the last of it came
  std::int64_t bytes_ = 0;
};

}  // namespace heliograph::base
