#include <chrono>
#include <string>
#include <vector>

#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

base::IpAddress address(unsigned char last) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 203, 0, 113, last}};
}

const std::string kTooMany =
    refusal("too-many-requests", "Too many peers are asking to enter this room");

// Strangers who ask to enter alice's room, in which few may wait.
class DoorTest : public ServiceTest {
 protected:
  DoorTest() : ServiceTest({.max_pending_requests = 12}) {
    connect({"alice"});
    gather("north", {"alice"});
  }

  void arrive(const std::string& name, const base::IpAddress& from) {
    connect({name});
    node_.set_address(name, from);
  }
  std::string knock(const std::string& name) {
    return ask(name, R"(["room-join-request",{"room":"north"}])");
  }
  static std::string about(const std::string& event, const std::string& name) {
    return "[\"" + event + R"(",{"room":"north","peer_id":"@)" + name + "\"}]";
  }
  static std::string rejection(const std::string& name) {
    return R"(["room-join-reject",{"room":"north","peer_id":"@)" + name +
           R"(","message":"Too many peers are asking to enter this room","code":"too-many-requests"}])";
  }

  const std::string welcome_ = R"([{"ok":true,"room":"north"}])";
};
INSTANTIATE_TEST_SUITE_P(Workers, DoorTest, testing::Values(1, 3));

TEST_P(DoorTest, EightOfOneAddressMayWait) {
  for (int i = 0; i < 9; ++i) arrive("bob" + std::to_string(i), address(1));
  for (int i = 0; i < 8; ++i) EXPECT_EQ(knock("bob" + std::to_string(i)), welcome_) << i;
  EXPECT_EQ(knock("bob8"), kTooMany);
  arrive("carol", address(2));
  EXPECT_EQ(knock("carol"), welcome_);
  EXPECT_EQ(knock("bob0"), welcome_);  // who waits already may ask again
}

TEST_P(DoorTest, WithoutAnAddressToCountByManyMayWait) {
  for (int i = 0; i < 12; ++i) {
    connect({"bob" + std::to_string(i)});
    EXPECT_EQ(knock("bob" + std::to_string(i)), welcome_) << i;
  }
}

TEST_P(DoorTest, AFullDoorDropsTheOldestOfTheAddressThatHasMost) {
  arrive("carol", address(2));
  EXPECT_EQ(knock("carol"), welcome_);
  for (int i = 0; i < 8; ++i) {
    arrive("bob" + std::to_string(i), address(1));
    EXPECT_EQ(knock("bob" + std::to_string(i)), welcome_) << i;
  }
  for (unsigned char i = 0; i < 3; ++i) {
    arrive("dave" + std::to_string(i), address(static_cast<unsigned char>(10 + i)));
    EXPECT_EQ(knock("dave" + std::to_string(i)), welcome_) << i;
  }
  heard("alice");
  arrive("erin", address(3));
  EXPECT_EQ(knock("erin"), welcome_);
  EXPECT_THAT(heard("bob0"), ElementsAre(rejection("bob0")));
  EXPECT_THAT(heard("bob1"), IsEmpty());
  EXPECT_THAT(heard("carol"), IsEmpty());
  EXPECT_THAT(heard("alice"),
              ElementsAre(about("room-join-cancel", "bob0"), about("room-join-request", "erin")));
  EXPECT_EQ(ask("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob0"}])"),
            refusal("no-join-request", "The peer has not asked to join this room"));
}

// What the owner has been asked, with the payload.
class PacedDoorTest : public DoorTest {
 protected:
  std::string knock_with(const std::string& name, const std::string& payload) {
    return ask(name, R"(["room-join-request",{"room":"north","payload":")" + payload + R"("}])");
  }
  static std::string request(const std::string& name, const std::string& payload) {
    return R"(["room-join-request",{"room":"north","peer_id":"@)" + name + R"(","payload":")" +
           payload + "\"}]";
  }
};
INSTANTIATE_TEST_SUITE_P(Workers, PacedDoorTest, testing::Values(1, 3));

