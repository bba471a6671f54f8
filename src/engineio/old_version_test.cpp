#include "engineio/old_version.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::engineio {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(OldVersionTest, OpensASessionThatHoldsAnErrorAndEnds) {
  EXPECT_THAT(old_version_packets(),
              ElementsAre(StartsWith("0{"),
                          AllOf(StartsWith(R"(44"Unsupported protocol version)"),
                                HasSubstr("version 3 or newer")),
                          "41", "1"));
}

// Lengths are in characters, which are bytes only in ASCII.
TEST(OldVersionTest, IsAscii) {
  for (const std::string& packet : old_version_packets()) {
    EXPECT_THAT(packet, Each(testing::Ge(' ')));
  }
}

TEST(OldVersionTest, PayloadHasEachPacketBehindItsLength) {
  std::string rest = old_version_payload();
  for (const std::string& packet : old_version_packets()) {
    const std::string expected = std::to_string(packet.size()) + ":" + packet;
    ASSERT_THAT(rest, StartsWith(expected));
    rest.erase(0, expected.size());
  }
  EXPECT_EQ(rest, "");
}

}  // namespace
}  // namespace heliograph::engineio
