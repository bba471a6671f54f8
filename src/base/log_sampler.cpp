#include "base/log_sampler.hpp"

#include <algorithm>
#include <utility>

namespace heliograph::base {

bool LogSampler::admits(LogLevel level, std::string_view event, std::string_view kind,
                        TimePoint now) {
  Bucket& bucket = this->bucket({level, event, kind}, now);
  const std::chrono::duration<double> elapsed = now - bucket.updated;
  bucket.tokens = std::min(sampling_.burst, bucket.tokens + elapsed.count() * sampling_.per_second);
  bucket.updated = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return true;
  }
  ++bucket.suppressed;
  has_suppressed_ = true;
  return false;
}

LogSampler::Bucket& LogSampler::bucket(KeyView key, TimePoint now) {
  auto found = buckets_.find(key);
  if (found == buckets_.end() && buckets_.size() >= kMaxKinds) {
    key = {LogLevel::kError, "other events", {}};
    found = buckets_.find(key);
  }
  if (found != buckets_.end()) return found->second;
  return buckets_.emplace(Key(key), Bucket{sampling_.burst, now}).first->second;
}

std::vector<LogSampler::Suppressed> LogSampler::take_suppressed() {
  std::vector<Suppressed> all;
  for (auto& [key, bucket] : buckets_) {
    const std::uint64_t count = std::exchange(bucket.suppressed, 0);
    const auto& [level, event, kind] = key;
    if (count > 0) all.push_back({level, event, kind, count});
  }
  has_suppressed_ = false;
  return all;
}

}  // namespace heliograph::base