TEST_P(PacedDoorTest, TheOwnerIsAskedAgainAfterTwoSecondsWithTheLastPayload) {
  connect({"bob"});
  EXPECT_EQ(knock_with("bob", "1"), welcome_);
  EXPECT_EQ(knock_with("bob", "2"), welcome_);
  wait(1s);
  EXPECT_EQ(knock_with("bob", "3"), welcome_);
  EXPECT_THAT(heard("alice"), ElementsAre(request("bob", "1")));
  wait(1s);
  EXPECT_THAT(heard("alice"), ElementsAre(request("bob", "3")));
  wait(5s);
  EXPECT_THAT(heard("alice"), IsEmpty());
  EXPECT_EQ(knock_with("bob", "4"), welcome_);
  EXPECT_THAT(heard("alice"), ElementsAre(request("bob", "4")));
}

TEST_P(PacedDoorTest, WhoHasGoneOrIsAnsweredIsNotAskedAboutAgain) {
  connect({"bob", "carol"});
  for (const char* const name : {"bob", "carol"}) {
    knock_with(name, "1");
    knock_with(name, "2");
  }
  say("alice", R"(["room-join-reject",{"room":"north","peer_id":"@bob"}])");
  say("carol", R"(["room-leave-request",{"room":"north"}])");
  heard("alice");
  wait(3s);
  EXPECT_THAT(heard("alice"), IsEmpty());
}

TEST_P(PacedDoorTest, ANewOwnerIsAskedInPortions) {
  gather("north", {"alice"});
  connect({"erin"});
  knock("erin");
  say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@erin"}])");
  for (int i = 0; i < 12; ++i) {
    const std::string name = "bob" + std::to_string(i);
    arrive(name, address(static_cast<unsigned char>(i)));
    knock(name);
  }
  heard("erin");
  wait(3s);
  leave("alice");
  std::vector<std::string> told = heard("erin");
  ASSERT_EQ(told.size(), 10U);  // that alice left, that erin owns the room, and of eight
  EXPECT_EQ(told[2], about("room-join-request", "bob0"));
  EXPECT_EQ(told[9], about("room-join-request", "bob7"));
  leave("bob9");
  EXPECT_THAT(heard("erin"), IsEmpty());  // who was not told of it before
  wait(1s);
  EXPECT_THAT(heard("erin"),
              ElementsAre(about("room-join-request", "bob8"), about("room-join-request", "bob10"),
                          about("room-join-request", "bob11")));
}

TEST_P(DoorTest, PeersThatKnockAndVanishAreHeldUp) {
  for (int i = 0; i < 16; ++i) {
    const std::string name = "bob" + std::to_string(i);
    arrive(name, address(1));
    EXPECT_EQ(knock(name), welcome_) << i;
    leave(name);
  }
  arrive("eve", address(1));
  EXPECT_THAT(knock("eve"), testing::HasSubstr(R"("code":"rate-limited")"));
  EXPECT_THAT(heard("eve"), ElementsAre(testing::StartsWith(R"(["room-join-reject")")));
  arrive("carol", address(2));
  EXPECT_EQ(knock("carol"), welcome_);
}

TEST_P(DoorTest, OwnersHearOfWrongPasswords) {
  say("alice",
      R"(["room-update-request",{"room":"north","admission":"password","password":"open"}])");
  heard("alice");
  for (const char* const name : {"bob", "carol", "dave"}) {
    connect({name});
    EXPECT_THAT(ask(name, R"(["room-join-request",{"room":"north","password":"shut"}])"),
                testing::HasSubstr("wrong-password"));
    wait(0s);
  }
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-password-failures",{"room":"north","failures":1}])"));
  wait(10s);
  EXPECT_THAT(heard("alice"),
              ElementsAre(R"(["room-password-failures",{"room":"north","failures":2}])"));
}

TEST_P(DoorTest, ALargePayloadIsRefused) {
  connect({"bob"});
  const auto with_payload = [](std::size_t bytes) {
    return R"(["room-join-request",{"room":"north","payload":")" + std::string(bytes - 2, 'x') +
           "\"}]";
  };
  EXPECT_EQ(ask("bob", with_payload(4'096)), welcome_);
  EXPECT_EQ(ask("bob", with_payload(4'097)),
            refusal("event-too-large", "The event is larger than this server takes"));
}

}  // namespace
}  // namespace heliograph::signaling
