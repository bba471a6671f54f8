// Rooms that their last members have left, and that wait for one with a ticket, as users meet them.
#include <chrono>
#include <cstdint>
#include <string>

#include "signaling/testing/ticket_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LingeringTest : public TicketTest {};
INSTANTIATE_TEST_SUITE_P(Workers, LingeringTest, testing::Values(1, 3));

TEST_P(LingeringTest, TheSoleOwnerFindsItsRoomAndItsSettingsAgain) {
  say("alice", R"(["room-update-request",{"room":"north","locked":true}])");
  say("bob", R"(["room-leave-request",{"room":"north"}])");
  leave("alice");
  EXPECT_EQ(node_.room_count(), 1U);
  EXPECT_THAT(ask("carol", R"(["room-create-request",{"room":"north"}])"), HasSubstr("room-taken"));
  EXPECT_THAT(ask("carol", R"(["room-join-request",{"room":"north"}])"),
              HasSubstr("room-not-found"));
  wait(9s);
  come({"again"});
  EXPECT_THAT(return_as("again", of_alice_), HasSubstr(entered()));
  EXPECT_THAT(ask("again", R"(["room-info-request",{"room":"north"}])"),
              AllOf(HasSubstr(R"("owners":["@again"])"), HasSubstr(R"("locked":true)")));
}

TEST_P(LingeringTest, AnEmptyRoomGoesIfNobodyComesBack) {
  leave("bob");
  leave("alice");
  wait(10s);
  EXPECT_EQ(node_.room_count(), 0U);
  come({"again"});
  EXPECT_THAT(return_as("again", of_alice_), HasSubstr("room-not-found"));
  EXPECT_THAT(ask("carol", R"(["room-create-request",{"room":"north"}])"), HasSubstr(entered()));
}

TEST_P(LingeringTest, AnEmptyRoomWaitsAgainEachTimeItIsLeft) {
  leave("bob");
  leave("alice");
  wait(9s);
  come({"again"});
  return_as("again", of_alice_);
  const std::string newer = ticket("again");
  leave("again");
  wait(9s);
  come({"more"});
  EXPECT_THAT(return_as("more", newer), HasSubstr(entered()));
}

TEST_P(LingeringTest, AGuestThatIsAloneAfterItsReturnOwnsTheRoom) {
  leave("bob");
  leave("alice");
  come({"again"});
  return_as("again", of_bob_);
  EXPECT_THAT(ask("again", R"(["room-info-request",{"room":"north"}])"),
              HasSubstr(R"("owners":["@again"])"));
}

TEST_P(LingeringTest, CandidatesGoOnWaitingForTheOwner) {
  say("carol", R"(["room-join-request",{"room":"north"}])");
  say("bob", R"(["room-leave-request",{"room":"north"}])");
  leave("alice");
  EXPECT_THAT(heard("carol"), IsEmpty());
  come({"again"});
  return_as("again", of_alice_);
  EXPECT_THAT(heard("again"), Contains(HasSubstr("room-join-request")));
  EXPECT_EQ(ask("again", R"(["room-join-accept",{"room":"north","peer_id":"@carol"}])"), kOk);
}

TEST_P(LingeringTest, CandidatesAreToldWhenTheRoomGoes) {
  say("carol", R"(["room-join-request",{"room":"north"}])");
  leave("bob");
  leave("alice");
  wait(10s);
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr(R"("code":"room-not-found")")));
}

TEST_P(LingeringTest, AnEmptyRoomIsGivenUpIfMemoryIsShort) {
  say("carol", R"(["room-join-request",{"room":"north"}])");
  leave("bob");
  leave("alice");
  listen("carol");
  for (std::uint16_t i = 0; i < node_.worker_count(); ++i) {
    node_.service(i).forget_places(1'000'000, node_.now());
  }
  node_.settle();
  EXPECT_EQ(node_.room_count(), 0U);
  EXPECT_THAT(heard("carol"), ElementsAre(HasSubstr(R"("code":"room-not-found")")));
}

class NoLingerTest : public TicketTest {
 protected:
  static Limits none() {
    Limits limits;
    limits.room_linger = 0s;
    return limits;
  }
  NoLingerTest() : TicketTest(none()) {}
};
INSTANTIATE_TEST_SUITE_P(Workers, NoLingerTest, testing::Values(1, 3));

TEST_P(NoLingerTest, AnEmptyRoomGoesAtOnce) {
  leave("bob");
  leave("alice");
  EXPECT_EQ(node_.room_count(), 0U);
}

}  // namespace
}  // namespace heliograph::signaling
