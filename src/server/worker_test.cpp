#include "server/worker.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing/worker_fixture.hpp"

namespace heliograph::server::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(WorkerTest, AnswersRequestsOfOneConnectionInOrder) {
  start(1);
  TestClient client(ports_[0]);
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += get("/" + std::to_string(i));
  client.send(requests);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(client.response(), "/" + std::to_string(i));
}

TEST_F(WorkerTest, AClientThatSendsMuchAtOnceDoesNotKeepOthersWaiting) {
  start(1);
  TestClient greedy(ports_[0]);
  std::string requests = get("/hold");
  for (int i = 0; i < 1'000; ++i) requests += get("/again");
  greedy.send(requests);
  await_hold();
  TestClient other(ports_[0]);
  other.send(get("/other"));
  release();
  EXPECT_EQ(other.response(), "/other");
  for (int i = 0; i < 1'001; ++i) greedy.response();
  stop();
  ASSERT_EQ(served_.size(), 1'002U);
  EXPECT_LT(std::ranges::find(served_, "/other") - served_.begin(), 10);
}

// While the worker is held, what comes is all there when it looks.
TEST_F(WorkerTest, ReadsWhatCameWhileItAnsweredWhatWasThere) {
  start(1);
  TestClient client(ports_[0]);
  std::string first = get("/hold");
  for (int i = 0; i < 10; ++i) first += get("/first");
  client.send(first);
  await_hold();
  client.send(get("/second"));
  release();
  EXPECT_EQ(client.response(), "/hold");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(client.response(), "/first");
  EXPECT_EQ(client.response(), "/second");
}

TEST_F(WorkerTest, ReadsMoreThanItTakesAtOnce) {
  start(1);
  TestClient client(ports_[0]);
  open_websocket(client);
  hold(0);
  for (char c = 'a'; c <= 'j'; ++c) client.send(client_frame("4" + std::string(40'000, c)));
  release();
  for (char c = 'a'; c <= 'j'; ++c) ASSERT_EQ(client.frame(), "4" + std::string(40'000, c));
}

TEST_F(WorkerTest, SeesThatAClientHasEndedWhatItJustSaid) {
  start(1);
  TestClient client(ports_[0]);
  open_websocket(client);
  hold(0);
  client.send(client_frame("4last words"));
  client.end_output();
  release();
  EXPECT_EQ(client.frame(), "4last words");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(WorkerTest, LetsInEveryoneOfACrowd) {
  start(1);
  hold(0);
  std::vector<TestClient> crowd;
  for (int i = 0; i < 150; ++i) crowd.emplace_back(ports_[0]).send(get("/" + std::to_string(i)));
  release();
  for (int i = 0; i < 150; ++i) {
    ASSERT_EQ(crowd[static_cast<std::size_t>(i)].response(), "/" + std::to_string(i));
  }
}

TEST_F(WorkerTest, ALargeBodyArrivesWhole) {
  start(1);
  TestClient client(ports_[0]);
  client.send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n" + get("/large") +
              get("/large", "Connection: close\r\n"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: 300006\r\n"));
  const std::string body = "/large" + std::string(300'000, '.');
  EXPECT_EQ(client.response(), body);
  EXPECT_EQ(client.response(), body);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(WorkerTest, AnswersEverythingThatWasAskedBeforeTheClientClosedItsSide) {
  start(1);
  TestClient client(ports_[0], TestClient::Pace::kSlow);
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += get("/large" + std::to_string(i));
  client.send(requests);
  client.end_output();
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(client.response(), StartsWith("/large" + std::to_string(i)));
  }
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(WorkerTest, AnswersAHandshakeOfAClientThatHasClosedItsSide) {
  start(1);
  TestClient client(ports_[0]);
  client.send(get(kHandshake));
  client.end_output();
  EXPECT_THAT(client.response(), HasSubstr("sid"));
}

TEST_F(WorkerTest, EndsAWebSocketThatIsLeftWithoutAClose) {
  start(1);
  TestClient client(ports_[0]);
  client.send(upgrade(kWebSocketHandshake) + client_frame("4hello"));
  expect_open(client);
  EXPECT_EQ(client.frame(), "4hello");
  client.end_output();
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(WorkerTest, ASessionIsServedWhicheverWorkerARequestLandsOn) {
  start(3);
  TestClient opener(ports_[0]);
  const std::string sid = open_polling(opener);
  TestClient poll(ports_[1]);
  poll.send(get(session(sid)));
  TestClient other(ports_[2]);
  other.send(post(session(sid), "4hello") + get("/after"));
  EXPECT_EQ(other.response(), "ok");
  EXPECT_EQ(other.response(), "/after") << "what had been read after the request went along";
  EXPECT_EQ(poll.response(), "4hello");
  poll.send(get("/then"));
  EXPECT_EQ(poll.response(), "/then");
}

TEST_F(WorkerTest, ARequestIsAnsweredByTheWorkerThatKnows) {
  start(3);
  TestClient client(ports_[2]);
  client.send(get("/at-second") + get("/after"));
  EXPECT_EQ(client.response(), "/at-second");
  EXPECT_EQ(client.response(), "/after") << "what had been read after the request went along";
}

TEST_F(WorkerTest, ARequestForAnotherWorkerMayLoseItsClientOnTheWay) {
  start(2);
  hold(1);
  TestClient gone(ports_[0]);
  gone.send(get("/at-second"));
  gone.reset();
  TestClient marker(ports_[0]);
  marker.send(get("/marker"));
  EXPECT_EQ(marker.response(), "/marker") << "the first worker waits for nothing";
  release();
  TestClient next(ports_[0]);
  next.send(get("/at-second"));
  EXPECT_EQ(next.response(), "/at-second");
}

TEST_F(WorkerTest, AClientThatWaitsForAHundredGetsItFromWhicheverWorkerItLandsOn) {
  start(2);
  TestClient opener(ports_[0]);
  const std::string sid = open_polling(opener);
  for (const std::uint16_t port : ports_) {
    TestClient client(port);
    client.send("POST " + session(sid) +
                " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("4x");
    EXPECT_EQ(client.response(), "ok");
  }
}

TEST_F(WorkerTest, AnUpgradeMayLandOnAnotherWorker) {
  start(2);
  TestClient opener(ports_[0]);
  const std::string sid = open_polling(opener);
  TestClient websocket(ports_[1]);
  websocket.send(upgrade(session(sid, "websocket")) + client_frame("2probe"));
  EXPECT_THAT(websocket.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  EXPECT_EQ(websocket.frame(), "3probe");
  websocket.send(client_frame("5") + client_frame("4hello"));
  EXPECT_EQ(websocket.frame(), "4hello");
}

TEST_F(WorkerTest, AnUpgradedSessionOutlivesTheRequestsItLeavesBehind) {
  start(1);
  TestClient opener(ports_[0]);
  const std::string sid = open_polling(opener);
  TestClient websocket(ports_[0]);
  websocket.send(upgrade(session(sid, "websocket")) + client_frame("2probe"));
  websocket.read_until("\r\n\r\n");
  EXPECT_EQ(websocket.frame(), "3probe");
  TestClient posting(ports_[0]);
  posting.send(post(session(sid), "4hello").substr(0, 80));
  TestClient marker(ports_[0]);
  marker.send(get("/marker"));
  EXPECT_EQ(marker.response(), "/marker");
  websocket.send(client_frame("5") + client_frame("4one"));
  EXPECT_EQ(websocket.frame(), "4one");
  posting.reset();
  marker.send(get("/marker"));
  EXPECT_EQ(marker.response(), "/marker");
  websocket.send(client_frame("4two"));
  EXPECT_EQ(websocket.frame(), "4two");
}

// The handover and the client's end are found in the same turn of the loop.
TEST_F(WorkerTest, AProbeWhoseClientHasGoneWhenItIsHandedOverIsForgotten) {
  start(2);
  TestClient opener(ports_[0]);
  const std::string sid = open_polling(opener);
  hold(0);
  TestClient gone(ports_[1]);
  gone.send(upgrade(session(sid, "websocket")));
  gone.reset();
  TestClient also_gone(ports_[1]);
  also_gone.send(upgrade(session(sid, "websocket")));
  also_gone.end_output();
  TestClient marker(ports_[1]);
  marker.send(get("/marker"));
  EXPECT_EQ(marker.response(), "/marker") << "so that the other two have been handed over";
  release();
  also_gone.read_to_end();

  TestClient websocket(ports_[1]);
  websocket.send(upgrade(session(sid, "websocket")) + client_frame("2probe"));
  websocket.read_until("\r\n\r\n");
  EXPECT_EQ(websocket.frame(), "3probe");
}

TEST_F(WorkerTest, StopsWhileClientsCome) {
  start(1);
  hold(0);
  request_stop();
  TestClient late(ports_[0]);
  stop();
  EXPECT_EQ(late.read_to_end(), "");
}

TEST_F(WorkerTest, StopEndsEverySessionAndItsTransports) {
  start(1);
  TestClient opener(ports_[0]);
  const std::string sid = open_polling(opener);
  TestClient poll(ports_[0]);
  poll.send(get(session(sid)));
  TestClient websocket(ports_[0]);
  open_websocket(websocket);
  EXPECT_EQ(clients_, 2);
  request_stop();
  EXPECT_EQ(poll.response(), "1");
  EXPECT_THAT(poll.head(), HasSubstr("Connection: close"));
  EXPECT_EQ(websocket.frame(), "close 1001");
  EXPECT_EQ(opener.read_to_end(), "") << "an idle connection is closed";
  EXPECT_EQ(clients_, 0);
  EXPECT_EQ(clients_at_stop_, 2) << "the application is told before they are closed";
}

// "pause" lasts until another client says "resume"; both are echoed.
TEST_F(WorkerTest, APausedWebSocketIsReadFromAgainWhenItIsResumed) {
  start(1);
  TestClient paused(ports_[0]);
  open_websocket(paused);
  paused.send(client_frame("4pause"));
  EXPECT_EQ(paused.frame(), "4pause");
  paused.send(client_frame("4unread"));

  TestClient other(ports_[0]);
  const std::string sid = open_polling(other);
  for (int i = 0; i < 10; ++i) {  // so many turns of the loop
    other.send(post(session(sid), "4again"));
    EXPECT_EQ(other.response(), "ok");
  }
  other.send(get(session(sid)));
  EXPECT_THAT(other.response(), StartsWith("4again"));
  EXPECT_FALSE(paused.has_input());
  other.send(post(session(sid), "4resume"));
  EXPECT_EQ(paused.frame(), "4unread");
}

TEST_F(WorkerTest, APausedPollingClientGetsTheAnswerToItsPostWhenItIsResumed) {
  start(1);
  TestClient paused(ports_[0]);
  const std::string sid = open_polling(paused);
  paused.send(post(session(sid), "4pause"));

  TestClient other(ports_[0]);
  const std::string other_sid = open_polling(other);
  for (int i = 0; i < 10; ++i) {
    other.send(post(session(other_sid), "4again"));
    EXPECT_EQ(other.response(), "ok");
  }
  EXPECT_FALSE(paused.has_input());
  other.send(post(session(other_sid), "4resume"));
  EXPECT_EQ(paused.response(), "ok");
}

}  // namespace
}  // namespace heliograph::server::testing
