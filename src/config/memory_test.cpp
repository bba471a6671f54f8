#include "config/memory.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/testing/temporary_folder.hpp"

namespace heliograph::config {
namespace {

constexpr std::size_t kMachine = 8'000'000'000;

class AvailableMemory : public ::testing::Test {
 protected:
  void write(const std::filesystem::path& file, const std::string& text) {
    folder_.write(file, text + '\n');
  }
  std::size_t available() {
    return available_memory(kMachine, folder_.path() / "proc", folder_.path() / "cgroup");
  }

  base::TemporaryFolder folder_;
};

TEST_F(AvailableMemory, IsThatOfTheMachineIfThereAreNoGroups) { EXPECT_EQ(available(), kMachine); }

TEST_F(AvailableMemory, IsTheLeastOfTheGroupAndThoseAboveIt) {
  write("proc/self/cgroup", "0::/system.slice/heliograph.service");
  write("cgroup/system.slice/heliograph.service/memory.max", "max");
  EXPECT_EQ(available(), kMachine);
  write("cgroup/system.slice/memory.max", "2000000000");
  EXPECT_EQ(available(), 2'000'000'000U);
  write("cgroup/system.slice/heliograph.service/memory.max", "1000000000");
  EXPECT_EQ(available(), 1'000'000'000U);
}

TEST_F(AvailableMemory, OfAContainerIsThatOfTheRootItSees) {
  write("proc/self/cgroup", "0::/");
  write("cgroup/memory.max", "500000000");
  EXPECT_EQ(available(), 500'000'000U);
}

TEST_F(AvailableMemory, IsLimitedByGroupsOfVersion1) {
  write("proc/self/cgroup", "5:cpu:/a\n4:memory:/docker/x");
  write("cgroup/memory/docker/x/memory.limit_in_bytes", "700000000");
  EXPECT_EQ(available(), 700'000'000U);
}

TEST_F(AvailableMemory, IsNeverMoreThanTheMachineHas) {
  write("proc/self/cgroup", "4:memory:/");
  write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
  EXPECT_EQ(available(), kMachine);
}

}  // namespace
}  // namespace heliograph::config
