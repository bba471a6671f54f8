#include "signaling/doors.hpp"

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

base::IpAddress address(unsigned char last) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 203, 0, 113, last}};
}

class DoorsTest : public testing::Test {
 protected:
  DoorsTest() {
    RoomSettings settings;
    settings.admission = Admission::kPassword;
    settings.password = "#right";
    locked_.change(settings);
  }

  // How long a new candidate has to wait.
  std::chrono::milliseconds knock(const base::IpAddress& from, const std::string& name = "north") {
    return judge(open_, name, from, {});
  }
  std::chrono::milliseconds guess(const base::IpAddress& from, const std::string& password) {
    return judge(locked_, "vault", from, {"#" + password});
  }
  std::chrono::milliseconds judge(Room& room, const std::string& name, const base::IpAddress& from,
                                  std::vector<std::string> passwords) {
    RoomRequest request;
    request.from = {.home = {}, .slot = 1, .nonce = ++last_nonce_};
    request.room = name;
    request.action = room_action::Join{.peerinfo = {}, .passwords = std::move(passwords)};
    request.address = from;
    doors_.judge(request, &room, now_);
    return std::get<room_action::Join>(request.action).wait;
  }
  std::vector<std::string> reports() {
    std::vector<std::string> lines;
    for (const Doors::Report& report : doors_.take_reports(now_)) {
      lines.push_back(report.room + " " + std::to_string(report.failures));
    }
    return lines;
  }

  base::TimePoint now_{1h};
  std::map<unsigned char, int> failures_;  // by the last byte of the address
  std::map<unsigned char, std::chrono::milliseconds> waits_;
  Room open_{PeerId{}, ""};
  Room locked_{PeerId{}, ""};
  Doors doors_{
      {.wait = [this](const base::IpAddress& from) { return waits_[from.bytes[15]]; },
       .has_failed = [this](const base::IpAddress& from) { return failures_[from.bytes[15]] > 0; },
       .note = [this](const base::IpAddress& from) { ++failures_[from.bytes[15]]; }}};
  std::uint64_t last_nonce_ = 0;
};

TEST_F(DoorsTest, OneAddressHasToWaitAndOthersDoNot) {
  for (int i = 0; i < 16; ++i) EXPECT_EQ(knock(address(1)), 0ms) << i;
  EXPECT_GT(knock(address(1)), 0ms);
  EXPECT_EQ(knock(address(2)), 0ms);
  EXPECT_EQ(knock(address(1), "south"), 0ms);
  now_ += 400ms;
  EXPECT_EQ(knock(address(1)), 0ms);
  EXPECT_GT(knock(address(1)), 0ms);
}

TEST_F(DoorsTest, ARoomTakesSoManyOfAllAddresses) {
  for (unsigned char i = 0; i < 64; ++i) EXPECT_EQ(knock(address(i)), 0ms) << i;
  EXPECT_GT(knock(address(100)), 0ms);
  now_ += 101ms;
  EXPECT_EQ(knock(address(100)), 0ms);
}

TEST_F(DoorsTest, WithoutAnAddressOnlyTheRoomCounts) {
  for (int i = 0; i < 64; ++i) EXPECT_EQ(knock({}), 0ms) << i;
  EXPECT_GT(knock({}), 0ms);
}

TEST_F(DoorsTest, WhoWaitsAlreadyMayAskAgain) {
  for (unsigned char i = 0; i < 64; ++i) knock(address(i));
  RoomRequest request;
  request.from = {.home = {}, .slot = 1, .nonce = 77};
  request.room = "north";
  request.action = room_action::Join{};
  open_.ask({.candidate = request.from, .peerinfo = {}, .payload = {}, .attachments = {}});
  doors_.judge(request, &open_, now_);
  EXPECT_EQ(std::get<room_action::Join>(request.action).wait, 0ms);
}

