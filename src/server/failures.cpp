#include "server/failures.hpp"

#include <chrono>

#include "base/clock.hpp"

namespace heliograph::server {

signaling::GuessCounts guess_counts(transport::AddressTable& addresses) {
  constexpr auto kGuess = auth::Attempt::kRoomPassword;
  return {.wait =
              [&](const base::IpAddress& address) {
                const base::Duration wait = addresses.wait(address, kGuess, base::Clock::now());
                return std::chrono::ceil<std::chrono::milliseconds>(wait);
              },
          .has_failed =
              [&](const base::IpAddress& address) {
                return addresses.has_failed(address, kGuess, base::Clock::now());
              },
          .note =
              [&](const base::IpAddress& address) {
                addresses.note_failure(address, kGuess, base::Clock::now());
              }};
}

auth::FailureLimit failure_limit(transport::AddressTable& addresses) {
  return {.wait = [&](auto... asked) { return addresses.wait(asked...); },
          .note = [&](auto... asked) { addresses.note_failure(asked...); }};
}

}  // namespace heliograph::server
