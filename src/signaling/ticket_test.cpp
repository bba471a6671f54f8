#include "signaling/ticket.hpp"

#include <string>
#include <string_view>

#include "signaling/testing/ticket_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Ticket, StandsForAPlaceThatOnlyItAndItsAppName) {
  EXPECT_EQ(place_of("ticket", "app"), place_of("ticket", "app"));
  EXPECT_NE(place_of("ticket", "app"), place_of("ticket", "other"));
  EXPECT_NE(place_of("ticket", "app"), place_of("ticketa", "pp"));
  EXPECT_NE(place_of("", ""), Place{});
}

TEST(Ticket, OfARequestIsTheOneThatIsGivenAndTheOneThatIsShown) {
  EXPECT_EQ(make_tickets("", "", "app"), nullptr);
  const SharedTickets given = make_tickets("fresh", "", "app");
  EXPECT_EQ(fresh_of(given), "fresh");
  EXPECT_EQ(place_of(given), place_of("fresh", "app"));
  EXPECT_EQ(shown_by(given), Place{});
  const SharedTickets shown = make_tickets("", "old", "app");
  EXPECT_EQ(fresh_of(shown), "");
  EXPECT_EQ(place_of(shown), Place{});
  EXPECT_EQ(shown_by(shown), place_of("old", "app"));
}

INSTANTIATE_TEST_SUITE_P(Workers, TicketTest, testing::Values(1, 3));

TEST_P(TicketTest, ComesWithTheEntryAndItsAcknowledgement) {
  EXPECT_NE(of_alice_, "");
  EXPECT_NE(of_bob_, "");
  EXPECT_NE(of_alice_, of_bob_);
  const std::string answer = ask("carol", R"(["room-create-request",{"room":"south"}])");
  EXPECT_EQ(ticket_in(answer), ticket("carol"));
  EXPECT_NE(ticket_in(answer), "");
}

TEST_P(TicketTest, GoesToNobodyElse) {
  come({"dave"});
  say("dave", R"(["room-join-request",{"room":"north"}])");
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@dave"}])");
  EXPECT_THAT(heard("alice"), Not(Contains(HasSubstr("ticket"))));
  EXPECT_THAT(heard("bob"), Not(Contains(HasSubstr("ticket"))));
}

TEST_P(TicketTest, IsForClientsThatAskForRecoveryOnly) {
  connect({"dave"});
  EXPECT_EQ(ask("dave", R"(["room-create-request",{"room":"south"}])"),
            R"([{"ok":true,"room":"south"}])");
  EXPECT_EQ(ticket("dave"), "");
}

TEST_P(TicketTest, AGuestComesBackWithoutKnocking) {
  leave("bob");
  listen("alice");
  come({"again"});
  EXPECT_THAT(return_as("again", of_bob_), HasSubstr(entered()));
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-user-join",{"room":"north","peer_id":"@again"}])"));
  EXPECT_THAT(heard("again"),
              ElementsAre(AllOf(HasSubstr(R"("peers":["@alice"])"), Not(HasSubstr("owner")))));
}

TEST_P(TicketTest, AFormerOwnerIsAnOwnerAgainBesideTheNewOne) {
  leave("alice");
  EXPECT_THAT(heard("bob"), Contains(HasSubstr("room-owner-change")));
  come({"again"});
  return_as("again", of_alice_);
  EXPECT_THAT(heard("again"), Contains(HasSubstr(R"("owner":true)")));
  EXPECT_THAT(
      heard("bob"),
      ElementsAre(R"(["room-user-join",{"room":"north","peer_id":"@again","owner":true}])"));
  EXPECT_THAT(ask("again", R"(["room-info-request",{"room":"north"}])"),
              HasSubstr(R"("owners":["@bob","@again"])"));
}

TEST_P(TicketTest, PromotionIsRemembered) {
  leave("alice");
  leave("bob");  // who had become the owner
  come({"again"});
  return_as("again", of_bob_);
  EXPECT_THAT(ask("again", R"(["room-info-request",{"room":"north"}])"),
              HasSubstr(R"("owners":["@again"])"));
}

