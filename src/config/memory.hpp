#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace heliograph::config {

/// The memory that this process may have, in bytes: that of the machine, or of the smallest of the
/// control groups it is in (cgroups version 2, and version 1), if that is less.
std::size_t available_memory();

/// The same from a file system that looks like `/proc` and `/sys/fs/cgroup`. `machine`: the memory
/// of the machine.
std::size_t available_memory(std::size_t machine, const std::filesystem::path& proc,
                             const std::filesystem::path& cgroup);

}  // namespace heliograph::config
