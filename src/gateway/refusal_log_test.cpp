#include "gateway/refusal_log.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace heliograph::gateway {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class RefusalLogTest : public testing::Test {
 protected:
  RefusalLogTest() {
    EXPECT_EQ(::pipe2(pipe_.data(), O_CLOEXEC), 0);
    log_.emplace(base::LogLevel::kDebug, base::LogFormat::kText, pipe_[1], base::LogSampling{});
  }
  void TearDown() override {
    log_.reset();
    for (const int end : pipe_) ::close(end);
  }

  // The text that the log has written. Ends the log.
  std::string written() {
    log_.reset();
    std::array<char, 4096> text{};
    const ssize_t got = ::read(pipe_[0], text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }

  std::array<int, 2> pipe_{};
  std::optional<base::Log> log_;
  std::optional<signaling::PeerId> peer_;
};

TEST_F(RefusalLogTest, TellsWhoWasRefusedWhatAndWhy) {
  peer_ = signaling::PeerId{};
  log_refusal(&*log_, {signaling::Error::kRoomNotFound, "room-join-request", "lobby", peer_});
  EXPECT_THAT(written(), EndsWith(" debug refused request=room-join-request code=room-not-found "
                                  "peer=AAAAAAAAAAAAAAAAAAAA room=lobby\n"));
}

TEST_F(RefusalLogTest, DoesNotRepeatAnEventThatIsNotKnown) {
  log_refusal(&*log_, {signaling::Error::kUnknownEvent, "v=0 o=- a secret", "", peer_});
  EXPECT_THAT(written(), EndsWith(" debug refused code=unknown-event\n"));
}

TEST_F(RefusalLogTest, TellsThatAConnectWasRefused) {
  log_refusal(&*log_, {signaling::Error::kUnauthorized, kConnectForLog, "", peer_});
  EXPECT_THAT(written(), EndsWith(" debug refused request=CONNECT code=unauthorized\n"));
}

TEST_F(RefusalLogTest, CutsALongRoomName) {
  const std::string room(1000, 'r');
  log_refusal(&*log_, {signaling::Error::kRoomNameTooLong, "room-create-request", room, peer_});
  EXPECT_THAT(written(), Not(HasSubstr(std::string(100, 'r'))));
}

TEST_F(RefusalLogTest, CountsDroppedJoinRequests) {
  log_dropped_requests(&*log_, {}, 0);
  log_dropped_requests(&*log_, {}, 3);
  const std::string text = written();
  EXPECT_THAT(text, Not(HasSubstr("count=0")));
  EXPECT_THAT(text, EndsWith(" warn  join requests dropped peer=AAAAAAAAAAAAAAAAAAAA count=3\n"));
}

}  // namespace
}  // namespace heliograph::gateway
