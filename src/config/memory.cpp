#include "config/memory.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>

#include <unistd.h>

namespace heliograph::config {
namespace {

namespace fs = std::filesystem;

// "max", in version 2, is no number: there is no limit.
std::size_t limit_in(const fs::path& file, std::size_t otherwise) {
  std::ifstream in(file);
  std::size_t bytes = 0;
  return in >> bytes ? bytes : otherwise;
}

// The least of the limits of a group and of those above it. A container sees its own group as the
// root.
std::size_t least_limit(const fs::path& root, const fs::path& group, const char* file,
                        std::size_t least) {
  for (fs::path at = group.relative_path();; at = at.parent_path()) {
    least = std::min(least, limit_in(root / at / file, least));
    if (at.empty()) return least;
  }
}

// The group of a line of /proc/self/cgroup, "number:controllers:path", if it has the controller.
std::optional<std::string> group_of(std::string_view line, std::string_view controller) {
  const std::size_t first = line.find(':');
  const std::size_t second = line.find(':', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const std::string_view controllers = line.substr(first + 1, second - first - 1);
  if (controllers != controller) return std::nullopt;
  return std::string(line.substr(second + 1));
}

}  // namespace

std::size_t available_memory(std::size_t machine, const fs::path& proc, const fs::path& cgroup) {
  std::size_t least = machine;
  std::ifstream groups(proc / "self" / "cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (const auto unified = group_of(line, "")) {
      least = least_limit(cgroup, *unified, "memory.max", least);
    } else if (const auto memory = group_of(line, "memory")) {
      least = least_limit(cgroup / "memory", *memory, "memory.limit_in_bytes", least);
    }
  }
  return least;
}

std::size_t available_memory() {
  const auto pages = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES));
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return available_memory(pages * page, "/proc", "/sys/fs/cgroup");
}

}  // namespace heliograph::config
