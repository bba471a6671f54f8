#pragma once

#include "auth/failures.hpp"
#include "signaling/service.hpp"
#include "transport/address_table.hpp"

namespace heliograph::server {

// How those who judge secrets count the failures of addresses, which `addresses` keeps; it must
// outlive them.

/// Of passwords of rooms.
signaling::GuessCounts guess_counts(transport::AddressTable& addresses);
/// Of everything else.
auth::FailureLimit failure_limit(transport::AddressTable& addresses);

}  // namespace heliograph::server
