#include "transport/session_id.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::transport {
namespace {

SessionId example() {
  SessionId id{.worker = 0x0102, .slot = 0x03040506, .secret = {}};
  for (std::size_t i = 0; i < id.secret.size(); ++i) {
    id.secret[i] = static_cast<unsigned char>(0xff - i);
  }
  return id;
}

TEST(SessionId, IsReadAsItWasWritten) {
  const SessionId id = example();
  const std::string text = to_text(id);
  EXPECT_EQ(text, "AQIDBAUG__79_Pv6-fj39vX08_Lx");
  const auto read = parse_session_id(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->worker, id.worker);
  EXPECT_EQ(read->slot, id.slot);
  EXPECT_TRUE(same_secret(*read, id));
}

TEST(SessionId, TheLargestNumbersFit) {
  const SessionId id{.worker = 0xffff, .slot = 0xffffffff, .secret = {}};
  const auto read = parse_session_id(to_text(id));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->worker, 0xffff);
  EXPECT_EQ(read->slot, 0xffffffffU);
}

TEST(SessionId, AnyOtherTextIsNone) {
  const std::string text = to_text(example());
  for (const std::string& other :
       {std::string{}, text.substr(1), text + "A", text.substr(0, 27) + "=",
        text.substr(0, 27) + "+", text.substr(0, 27) + "%", std::string(28, '\0'),
        std::string(28, '\xff')}) {
    EXPECT_FALSE(parse_session_id(other)) << other;
  }
}

TEST(SessionId, ASecretThatDiffersInOneBitIsAnother) {
  const SessionId id = example();
  for (std::size_t i = 0; i < id.secret.size(); ++i) {
    SessionId other = id;
    other.secret[i] ^= 1;
    EXPECT_FALSE(same_secret(id, other));
  }
}

}  // namespace
}  // namespace heliograph::transport