TEST_F(DoorsTest, AnAddressThatIsRefusedIsNotHeard) {
  waits_[1] = 3s;
  EXPECT_EQ(guess(address(1), "right"), 3s);
  EXPECT_EQ(guess(address(1), "wrong"), 3s);
  EXPECT_EQ(failures_[1], 0);
}

TEST_F(DoorsTest, AfterManyWrongGuessesOnlyAddressesThatNeverFailedAreHeard) {
  for (unsigned char i = 0; i < 20; ++i) EXPECT_EQ(guess(address(i), "wrong"), 0ms) << i;
  EXPECT_GT(guess(address(3), "wrong"), 0ms);
  EXPECT_GT(guess(address(3), "right"), 0ms);
  EXPECT_EQ(guess(address(99), "right"), 0ms);
  EXPECT_EQ(failures_[99], 0);
  EXPECT_EQ(guess(address(98), "wrong"), 0ms);  // heard, and counted
  EXPECT_EQ(failures_[98], 1);
}

TEST_F(DoorsTest, OwnersAreToldOfWrongGuessesOnceInTenSeconds) {
  EXPECT_EQ(doors_.deadline(), base::TimePoint::max());
  guess(address(1), "wrong");
  EXPECT_LE(doors_.deadline(), now_);
  EXPECT_THAT(reports(), testing::ElementsAre("vault 1"));
  guess(address(2), "wrong");
  guess({}, "wrong");
  EXPECT_THAT(reports(), IsEmpty());
  EXPECT_EQ(doors_.deadline(), now_ + 10s);
  now_ += 10s;
  EXPECT_THAT(reports(), testing::ElementsAre("vault 2"));
  EXPECT_EQ(doors_.deadline(), base::TimePoint::max());
}

TEST_F(DoorsTest, RightPasswordsAreNotTold) {
  guess(address(1), "right");
  EXPECT_THAT(reports(), IsEmpty());
}

// Clients that do not know that there is a password ask without one first.
TEST_F(DoorsTest, WithoutAPasswordNothingIsGuessed) {
  for (int i = 0; i < 30; ++i) EXPECT_EQ(judge(locked_, "vault", address(1), {}), 0ms);
  EXPECT_EQ(failures_[1], 0);
  EXPECT_THAT(reports(), IsEmpty());
}

TEST_F(DoorsTest, GuessesThatAreHeardAllTheSameDoNotLengthenTheWait) {
  for (int i = 0; i < 500; ++i) guess(address(static_cast<unsigned char>(i)), "wrong");
  for (int i = 0; i < 500; ++i) guess({}, "wrong");
  EXPECT_LE(guess(address(3), "right"), 1'001ms);
}

TEST_F(DoorsTest, ForgetsADoorAtWhichNothingHappens) {
  knock(address(1));
  guess(address(1), "wrong");
  reports();
  EXPECT_EQ(doors_.size(), 2U);
  now_ += 2min;
  knock(address(1), "south");
  EXPECT_EQ(doors_.size(), 1U);
}

TEST_F(DoorsTest, ManyOtherDoorsDoNotMakeItForgetOneThatIsAttacked) {
  while (knock(address(1), "lobby") == 0ms) continue;
  for (int i = 0; i < 40'000; ++i) knock(address(2), "~" + std::to_string(i));
  EXPECT_LE(doors_.size(), 32'768U);
  EXPECT_GT(knock(address(1), "lobby"), 0ms);
}

TEST_F(DoorsTest, ManyOtherDoorsDoNotMakeItForgetAReport) {
  guess(address(1), "wrong");
  reports();
  guess(address(2), "wrong");
  for (int i = 0; i < 40'000; ++i) knock(address(3), "~" + std::to_string(i));
  now_ += 9s;
  EXPECT_THAT(reports(), IsEmpty());
  now_ += 1s;
  EXPECT_THAT(reports(), testing::ElementsAre("vault 1"));
}

}  // namespace
}  // namespace heliograph::signaling
