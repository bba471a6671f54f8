#pragma once

#include <string_view>

// The meaning of an error reply, by its first word; see the Redis documents on replication, on
// cluster redirection and on EVALSHA.
namespace heliograph::cluster {

/// Another server is the master, or will be.
bool is_no_master(std::string_view error);

/// The server carries out none of this node's commands for now. Any other error, such as OOM, may
/// meet one command and spare those behind it.
bool stops_all(std::string_view error);

}  // namespace heliograph::cluster
