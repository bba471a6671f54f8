#include "auth/secrets.hpp"

namespace heliograph::auth {

SecretHmac::SecretHmac(const Secrets& secrets) : signing_(secrets.signing) {
  if (!secrets.other.empty()) other_.emplace(secrets.other);
}

}  // namespace heliograph::auth
