#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/exchange.hpp"
#include "http/testing/exchange_fixture.hpp"

namespace heliograph::http::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The body of an answer in chunks, to the last one. The head must have been read.
std::string read_chunks(TestClient& client) {
  std::string body;
  for (;;) {
    const std::string line = client.read_until("\r\n");
    const std::size_t size = line.empty() ? 0 : std::stoul(line, nullptr, 16);
    const std::string chunk = client.read(size + 2);
    body.append(chunk, 0, size);
    if (size == 0) return body;
  }
}

using AnswerInPiecesTest = ExchangeTest;

TEST_F(AnswerInPiecesTest, EachPieceArrivesWhenItIsSent) {
  start(desk_);
  TestClient client(port());
  ask(client, "/pieces");
  with("/pieces", [](Exchange& exchange) {
    Response head;
    head.status = 201;
    head.content_type = "text/plain";
    head.headers = {{"X-Kind", "pieces"}};
    exchange.begin(std::move(head));
  });
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 201");
  EXPECT_THAT(client.head(), HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(client.head(), HasSubstr("\r\nX-Kind: pieces\r\n"));
  EXPECT_THAT(client.head(), HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(client.head(), HasSubstr("\r\nConnection: keep-alive\r\n"));
  EXPECT_THAT(client.head(), Not(HasSubstr("Content-Length")));

  EXPECT_TRUE(send("/pieces", "one"));
  EXPECT_EQ(client.read(8), "3\r\none\r\n");
  EXPECT_TRUE(send("/pieces", "and the second"));
  EXPECT_EQ(client.read(19), "e\r\nand the second\r\n");
  end("/pieces");
  EXPECT_EQ(client.read(5), "0\r\n\r\n");
  expect_next_answer(client);
  EXPECT_EQ(events_.count("gone /pieces"), 0);
  EXPECT_EQ(events_.count("sent /pieces"), 0);
}

TEST_F(AnswerInPiecesTest, AllOfItMayBeGivenAtOnce) {
  start(desk_);
  TestClient client(port());
  ask(client, "/pieces");
  with("/pieces", [](Exchange& exchange) {
    exchange.begin({});
    exchange.send("one");
    exchange.send("two");
    exchange.end();
  });
  client.response();
  EXPECT_EQ(client.read(21), "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
  expect_next_answer(client);
}

// An empty chunk would be the last.
TEST_F(AnswerInPiecesTest, AnEmptyPieceDoesNotEndIt) {
  start(desk_);
  TestClient client(port());
  ask_and_begin(client, "/pieces");
  EXPECT_TRUE(send("/pieces", ""));
  EXPECT_TRUE(send("/pieces", "one"));
  end("/pieces");
  EXPECT_EQ(client.read(13), "3\r\none\r\n0\r\n\r\n");
  expect_next_answer(client);
}

TEST_F(AnswerInPiecesTest, RequestsBehindItAreAnsweredAfterIt) {
  start(desk_);
  TestClient client(port());
  client.send(get("/pieces") + get("/now/second") + get("/now/third"));
  ASSERT_TRUE(events_.await("asked /pieces"));
  begin("/pieces");
  EXPECT_TRUE(send("/pieces", "one"));
  client.response();
  EXPECT_EQ(client.read(8), "3\r\none\r\n");
  let_turn();
  EXPECT_FALSE(client.has_input());
  end("/pieces");
  EXPECT_EQ(client.read(5), "0\r\n\r\n");
  EXPECT_EQ(client.response(), "/now/second");
  EXPECT_EQ(client.response(), "/now/third");
}

TEST_F(AnswerInPiecesTest, ForHttp10ItsEndIsTheConnections) {
  start(desk_);
  TestClient client(port());
  client.send("GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(events_.await("asked /pieces"));
  begin("/pieces");
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 200");
  EXPECT_THAT(client.head(), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(client.head(), Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(client.head(), Not(HasSubstr("Content-Length")));

  EXPECT_TRUE(send("/pieces", "one"));
  EXPECT_EQ(client.read(3), "one");
  EXPECT_TRUE(send("/pieces", "two"));
  EXPECT_EQ(client.read(3), "two");
  end("/pieces");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(events_.count("gone /pieces"), 0);
}

TEST_F(AnswerInPiecesTest, ClosesIfTheClientAskedForThat) {
  start(desk_);
  TestClient client(port());
  client.send("GET /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(events_.await("asked /pieces"));
  begin("/pieces");
  EXPECT_TRUE(send("/pieces", "one"));
  end("/pieces");
  client.response();
  EXPECT_THAT(client.head(), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_EQ(client.read_to_end(), "3\r\none\r\n0\r\n\r\n");
}

TEST_F(AnswerInPiecesTest, ToHeadItIsAHeadOnly) {
  start(desk_);
  TestClient client(port());
  client.send(request("HEAD", "/pieces"));
  ASSERT_TRUE(events_.await("asked /pieces"));
  begin("/pieces");
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 200");
  EXPECT_THAT(client.head(), HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(send("/pieces", "one"));
  let_turn();
  EXPECT_FALSE(client.has_input());
  end("/pieces");
  expect_next_answer(client);
}

TEST_F(AnswerInPiecesTest, ToHeadItMayBeGivenAtOnce) {
  start(desk_);
  TestClient client(port());
  client.send(request("HEAD", "/pieces"));
  ASSERT_TRUE(events_.await("asked /pieces"));
  with("/pieces", [](Exchange& exchange) {
    exchange.begin({});
    exchange.send("one");
    exchange.end();
  });
  client.response();
  expect_next_answer(client);
}

TEST_F(AnswerInPiecesTest, EndsTheConnectionIfTheServerStopsBeforeIt) {
  start(desk_);
  TestClient client(port());
  ask(client, "/pieces");
  begin_stop();
  begin("/pieces");
  client.response();
  EXPECT_THAT(client.head(), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(send("/pieces", "one"));
  EXPECT_EQ(client.read(8), "3\r\none\r\n");
  end("/pieces");
  EXPECT_EQ(client.read_to_end(), "0\r\n\r\n");
  EXPECT_EQ(events_.count("gone /pieces"), 0);
}

TEST_F(AnswerInPiecesTest, IsCompletedIfTheServerStopsMeanwhile) {
  start(desk_);
  TestClient client(port());
  ask_and_begin(client, "/pieces");
  EXPECT_TRUE(send("/pieces", "one"));
  begin_stop();
  let_turn();
  EXPECT_TRUE(send("/pieces", "two"));
  end("/pieces");
  EXPECT_EQ(client.read_to_end(), "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
  EXPECT_EQ(events_.count("gone /pieces"), 0);
}

// With the sockets' buffers as small as they can be.
class BackPressureTest : public ExchangeTest {
 protected:
  BackPressureTest() { options_.send_buffer_bytes = 1; }
};

TEST_F(BackPressureTest, SendAsksForAPauseAfterABoundedAmount) {
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  const std::size_t bytes = with("/pieces", [](Exchange& exchange) {
    std::size_t sent = 1'000;
    while (exchange.send(piece(0, 1'000)) && sent < 1'000'000) sent += 1'000;
    return sent;
  });
  EXPECT_GT(bytes, 1'000U);
  EXPECT_LE(bytes, 100'000U);
}

TEST_F(BackPressureTest, ItsResponderIsToldOnceWhenTheClientHasRead) {
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  const std::string text = piece(0, 1'000'000);
  EXPECT_FALSE(send("/pieces", text));
  let_turn();
  EXPECT_EQ(events_.count("sent /pieces"), 0);

  EXPECT_EQ(client.read_until("\r\n"), "f4240\r\n");
  EXPECT_TRUE(client.read(text.size()) == text);
  EXPECT_EQ(client.read(2), "\r\n");
  EXPECT_TRUE(events_.await("sent /pieces"));
  let_turn();
  EXPECT_EQ(events_.count("sent /pieces"), 1);

  EXPECT_TRUE(send("/pieces", "more"));
  EXPECT_EQ(client.read(9), "4\r\nmore\r\n");
  let_turn();
  EXPECT_EQ(events_.count("sent /pieces"), 1);
  end("/pieces");
  EXPECT_EQ(client.read(5), "0\r\n\r\n");
  expect_next_answer(client);
}

TEST_F(BackPressureTest, AResponderThatEndedTheAnswerIsNotToldThatItWasSent) {
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  const std::string text = piece(0, 1'000'000);
  EXPECT_FALSE(send("/pieces", text));
  end("/pieces");
  EXPECT_TRUE(read_chunks(client) == text);
  expect_next_answer(client);
  EXPECT_EQ(events_.count("sent /pieces"), 0);
}

// Such as a heartbeat that another part of the responder sends.
TEST_F(BackPressureTest, ASmallPieceInThePauseDoesNotMakeItEndless) {
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  constexpr std::size_t kBytes = 200'000;
  EXPECT_FALSE(send("/pieces", piece(0, kBytes)));
  std::size_t unsent = kBytes;
  std::size_t got = 0;
  while (unsent > 20'000 && got < kBytes) {
    got += client.read(1'000).size();
    unsent = with("/pieces", [](Exchange& exchange) { return exchange.connection().unsent(); });
  }
  ASSERT_GT(unsent, 0U);
  send("/pieces", "small");
  client.read_until("small\r\n");
  EXPECT_TRUE(events_.await("sent /pieces"));
  let_turn();
  EXPECT_EQ(events_.count("sent /pieces"), 1);
}

// 8 MB in pieces of 8 KB.
TEST_F(BackPressureTest, MuchIsSentInOrderAndLittleIsHeldForIt) {
  constexpr int kPieces = 1'000;
  constexpr std::size_t kPieceBytes = 8'000;
  int next = 0;
  const auto produce = [&next](Exchange& exchange) {
    while (next < kPieces) {
      if (!exchange.send(piece(next++, kPieceBytes))) return;
    }
    exchange.end();
  };
  desk_.on_sent = produce;
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  with("/pieces", produce);

  const std::string body = read_chunks(client);
  ASSERT_EQ(body.size(), kPieces * kPieceBytes);
  for (int i = 0; i < kPieces; ++i) {
    const std::size_t at = static_cast<std::size_t>(i) * kPieceBytes;
    ASSERT_TRUE(body.compare(at, kPieceBytes, piece(i, kPieceBytes)) == 0) << "piece " << i;
  }
  expect_next_answer(client);
  EXPECT_LE(most_held_bytes(), 150'000U);
  EXPECT_EQ(held_bytes(), 0U);
}

TEST_F(BackPressureTest, AConnectionThatWouldHoldTooMuchEnds) {
  options_.max_unsent_bytes = 300'000;
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  constexpr int kMostPieces = 1'000;
  int pieces = 0;
  std::size_t most_unsent = 0;
  const auto send_one = [&] {
    Exchange* const exchange = desk_.find("/pieces");
    if (!exchange) return false;
    exchange->send(piece(pieces, 10'000));
    most_unsent = std::max(most_unsent, exchange->connection().unsent());
    return true;
  };
  while (pieces < kMostPieces && in_loop(send_one)) ++pieces;

  EXPECT_LT(pieces, kMostPieces);
  EXPECT_GT(most_unsent, 200'000U);
  constexpr std::size_t kChunkSizes = 1'000;  // before each piece
  EXPECT_LE(most_unsent, options_.max_unsent_bytes + kChunkSizes);
  expect_gone_once("/pieces");
  EXPECT_EQ(held_bytes(), 0U);
  EXPECT_THAT(client.read_to_end(), Not(HasSubstr("0\r\n\r\n")));
}

TEST_F(BackPressureTest, ThatIsSoWithinATurnToo) {
  options_.max_unsent_bytes = 300'000;
  start(desk_);
  TestClient client(port(), TestClient::Pace::kSlow);
  ask_and_begin(client, "/pieces");
  const std::size_t most_unsent = with("/pieces", [](Exchange& exchange) {
    std::size_t most = 0;
    for (int i = 0; i < 1'000; ++i) {
      exchange.send(piece(i, 10'000));
      most = std::max(most, exchange.connection().unsent());
    }
    return most;
  });
  EXPECT_LE(most_unsent, 301'000U);
  expect_gone_once("/pieces");
  EXPECT_EQ(held_bytes(), 0U);
}

TEST_F(AnswerInPiecesTest, AnEndlessOneDoesNotKeepOthersWaiting) {
  const auto produce = [](Exchange& exchange) { exchange.send(piece(0, 100'000)); };
  desk_.on_sent = produce;
  start(desk_);
  TestClient greedy(port());
  ask_and_begin(greedy, "/endless");
  with("/endless", produce);
  std::atomic<bool> is_done = false;
  std::jthread reader([&] {
    while (!is_done && greedy.read(100'000).size() == 100'000) {
    }
    greedy.reset();
  });
  ASSERT_TRUE(events_.await("sent /endless", 10));

  TestClient other(port());
  for (int i = 0; i < 100; ++i) expect_next_answer(other);
  const int before = events_.count("sent /endless");
  EXPECT_TRUE(events_.await("sent /endless", before + 10)) << "the endless one has stopped";
  is_done = true;
  reader.join();
  expect_gone_once("/endless");
  expect_next_answer(other);
}

}  // namespace
}  // namespace heliograph::http::testing