TEST_P(TicketTest, EachEntryBringsANewOneAndEndsTheOld) {
  leave("bob");
  come({"again"});
  return_as("again", of_bob_);
  const std::string newer = ticket("again");
  EXPECT_NE(newer, of_bob_);
  leave("again");
  come({"thief"});
  listen("alice");
  EXPECT_EQ(return_as("thief", of_bob_), R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("room-join-request")));
  come({"more"});
  EXPECT_THAT(return_as("more", newer), HasSubstr(entered()));
}

TEST_P(TicketTest, AnAbsentPeerMakesRoomForTheOneThatShowsItsTicket) {
  node_.lose("bob");
  come({"again"});
  listen("alice");
  EXPECT_THAT(return_as("again", of_bob_), HasSubstr(entered()));
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-user-leave",{"room":"north","peer_id":"@bob"}])",
                          R"(["room-user-join",{"room":"north","peer_id":"@again"}])"));
  EXPECT_FALSE(node_.is_connected("bob"));
}

TEST_P(TicketTest, IsInUseAsLongAsItsPeerIsConnected) {
  come({"duplicate"});
  EXPECT_EQ(
      return_as("duplicate", of_bob_),
      refusal("ticket-in-use", "Somebody who is connected is in this room with the same ticket"));
  EXPECT_THAT(heard("duplicate"), ElementsAre(HasSubstr(R"("code":"ticket-in-use")")));
  EXPECT_THAT(heard("alice"), IsEmpty());
  // And it may knock.
  EXPECT_EQ(ask("duplicate", R"(["room-join-request",{"room":"north"}])"),
            R"([{"ok":true,"room":"north"}])");
}

TEST_P(TicketTest, ANewcomerThatGoesBeforeTheAnswerDoesNotComeIn) {
  node_.lose("bob");
  come({"again"});
  node_.emit("again", R"(["room-join-request",{"room":"north","ticket":")" + of_bob_ + R"("}])");
  leave("again");
  EXPECT_THAT(ask("alice", R"(["room-info-request",{"room":"north"}])"), Not(HasSubstr("@again")));
}

TEST_P(TicketTest, PassesTheLockThePasswordAndTheOwner) {
  say("alice",
      R"(["room-update-request",{"room":"north","locked":true,"admission":"password","password":"x"}])");
  leave("bob");
  come({"again"});
  EXPECT_THAT(return_as("again", of_bob_), HasSubstr(entered()));
}

TEST_P(TicketTest, DoesNotPassTheCapacity) {
  leave("bob");
  say("alice", R"(["room-update-request",{"room":"north","capacity":1}])");
  come({"again"});
  EXPECT_EQ(return_as("again", of_bob_), refusal("room-full", "The room is full"));
  say("alice", R"(["room-update-request",{"room":"north","capacity":2}])");
  EXPECT_THAT(return_as("again", of_bob_), HasSubstr(entered()));
}

TEST_P(TicketTest, PassesTheCapacityIfItsPeerMakesRoom) {
  say("alice", R"(["room-update-request",{"room":"north","capacity":1}])");
  node_.lose("bob");
  come({"again"});
  EXPECT_THAT(return_as("again", of_bob_), HasSubstr(entered()));
}

TEST_P(TicketTest, IsWorthNothingAfterAKick) {
  say("alice", R"(["room-kick-request",{"room":"north","peer_id":"@bob"}])");
  listen("alice");
  return_as("bob", of_bob_);
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("room-join-request")));
}

TEST_P(TicketTest, IsWorthNothingAfterAKickOfOneThatHasGone) {
  leave("bob");
  EXPECT_EQ(ask("alice", R"(["room-kick-request",{"room":"north","peer_id":"@bob"}])"), kOk);
  listen("alice");
  come({"again"});
  return_as("again", of_bob_);
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("room-join-request")));
}

TEST_P(TicketTest, IsWorthNothingAfterLeaving) {
  say("bob", R"(["room-leave-request",{"room":"north"}])");
  listen("alice");
  return_as("bob", of_bob_);
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("room-join-request")));
}

TEST_P(TicketTest, IsWorthNothingToAnotherApp) {
  leave("bob");
  listen("alice");
  come({"thief"}, "other");
  return_as("thief", of_bob_);
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("room-join-request")));
}

