#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/clock.hpp"
#include "base/ip_address.hpp"

namespace heliograph::auth {

/// Actions at which a client can fail by a wrong password or token: POST /app, CONNECT,
/// auth-request, and the password of a room.
enum class Attempt : std::uint8_t { kAppRequest, kConnect, kAuthRequest, kRoomPassword };
inline constexpr std::size_t kAttempts = 4;
std::string_view text(Attempt attempt);

/// The failures of one address at one kind of attempt. They fade by one a minute. After ten, each
/// further one makes the address wait twice as long, from one second to ten minutes.
class FailureCount {
 public:
  void note(base::TimePoint now);
  /// How long its attempts are refused; zero if they are not.
  base::Duration wait(base::TimePoint now) const;
  /// Whether none of its failures counts any more.
  bool has_faded(base::TimePoint now) const { return count_at(now) == 0; }
  /// Whether there is nothing left to remember.
  bool is_forgotten(base::TimePoint now) const;

 private:
  std::chrono::minutes age(base::TimePoint now) const;
  int count_at(base::TimePoint now) const;

  int count_ = 0;
  base::TimePoint since_{};  // when it began to fade
  base::TimePoint refused_until_{};
};

/// The counts of all addresses, as others ask for them; any thread may. Null if there are none.
struct FailureLimit {
  /// How long such attempts of the address are refused; zero if they are not.
  std::function<base::Duration(const base::IpAddress&, Attempt, base::TimePoint now)> wait;
  std::function<void(const base::IpAddress&, Attempt, base::TimePoint now)> note;
};

/// The failures of one address.
struct Failures {
  std::array<FailureCount, kAttempts> counts;
  FailureCount& of(Attempt attempt) { return counts[static_cast<std::size_t>(attempt)]; }
};

}  // namespace heliograph::auth
