#include "http/exchange.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/testing/exchange_fixture.hpp"

namespace heliograph::http::testing {
namespace {

using ::testing::HasSubstr;

using LaterAnswerTest = ExchangeTest;

TEST_F(LaterAnswerTest, OthersAreServedUntilItIsGiven) {
  start(desk_);
  TestClient client(port());
  ask(client, "/later");
  TestClient other(port());
  expect_next_answer(other);
  expect_next_answer(other);
  let_turn();
  EXPECT_FALSE(client.has_input());

  respond("/later", "at last");
  EXPECT_EQ(client.response(), "at last");
  EXPECT_EQ(client.status(), "HTTP/1.1 200");
  expect_next_answer(client);
  EXPECT_EQ(events_.count("gone /later"), 0);
}

TEST_F(LaterAnswerTest, RequestsBehindItAreAnsweredAfterIt) {
  start(desk_);
  TestClient client(port());
  client.send(get("/later") + get("/now/second") + get("/later/third"));
  ASSERT_TRUE(events_.await("asked /later"));
  let_turn();
  EXPECT_EQ(events_.count("asked /later/third"), 0);
  EXPECT_FALSE(client.has_input());

  respond("/later", "first");
  EXPECT_EQ(client.response(), "first");
  EXPECT_EQ(client.response(), "/now/second");
  ASSERT_TRUE(events_.await("asked /later/third"));
  respond("/later/third", "third");
  EXPECT_EQ(client.response(), "third");
  expect_next_answer(client);
}

TEST_F(LaterAnswerTest, AnswersMayBeGivenInAnyOrder) {
  start(desk_);
  TestClient first(port());
  TestClient second(port());
  ask(first, "/a");
  ask(second, "/b");
  respond("/b", "b");
  EXPECT_EQ(second.response(), "b");
  respond("/a", "a");
  EXPECT_EQ(first.response(), "a");
}

TEST_F(LaterAnswerTest, ALargeOneArrivesWhole) {
  start(desk_);
  TestClient client(port());
  ask(client, "/later");
  const std::string text = piece(0, 1'000'000);
  respond("/later", text);
  EXPECT_TRUE(client.response() == text);
  expect_next_answer(client);
}

TEST_F(LaterAnswerTest, ItCanCloseTheConnection) {
  start(desk_);
  TestClient client(port());
  ask(client, "/later");
  with("/later", [](Exchange& exchange) { exchange.respond_and_close(text_response("goodbye")); });
  EXPECT_EQ(client.response(), "goodbye");
  EXPECT_THAT(client.head(), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_EQ(client.read_to_end(), "");
}

enum class Leave { kClose, kReset };

class LeavingClientTest : public ExchangeTest, public ::testing::WithParamInterface<Leave> {
 protected:
  static void leave(TestClient client) {
    if (GetParam() == Leave::kReset) client.reset();
  }
};

INSTANTIATE_TEST_SUITE_P(Exchange, LeavingClientTest,
                         ::testing::Values(Leave::kClose, Leave::kReset), [](const auto& leave) {
                           return leave.param == Leave::kClose ? "Closes" : "Resets";
                         });

TEST_P(LeavingClientTest, ItsResponderIsToldOnce) {
  start(desk_);
  TestClient other(port());
  ask(other, "/other");
  TestClient client(port());
  ask(client, "/later");
  leave(std::move(client));

  expect_gone_once("/later");
  EXPECT_EQ(events_.count("gone /other"), 0);
  respond("/other", "here");
  EXPECT_EQ(other.response(), "here");
}

TEST_P(LeavingClientTest, AResponderThatTookItselfBackIsNotTold) {
  start(desk_);
  TestClient client(port());
  ask(client, "/later");
  with("/later", [](Exchange& exchange) { exchange.belong_to(nullptr); });
  leave(std::move(client));

  ASSERT_TRUE(events_.await("connection ended"));
  let_turn();
  EXPECT_EQ(events_.count("gone /later"), 0);
}

TEST_P(LeavingClientTest, AResponderThatHasAnsweredIsNotTold) {
  start(desk_);
  TestClient client(port());
  ask(client, "/later");
  respond("/later", "here");
  EXPECT_EQ(client.response(), "here");
  leave(std::move(client));

  ASSERT_TRUE(events_.await("connection ended"));
  let_turn();
  EXPECT_EQ(events_.count("gone /later"), 0);
}

TEST_P(LeavingClientTest, RequestsBehindTheOneThatWaitsAreDropped) {
  start(desk_);
  TestClient client(port());
  client.send(get("/later") + get("/later/second"));
  ASSERT_TRUE(events_.await("asked /later"));
  leave(std::move(client));

  expect_gone_once("/later");
  EXPECT_EQ(events_.count("asked /later/second"), 0);
  EXPECT_EQ(held_bytes(), 0U);
}

TEST_P(LeavingClientTest, BetweenThePiecesItsResponderIsToldOnce) {
  start(desk_);
  TestClient client(port());
  ask_and_begin(client, "/pieces");
  EXPECT_TRUE(send("/pieces", "one"));
  EXPECT_EQ(client.read(8), "3\r\none\r\n");
  leave(std::move(client));

  expect_gone_once("/pieces");
  EXPECT_EQ(held_bytes(), 0U);
}

TEST_P(LeavingClientTest, InTheMiddleOfAPieceItsResponderIsToldOnce) {
  options_.send_buffer_bytes = 1;  // the least that the system allows
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  EXPECT_FALSE(send("/pieces", piece(0, 1'000'000)));
  client.read(1'000);
  EXPECT_GT(held_bytes(), 0U);
  leave(std::move(client));

  expect_gone_once("/pieces");
  EXPECT_EQ(held_bytes(), 0U);
}

// Their exchanges belong to the desk before the body has come.
class UnfinishedRequestTest : public ExchangeTest {
 protected:
  UnfinishedRequestTest() {
    desk_.at_head = [this](Exchange& exchange, const Request& head) {
      const std::string target(http::target(head));
      desk_.keep(exchange, target);
      if (target == "/admitted") exchange.admit();
      events_.add("head of " + target);
    };
  }
  // The next requests' bodies may take no time, unless their clients are admitted.
  void shorten_header_timeout() {
    in_loop([this] { settings_.header_timeout = std::chrono::milliseconds(1); });
  }
};

TEST_F(UnfinishedRequestTest, IsHandledWhenItsBodyHasCome) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /post"));
  EXPECT_EQ(events_.count("asked /post"), 0);
  client.send("def");
  ASSERT_TRUE(events_.await("asked /post"));
  respond("/post", "thanks");
  EXPECT_EQ(client.response(), "thanks");
  expect_next_answer(client);
}

TEST_F(UnfinishedRequestTest, IfItIsTooLargeItsResponderIsTold) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 5'000, "abc"));
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 413");
  EXPECT_EQ(client.read_to_end(), "");
  client.reset();
  expect_gone_once("/post");
  EXPECT_EQ(events_.count("asked /post"), 0);
}

TEST_F(UnfinishedRequestTest, IfItsBodyIsMalformedItsResponderIsTold) {
  start(desk_);
  TestClient client(port());
  client.send("POST /post HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  ASSERT_TRUE(events_.await("head of /post"));
  client.send("none\r\n");
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 400");
  EXPECT_EQ(client.read_to_end(), "");
  client.reset();
  expect_gone_once("/post");
}

TEST_F(UnfinishedRequestTest, IfSomebodyElseAnswersItItsResponderIsToldBeforeTheNextRequest) {
  start(desk_);
  TestClient client(port());
  client.send(post("/now", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /now"));
  client.send("def");
  EXPECT_EQ(client.response(), "/now");
  EXPECT_TRUE(events_.await("gone /now"));
  expect_next_answer(client);
  EXPECT_EQ(events_.count("gone /now"), 1);
}

// The rest of its body would be taken for the next request.
TEST_F(UnfinishedRequestTest, IfItIsAnsweredBeforeItsBodyHasComeTheConnectionEnds) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /post"));
  respond("/post", "early");
  EXPECT_EQ(client.response(), "early");
  EXPECT_THAT(client.head(), HasSubstr("\r\nConnection: close\r\n"));
  client.send("def");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(events_.count("asked /post"), 0);
}

TEST_F(UnfinishedRequestTest, IfItIsAnsweredInPiecesBeforeItsBodyHasComeTheConnectionEnds) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /post"));
  begin("/post");
  client.response();
  EXPECT_THAT(client.head(), HasSubstr("\r\nConnection: close\r\n"));
  client.send("def");
  EXPECT_TRUE(send("/post", "early"));
  end("/post");
  EXPECT_EQ(client.read_to_end(), "5\r\nearly\r\n0\r\n\r\n");
  EXPECT_EQ(events_.count("asked /post"), 0);
}

TEST_F(UnfinishedRequestTest, PagesThatCorsNamesMayReadThatItIsTooLarge) {
  settings_.cors_origins = {"https://page.example"};
  start(desk_);
  TestClient client(port());
  client.send(
      "POST /post HTTP/1.1\r\nHost: x\r\nOrigin: https://page.example\r\n"
      "Content-Length: 5000\r\n\r\n");
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 413");
  EXPECT_THAT(client.head(),
              HasSubstr("\r\nAccess-Control-Allow-Origin: https://page.example\r\n"));
}

TEST_F(UnfinishedRequestTest, IfItsClientGoesItsResponderIsTold) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /post"));
  client.end_output();
  expect_gone_once("/post");
}

TEST_F(UnfinishedRequestTest, IfTheServerStopsBeforeItsBodyHasComeItsResponderIsTold) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /post"));
  begin_stop();
  EXPECT_EQ(client.read_to_end(), "");
  client.reset();
  expect_gone_once("/post");
}

TEST_F(UnfinishedRequestTest, AnAnswerThatComesWhenTheConnectionIsClosingIsDropped) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /post"));
  begin_stop();
  let_turn();
  in_loop([this] {
    if (Exchange* const exchange = desk_.find("/post")) exchange->respond(text_response("late"));
  });
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(UnfinishedRequestTest, OneThatWasRefusedIsNotAnsweredAgain) {
  start(desk_);
  TestClient client(port());
  client.send(post("/post", 5'000, "abc"));
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 413");
  in_loop([this] {
    if (Exchange* const exchange = desk_.find("/post")) exchange->respond(text_response("late"));
  });
  EXPECT_EQ(client.read_to_end(), "");
}

// Both clients have sent as much of their requests as the other when the time is over.
TEST_F(UnfinishedRequestTest, OnlyTheBodyOfAnAdmittedClientMayTakeItsTime) {
  settings_.message_timeout = std::chrono::minutes(1);
  start(desk_);
  TestClient admitted(port());
  TestClient other(port());
  expect_next_answer(admitted);
  expect_next_answer(other);
  shorten_header_timeout();
  admitted.send(post("/admitted", 6, "abc"));
  ASSERT_TRUE(events_.await("head of /admitted"));
  other.send(post("/other", 6, "abc"));
  other.response();
  EXPECT_EQ(other.status(), "HTTP/1.1 408");
  EXPECT_EQ(other.read_to_end(), "");
  other.reset();
  expect_gone_once("/other");

  admitted.send("def");
  ASSERT_TRUE(events_.await("asked /admitted"));
  respond("/admitted", "thanks");
  EXPECT_EQ(admitted.response(), "thanks");
  EXPECT_EQ(admitted.status(), "HTTP/1.1 200");
}

}  // namespace
}  // namespace heliograph::http::testing