TEST_P(TicketTest, IsWorthNothingInAnotherRoomOrALaterOneOfTheName) {
  leave("bob");
  say("carol", R"(["room-create-request",{"room":"south"}])");
  come({"thief"});
  EXPECT_EQ(ask("thief", R"(["room-join-request",{"room":"south","ticket":")" + of_bob_ + R"("}])"),
            R"([{"ok":true,"room":"south"}])");
  say("alice", R"(["room-leave-request",{"room":"north"}])");
  say("carol", R"(["room-create-request",{"room":"north"}])");
  EXPECT_EQ(return_as("thief", of_bob_), R"([{"ok":true,"room":"north"}])");
}

TEST_P(TicketTest, ExpiresAfterItsMemberHasGone) {
  wait(3h);  // as long as Bob is there it does not
  node_.lose("bob");
  leave("bob");
  wait(1h - 1ms);
  come({"again"});
  EXPECT_THAT(return_as("again", of_bob_), HasSubstr(entered()));
  const std::string newer = ticket("again");
  leave("again");
  wait(1h);
  come({"late"});
  EXPECT_EQ(return_as("late", newer), R"([{"ok":true,"room":"north"}])");
}

TEST_P(TicketTest, OfTwoWhoShowItAtOnceOneComesIn) {
  leave("bob");
  come({"one", "two"});
  const std::string request =
      R"(["room-join-request",{"room":"north","ticket":")" + of_bob_ + R"("}])";
  node_.emit("one", request);
  node_.emit("two", request);
  node_.settle();
  const bool one = !ticket("one").empty();
  const bool two = !ticket("two").empty();
  EXPECT_NE(one, two);
}

TEST_P(TicketTest, AMemberThatAsksTwiceIsGivenAnother) {
  const std::string answer = ask("bob", R"(["room-join-request",{"room":"north"}])");
  EXPECT_THAT(answer, HasSubstr(entered()));
  const std::string newer = ticket_in(answer);
  EXPECT_NE(newer, of_bob_);
  leave("bob");
  come({"again"});
  EXPECT_THAT(return_as("again", newer), HasSubstr(entered()));
}

TEST_P(TicketTest, ACandidateComesInByItsTicketAndItsRequestIsWithdrawn) {
  leave("bob");
  come({"again"});
  say("again", R"(["room-join-request",{"room":"north"}])");
  listen("alice");
  EXPECT_THAT(return_as("again", of_bob_), HasSubstr(entered()));
  EXPECT_THAT(heard("alice"),
              ElementsAre(HasSubstr("room-join-cancel"), HasSubstr("room-user-join")));
}

TEST_P(TicketTest, AForgedOneIsAnOrdinaryKnock) {
  EXPECT_EQ(return_as("carol", "AAAAAAAAAAAAAAAAAAAAAA"), R"([{"ok":true,"room":"north"}])");
  EXPECT_THAT(heard("alice"), ElementsAre(HasSubstr("room-join-request")));
  EXPECT_THAT(ask("carol", R"(["room-join-request",{"room":"north","ticket":7}])"),
              HasSubstr("must be a string"));
}

TEST_P(TicketTest, FreePlacesAreCountedAndGivenBack) {
  leave("bob");
  std::size_t held = 0;
  for (std::uint16_t i = 0; i < node_.worker_count(); ++i) held += node_.service(i).held_bytes();
  say("carol", R"(["room-leave-request",{"room":"north"}])");
  std::size_t freed = 0;
  for (std::uint16_t i = 0; i < node_.worker_count(); ++i) {
    freed += node_.service(i).forget_places(1, node_.now());
  }
  EXPECT_GT(freed, 0U);
  std::size_t left = 0;
  for (std::uint16_t i = 0; i < node_.worker_count(); ++i) left += node_.service(i).held_bytes();
  EXPECT_EQ(held - left, freed);
  come({"again"});
  EXPECT_EQ(return_as("again", of_bob_), R"([{"ok":true,"room":"north"}])");
}

}  // namespace
}  // namespace heliograph::signaling
