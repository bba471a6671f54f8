#pragma once

#include "auth/failures.hpp"
#include "signaling/service.hpp"
#include "transport/address_table.hpp"

namespace heliograph::server {

// The code that judges secrets counts the failures of each address by these. `addresses` keeps the
// counts, and must outlive what is returned.

/// Failures with passwords of rooms.
signaling::GuessCounts guess_counts(transport::AddressTable& addresses);
/// All other failures.
auth::FailureLimit failure_limit(transport::AddressTable& addresses);

}  // namespace heliograph::server
