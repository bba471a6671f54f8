#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/crypto.hpp"

namespace heliograph::auth {

// The secret that the server signs with and, while it is being replaced, another one that counts as
// well.
struct Secrets {
  Secrets() = default;
  Secrets(std::string_view one, std::string_view another = {}) : signing(one), other(another) {}

  std::string signing;  // signs and verifies
  std::string other;    // only verifies; empty if there is none
};

// HMAC-SHA256 under Secrets. Not thread-safe, as its HmacSha256.
class SecretHmac {
 public:
  explicit SecretHmac(const Secrets& secrets);

  const HmacSha256& signing() const { return signing_; }

  // Calls `act(hmac)` for the one that signs, then for the other one if there is one.
  template <class Act>
  void each(const Act& act) const {
    act(signing_);
    if (other_) act(*other_);
  }

  // Whether `holds(hmac)` for either.
  template <class Holds>
  bool verify(const Holds& holds) const {
    return holds(signing_) || (other_ && holds(*other_));
  }

 private:
  HmacSha256 signing_;
  std::optional<HmacSha256> other_;
};

}  // namespace heliograph::auth
