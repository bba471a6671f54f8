// Long because it has a test for each transition.
#include "cluster/membership.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::cluster {
namespace {

using namespace membership_action;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::VariantWith;
using Actions = Membership::Actions;
using Stage = Membership::Stage;
using Amount = ListRooms::Amount;
using Kind = Notice::Kind;

constexpr std::uint32_t kHere = 1;
constexpr std::uint32_t kThere = 2;
constexpr std::uint64_t kRandom = 0xE;
constexpr base::Duration kHeld = 6s - 93ms;  // of a lease of 6 s
constexpr base::TimePoint kForEver = base::TimePoint::max();

const Notice kStoreLost{Kind::kStoreLost, "Redis has lost data"};

template <class... Expected>
auto are(Expected... expected) {
  return ElementsAre(MembershipAction(std::move(expected))...);
}

class MembershipTest : public ::testing::Test {
 protected:
  Membership::Moment moment() const { return {now_, kRandom}; }
  void pass(base::Duration duration) { now_ += duration; }
  Actions elapse(base::Duration duration) {
    pass(duration);
    return membership_.elapse(moment());
  }
  Actions up() { return membership_.on_up(moment()); }
  Actions down() { return membership_.on_down("it broke", moment()); }
  Actions failed(std::string_view error) { return membership_.on_failed(error, moment()); }
  Actions loaded() { return membership_.on_loaded(moment()); }
  Actions registered() { return membership_.on_registered(Registered{"store", "7-0"}, moment()); }
  Actions taken() { return membership_.on_registered(Taken{}, moment()); }
  Actions listed(std::uint32_t node, const std::vector<std::string>& rooms) {
    return membership_.on_listed(node, rooms, moment());
  }
  Actions renewed(std::vector<std::uint32_t> dead = {}, std::chrono::milliseconds next_end = 6s) {
    return membership_.on_renewed(
        Renewed{.next_end = next_end, .live = {kHere}, .dead = std::move(dead)}, moment());
  }
  Actions lost() { return membership_.on_renewed(Lost{}, moment()); }
  Actions fenced() { return membership_.on_renewed(Fenced{}, moment()); }
  Actions leave() { return membership_.leave(moment()); }
  Stage stage() const { return membership_.stage(); }

  void take_place() {
    up();
    loaded();
    registered();
  }
  void join() {
    take_place();
    listed(kHere, {});
  }
  // A member that knows of no other node, and renews next after a heartbeat.
  void join_and_renew() {
    join();
    elapse(0s);
    renewed();
  }

