#include "auth/failures.hpp"

#include <algorithm>
#include <cstdint>

namespace heliograph::auth {
namespace {

constexpr int kFree = 10;
constexpr std::chrono::seconds kFirstWait{1};
constexpr std::chrono::seconds kLongestWait{600};
// More would not lengthen the wait.
constexpr int kMost = kFree + 10;

}  // namespace

std::string_view text(Attempt attempt) {
  switch (attempt) {
    case Attempt::kAppRequest:
      return "POST /app";
    case Attempt::kConnect:
      return "CONNECT";
    case Attempt::kAuthRequest:
      return "auth-request";
    case Attempt::kRoomPassword:
      return "room password";
  }
  return {};
}

std::chrono::minutes FailureCount::age(base::TimePoint now) const {
  return std::chrono::floor<std::chrono::minutes>(now - since_);
}

int FailureCount::count_at(base::TimePoint now) const {
  return static_cast<int>(std::max<std::int64_t>(count_ - age(now).count(), 0));
}

void FailureCount::note(base::TimePoint now) {
  const int before = count_at(now);
  since_ = before == 0 ? now : since_ + age(now);
  count_ = std::min(before + 1, kMost);
  if (count_ < kFree) return;
  const auto wait = std::min(kFirstWait * (1 << (count_ - kFree)), kLongestWait);
  refused_until_ = std::max(refused_until_, now + wait);
}

base::Duration FailureCount::wait(base::TimePoint now) const {
  return std::max(base::Duration(refused_until_ - now), base::Duration::zero());
}

bool FailureCount::is_forgotten(base::TimePoint now) const {
  return count_at(now) == 0 && refused_until_ <= now;
}

}  // namespace heliograph::auth