  base::TimePoint now_ = base::TimePoint{} + 1h;
  Membership membership_{{.node = kHere,
                          .timing = {.heartbeat = 2s, .lease = 6s, .patience = 1s},
                          .leave_within = 2s}};
};

// --- to a place

TEST_F(MembershipTest, AFreshNodeIsDown) {
  EXPECT_EQ(stage(), Stage::kDown);
  EXPECT_EQ(membership_.problem(), "no answer in time");
  EXPECT_EQ(membership_.deadline(), kForEver);
  EXPECT_FALSE(membership_.holds_lease(now_));
}

TEST_F(MembershipTest, ANewConnectionLoadsTheScripts) {
  EXPECT_THAT(up(), are(LoadScripts{}));
  EXPECT_EQ(stage(), Stage::kLoading);
}

TEST_F(MembershipTest, ANewNodeAsksForAPlaceUnderARandomEpoch) {
  up();
  EXPECT_THAT(loaded(), are(Register{kRandom, "e", ""}));
  EXPECT_EQ(stage(), Stage::kRegistering);
}

TEST_F(MembershipTest, APlaceIsClearedOfAnEarlierLifeFirst) {
  up();
  loaded();
  pass(1s);
  EXPECT_THAT(registered(), are(ServeUntil{now_ - 1s + kHeld}, ListRooms{kHere, Amount::kAll}));
  EXPECT_EQ(stage(), Stage::kClearing);
  EXPECT_FALSE(membership_.is_member());
  EXPECT_THAT(listed(kHere, {"north", "south"}),
              are(RemoveNode{"north", kHere}, RemoveNode{"south", kHere}, Join{kRandom, false},
                  Notice{Kind::kJoined}));
  EXPECT_EQ(stage(), Stage::kMember);
  EXPECT_TRUE(membership_.is_member());
}

TEST_F(MembershipTest, ANewMemberRenewsAtOnce) {
  join();
  EXPECT_EQ(membership_.deadline(), now_);
  EXPECT_THAT(elapse(0s), are(Renew{"store", false}));
}

TEST_F(MembershipTest, ANumberThatIsTakenIsAskedForAgain) {
  up();
  loaded();
  EXPECT_THAT(taken(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kTaken);
  EXPECT_EQ(membership_.problem(), "another node has NODE_ID 1");
  EXPECT_EQ(membership_.deadline(), now_ + 100ms);
  EXPECT_THAT(elapse(99ms), IsEmpty());
  EXPECT_THAT(elapse(1ms), are(Register{kRandom, "e", ""}));
  EXPECT_EQ(stage(), Stage::kRegistering);
  EXPECT_EQ(membership_.deadline(), kForEver);
}

TEST_F(MembershipTest, ALeaseCountsFromWhenItWasAskedFor) {
  up();
  loaded();
  pass(4s);
  registered();
  EXPECT_TRUE(membership_.holds_lease(now_ - 4s + kHeld));
  EXPECT_FALSE(membership_.holds_lease(now_ - 4s + kHeld + 1ns));
}

// --- a member

TEST_F(MembershipTest, AMemberRenewsAtEachHeartbeat) {
  join_and_renew();
  EXPECT_EQ(membership_.deadline(), now_ + 2s);
  EXPECT_THAT(elapse(2s - 1ns), IsEmpty());
  EXPECT_THAT(elapse(1ns), are(Renew{"store", false}));
  EXPECT_EQ(membership_.deadline(), kForEver);
  EXPECT_THAT(renewed(), are(ServeUntil{now_ + kHeld}, KnowNodes{{kHere}}));
}

TEST_F(MembershipTest, ARenewedLeaseCountsFromWhenItWasAskedFor) {
  join_and_renew();
  elapse(2s);
  pass(1s);
  EXPECT_THAT(renewed(), Contains(MembershipAction(ServeUntil{now_ - 1s + kHeld})));
}

TEST_F(MembershipTest, OthersMayBeRemovedOnceTheConnectionIsOlderThanALease) {
  join_and_renew();
  EXPECT_THAT(elapse(6s), are(Renew{"store", false}));
  renewed();
  EXPECT_THAT(elapse(2s), are(Renew{"store", true}));
}

TEST_F(MembershipTest, AMemberLooksWhenTheNextLeaseEnds) {
  join();
  elapse(0s);
  renewed({}, 300ms);
  EXPECT_EQ(membership_.deadline(), now_ + 300ms + 14ms);
}

TEST_F(MembershipTest, ALeaseThatEndedLongAgoIsLookedAtSoon) {
  join();
  elapse(0s);
  renewed({}, -300ms);
  EXPECT_EQ(membership_.deadline(), now_ + 14ms);
}

TEST_F(MembershipTest, AHeartbeatCountsFromWhenTheLeaseWasAskedFor) {
  join_and_renew();
  elapse(2s);
  pass(1'500ms);  // so long the node slept, or the answer was under way
  renewed();
  EXPECT_EQ(membership_.deadline(), now_ + 500ms);
  elapse(500ms);
  pass(5s);
  renewed();
  EXPECT_EQ(membership_.deadline(), now_);
}

TEST_F(MembershipTest, ARenewalThatComesAfterItsLeaseIsRepeatedAtOnce) {
  join_and_renew();
  elapse(2s);
  pass(kHeld + 1ns);
  EXPECT_THAT(renewed(), are(ServeUntil{now_ - 1ns}, KnowNodes{{kHere}}));
  EXPECT_FALSE(membership_.holds_lease(now_));
  EXPECT_EQ(membership_.deadline(), now_);
  EXPECT_THAT(elapse(0s), are(Renew{"store", true}));
}

// --- the connection breaks

TEST_F(MembershipTest, WithoutAPlaceABrokenConnectionChangesNothing) {
  EXPECT_THAT(down(), IsEmpty());
  EXPECT_EQ(membership_.problem(), "it broke");
  up();
  EXPECT_THAT(down(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kDown);
}

TEST_F(MembershipTest, WithoutTheStoreAMemberGoesOnAlone) {
  join_and_renew();
  EXPECT_THAT(down(),
              are(Notice{Kind::kUnreachable, "it broke"}, LoseStore{}, ServeUntil{kForEver}));
  EXPECT_EQ(stage(), Stage::kDown);
  EXPECT_EQ(membership_.deadline(), kForEver);
}

TEST_F(MembershipTest, WithoutTheStoreAMemberThatSleptPastItsLeaseServesNobody) {
  join_and_renew();
  pass(kHeld + 1ns);
  EXPECT_THAT(down(), are(Notice{Kind::kUnreachable, "it broke"}, LoseStore{}));
}

TEST_F(MembershipTest, ANodeThatWentOnAloneInTimeStaysSoPastItsLease) {
  join_and_renew();
  down();
  pass(1h);
  EXPECT_THAT(down(), are(ServeUntil{kForEver}));  // another attempt to connect has failed
}

TEST_F(MembershipTest, AReturningNodeAsksWhetherItStillHasItsPlace) {
  join_and_renew();
  down();
  up();
  EXPECT_THAT(loaded(), are(Renew{"store", false}));
  EXPECT_EQ(stage(), Stage::kReturning);
  EXPECT_THAT(renewed(), are(ServeUntil{now_ + kHeld}, KnowNodes{{kHere}}, Join{kRandom, false},
                             Notice{Kind::kJoined}));
  EXPECT_EQ(stage(), Stage::kMember);
  EXPECT_EQ(membership_.deadline(), now_ + 2s);
}

TEST_F(MembershipTest, AReturningNodeRemovesNobodyForTheTimeOfALease) {
  join_and_renew();
  down();
  pass(1h);
  up();
  EXPECT_THAT(loaded(), are(Renew{"store", false}));
  renewed();
  EXPECT_THAT(elapse(2s), are(Renew{"store", false}));
}

TEST_F(MembershipTest, APlaceThatWasNotClearedIsClearedOnReturn) {
  take_place();
  down();
  up();
  loaded();
  EXPECT_THAT(renewed(),
              are(ServeUntil{now_ + kHeld}, KnowNodes{{kHere}}, ListRooms{kHere, Amount::kAll}));
  EXPECT_EQ(stage(), Stage::kClearing);
}

TEST_F(MembershipTest, AConnectionThatBreaksWhileLoadingLeadsBackToLoading) {
  up();
  down();
  EXPECT_THAT(up(), are(LoadScripts{}));
}

TEST_F(MembershipTest, ANumberThatIsTakenIsNotAskedForWithoutAConnection) {
  up();
  loaded();
  taken();
  down();
  EXPECT_EQ(membership_.deadline(), kForEver);
  EXPECT_THAT(elapse(1s), IsEmpty());
}

// --- errors

TEST_F(MembershipTest, AnErrorEndsTheConnectionAndIsReported) {
  join_and_renew();
  EXPECT_THAT(failed("OOM no memory"), are(Notice{Kind::kRefused, "OOM no memory"}, LoseStore{},
                                           ServeUntil{kForEver}, Reconnect{"OOM no memory"}));
  EXPECT_EQ(stage(), Stage::kDown);
  EXPECT_EQ(membership_.problem(), "OOM no memory");
}

TEST_F(MembershipTest, AnErrorBeforeTheNodeIsAMemberTellsOnlyTheProblem) {
  up();
  EXPECT_THAT(failed("NOPERM no"), are(Reconnect{"NOPERM no"}));
  EXPECT_EQ(membership_.problem(), "NOPERM no");
  EXPECT_EQ(stage(), Stage::kDown);
}

TEST_F(MembershipTest, EachProblemOfAnOutageIsReportedOnce) {
  join_and_renew();
  down();
  up();
  EXPECT_THAT(failed("MISCONF no disk"), are(Notice{Kind::kRefused, "MISCONF no disk"},
                                             ServeUntil{kForEver}, Reconnect{"MISCONF no disk"}));
  up();
  EXPECT_THAT(failed("MISCONF no disk"), are(ServeUntil{kForEver}, Reconnect{"MISCONF no disk"}));
  EXPECT_THAT(down(), are(ServeUntil{kForEver}));
  up();
  loaded();
  renewed();
  EXPECT_THAT(down(), Contains(MembershipAction(Notice{Kind::kUnreachable, "it broke"})));
}

TEST_F(MembershipTest, ALossThatCannotBeMendedIsReportedOnce) {
  join_and_renew();
  elapse(2s);
  EXPECT_THAT(lost(), Contains(MembershipAction(kStoreLost)));
  EXPECT_THAT(failed("MISCONF no disk"),
              Contains(MembershipAction(Notice{Kind::kRefused, "MISCONF no disk"})));
  up();
  loaded();
  EXPECT_THAT(lost(), are(LoseStore{}, Register{kRandom, "e", "store"}));
}

TEST_F(MembershipTest, FurtherErrorsOfThatConnectionChangeNothing) {
  join_and_renew();
  failed("OOM no memory");
  EXPECT_THAT(failed("OOM no memory"), IsEmpty());
  EXPECT_THAT(down(), Not(Contains(VariantWith<LoseStore>(::testing::_))));
}

TEST_F(MembershipTest, AReplicaIsLeftForAnotherServer) {
  join_and_renew();
  EXPECT_THAT(failed("READONLY no"), are(Notice{Kind::kUnreachable, "READONLY no"}, LoseStore{},
                                         ServeUntil{kForEver}, Reconnect{"READONLY no"}));
  take_place();
  EXPECT_THAT(failed("MASTERDOWN no"), Contains(MembershipAction(Reconnect{"MASTERDOWN no"})));
}

TEST_F(MembershipTest, ARedirectionIsFollowed) {
  join_and_renew();
  EXPECT_THAT(failed("MOVED 4711 fd00::2:6380"),
              are(Notice{Kind::kUnreachable, "MOVED 4711 fd00::2:6380"}, LoseStore{},
                  ServeUntil{kForEver}, MoveTo{"fd00::2", 6380}));
}

TEST_F(MembershipTest, ARedirectionToNowhereIsAnErrorLikeOthers) {
  join_and_renew();
  EXPECT_THAT(failed("MOVED there"), Contains(MembershipAction(Reconnect{"MOVED there"})));
}

// --- the store has lost something

TEST_F(MembershipTest, APlaceThatTheStoreLostIsAskedForAgain) {
  join_and_renew();
  elapse(2s);
  EXPECT_THAT(lost(), are(kStoreLost, LoseStore{}, Register{kRandom, "e", "store"}));
  EXPECT_EQ(stage(), Stage::kRegistering);
  EXPECT_EQ(membership_.deadline(), kForEver);
  EXPECT_THAT(membership_.on_registered(Registered{"new", "0"}, moment()),
              are(ServeUntil{now_ + kHeld}, Join{kRandom, true}, Notice{Kind::kJoined}));
  EXPECT_THAT(elapse(0s), are(Renew{"new", false}));
}

TEST_F(MembershipTest, AReturningNodeLearnsOfALossToo) {
  join_and_renew();
  down();
  up();
  loaded();
  EXPECT_THAT(lost(), Contains(MembershipAction(Register{kRandom, "e", "store"})));
}

TEST_F(MembershipTest, APlaceThatTheStoreLostMayBeTakenByAnotherNode) {
  join_and_renew();
  elapse(2s);
  lost();
  EXPECT_THAT(taken(), are(Notice{Kind::kRefused, "another node has NODE_ID 1"}));
  EXPECT_EQ(stage(), Stage::kTaken);
  EXPECT_THAT(elapse(100ms), are(Register{kRandom, "e", "store"}));
}

TEST_F(MembershipTest, ANodeThatMayHaveBeenRemovedGetsANewPlaceAfterALoss) {
  join_and_renew();
  elapse(2s);
  pass(kHeld - 2s + 1ns);
  EXPECT_THAT(lost(), are(Notice{Kind::kFenced}, LosePlace{}, ServeUntil{kForEver},
                          Register{kRandom, "e", ""}));
}

TEST_F(MembershipTest, ANodeThatWentOnAloneRestoresItsPlaceAfterALoss) {
  join_and_renew();
  down();
  pass(1h);
  up();
  loaded();
  EXPECT_THAT(lost(), Contains(MembershipAction(Register{kRandom, "e", "store"})));
}

// --- others have removed the node

TEST_F(MembershipTest, ARemovedNodeAsksForANewPlace) {
  join_and_renew();
  elapse(2s);
  EXPECT_THAT(fenced(), are(Notice{Kind::kFenced}, LosePlace{}, ServeUntil{kForEver},
                            Register{kRandom, "e", ""}));
  EXPECT_EQ(stage(), Stage::kRegistering);
  EXPECT_FALSE(membership_.holds_lease(now_));
  EXPECT_THAT(registered(), are(ServeUntil{now_ + kHeld}, ListRooms{kHere, Amount::kAll}));
}

TEST_F(MembershipTest, AReturningNodeLearnsThatItWasRemoved) {
  join_and_renew();
  down();
  up();
  loaded();
  EXPECT_THAT(fenced(), Contains(MembershipAction(LosePlace{})));
}

TEST_F(MembershipTest, AMemberThatTheStoreDoesNotKnowAsksWhy) {
  join_and_renew();
  EXPECT_THAT(membership_.on_unknown(moment()), are(LoseStore{}, Renew{"store", false}));
  EXPECT_EQ(stage(), Stage::kReturning);
  EXPECT_THAT(lost(), Contains(MembershipAction(Register{kRandom, "e", "store"})));
}

TEST_F(MembershipTest, OnlyAMemberMindsThatTheStoreDoesNotKnowIt) {
  EXPECT_THAT(membership_.on_unknown(moment()), IsEmpty());
  join_and_renew();
  membership_.on_unknown(moment());
  EXPECT_THAT(membership_.on_unknown(moment()), IsEmpty());
  EXPECT_EQ(stage(), Stage::kReturning);
}

// --- answers that nobody waits for

TEST_F(MembershipTest, AnswersOfAnEarlierStageChangeNothing) {
  EXPECT_THAT(loaded(), IsEmpty());
  EXPECT_THAT(registered(), IsEmpty());
  EXPECT_THAT(renewed(), IsEmpty());
  EXPECT_THAT(listed(kHere, {"north"}), IsEmpty());
  EXPECT_EQ(stage(), Stage::kDown);
  up();
  loaded();
  EXPECT_THAT(fenced(), IsEmpty());
  EXPECT_THAT(loaded(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kRegistering);
  registered();
  EXPECT_THAT(registered(), IsEmpty());
  EXPECT_THAT(lost(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kClearing);
  listed(kHere, {});
  EXPECT_THAT(listed(kHere, {"north"}), IsEmpty());
  EXPECT_THAT(membership_.on_idle(), IsEmpty());
  membership_.on_left();
  EXPECT_EQ(stage(), Stage::kMember);
}

// --- dead nodes

class RemovalTest : public MembershipTest {
 protected:
  RemovalTest() {
    join_and_renew();
    elapse(2s);
  }
  void renew_with(std::vector<std::uint32_t> dead) {
    elapse(2s);
    renewed(std::move(dead));
  }
};

TEST_F(RemovalTest, ADeadNodesRoomsAreListed) {
  EXPECT_THAT(renewed({kThere}),
              are(ServeUntil{now_ + kHeld}, KnowNodes{{kHere}}, Notice{Kind::kNodeDied, "2"},
                  ListRooms{kThere, Amount::kSome}));
}

TEST_F(RemovalTest, ARemovalUnderWayIsNotBegunAgain) {
  renewed({kThere});
  elapse(2s);
  EXPECT_THAT(renewed({kThere}), are(ServeUntil{now_ + kHeld}, KnowNodes{{kHere}}));
}

TEST_F(RemovalTest, TheDeadNodeIsTakenOutOfItsRoomsUntilThereAreNoMore) {
  renewed({kThere});
  EXPECT_THAT(listed(kThere, {"north", "south"}),
              are(RemoveNode{"north", kThere}, RemoveNode{"south", kThere}));
  EXPECT_EQ(membership_.deadline(), now_ + 100ms);
  EXPECT_THAT(elapse(100ms), are(ListRooms{kThere, Amount::kSome}));
  EXPECT_THAT(listed(kThere, {}), are(Forget{kThere}));
}

TEST_F(RemovalTest, AForgottenNodeMayDieAgain) {
  renewed({kThere});
  listed(kThere, {});
  membership_.on_forgotten(kThere);
  elapse(2s);
  EXPECT_THAT(renewed({kThere}), Contains(MembershipAction(ListRooms{kThere, Amount::kSome})));
}

TEST_F(RemovalTest, ANodeThatIsBackIsNotRemoved) {
  renewed({kThere});
  renew_with({});
  EXPECT_THAT(listed(kThere, {"north"}), IsEmpty());
}

TEST_F(RemovalTest, ANodeThatComesBackInAPauseIsNotRemovedFurther) {
  renewed({kThere});
  elapse(2s);
  listed(kThere, {"north"});
  renewed({});
  EXPECT_THAT(elapse(100ms), IsEmpty());
  EXPECT_EQ(membership_.deadline(), now_ - 100ms + 2s);
}

TEST_F(RemovalTest, RoomsOfANodeThatNobodyRemovesChangeNothing) {
  EXPECT_THAT(listed(kThere, {"north"}), IsEmpty());
  membership_.on_forgotten(kThere);
  renewed({kThere});
  membership_.on_forgotten(kThere);  // it was not asked for
  EXPECT_THAT(listed(kThere, {}), are(Forget{kThere}));
}

TEST_F(RemovalTest, ABrokenConnectionEndsRemovals) {
  renewed({kThere});
  listed(kThere, {"north"});
  down();
  EXPECT_EQ(membership_.deadline(), kForEver);
  up();
  loaded();
  EXPECT_THAT(renewed({kThere}), Contains(MembershipAction(ListRooms{kThere, Amount::kSome})));
}

// --- the end

TEST_F(MembershipTest, ANodeWithoutAPlaceHasLeftAtOnce) {
  up();
  EXPECT_THAT(leave(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kLeft);
}

TEST_F(MembershipTest, ANodeWithoutAConnectionHasLeftAtOnce) {
  join_and_renew();
  down();
  EXPECT_THAT(leave(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kLeft);
}

TEST_F(MembershipTest, ALeavingNodeTakesItsPeersOutAndGivesItsPlaceBack) {
  join_and_renew();
  EXPECT_THAT(leave(), are(ListRooms{kHere, Amount::kAll}));
  EXPECT_EQ(stage(), Stage::kLeaving);
  EXPECT_TRUE(membership_.is_member());
  EXPECT_THAT(listed(kHere, {"north"}), are(LeaveRoom{"north"}, AwaitIdle{}));
  EXPECT_THAT(membership_.on_idle(), are(Leave{}));
  membership_.on_left();
  EXPECT_EQ(stage(), Stage::kLeft);
}

TEST_F(MembershipTest, ALeavingNodeDoesNotWaitForever) {
  join_and_renew();
  leave();
  EXPECT_EQ(membership_.deadline(), now_ + 2s);
  EXPECT_THAT(elapse(2s), IsEmpty());
  EXPECT_EQ(stage(), Stage::kLeft);
}

TEST_F(MembershipTest, ALeavingNodeGoesOnOverAnotherConnection) {
  join_and_renew();
  leave();
  listed(kHere, {"north"});
  EXPECT_THAT(failed("READONLY no"), are(Notice{Kind::kUnreachable, "READONLY no"}, LoseStore{},
                                         ServeUntil{kForEver}, Reconnect{"READONLY no"}));
  up();
  loaded();
  EXPECT_THAT(renewed(), are(ServeUntil{now_ + kHeld}, KnowNodes{{kHere}}, Join{kRandom, false},
                             Notice{Kind::kJoined}, ListRooms{kHere, Amount::kAll}));
  EXPECT_EQ(stage(), Stage::kLeaving);
  EXPECT_EQ(membership_.deadline(), now_ + 2s);
}

TEST_F(MembershipTest, ALeavingNodeDoesNotWaitForeverForAConnection) {
  join_and_renew();
  leave();
  down();
  EXPECT_EQ(membership_.deadline(), now_ + 2s);
  EXPECT_THAT(elapse(2s), IsEmpty());
  EXPECT_EQ(stage(), Stage::kLeft);
  EXPECT_EQ(membership_.deadline(), kForEver);
}

TEST_F(MembershipTest, ANodeThatIsToldToLeaveBetweenTwoStagesLeavesAsSoonAsItCan) {
  join_and_renew();
  elapse(2s);
  lost();
  EXPECT_THAT(leave(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kRegistering);
  EXPECT_THAT(registered(), Contains(MembershipAction(ListRooms{kHere, Amount::kAll})));
  EXPECT_EQ(stage(), Stage::kLeaving);
}

TEST_F(MembershipTest, ALeavingNodeThatTheStoreDoesNotKnowAsksWhy) {
  join_and_renew();
  leave();
  EXPECT_THAT(membership_.on_unknown(moment()), are(LoseStore{}, Renew{"store", false}));
  EXPECT_THAT(fenced(), IsEmpty());
  EXPECT_EQ(stage(), Stage::kLeft);
}

TEST_F(MembershipTest, ALeavingNodeRemovesNobodyAndRenewsNoMore) {
  join_and_renew();
  elapse(2s);
  renewed({kThere});
  elapse(2s);
  leave();
  EXPECT_THAT(renewed({kThere}), IsEmpty());
  EXPECT_THAT(listed(kThere, {"north"}), IsEmpty());
  EXPECT_EQ(stage(), Stage::kLeaving);
}

TEST_F(MembershipTest, NothingBringsANodeBackThatHasLeft) {
  leave();
  EXPECT_THAT(up(), IsEmpty());
  EXPECT_THAT(down(), IsEmpty());
  EXPECT_THAT(failed("OOM no memory"), IsEmpty());
  EXPECT_THAT(elapse(1h), IsEmpty());
  EXPECT_EQ(stage(), Stage::kLeft);
}

}  // namespace
}  // namespace heliograph::cluster
