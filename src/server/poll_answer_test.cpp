#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engineio/packet.hpp"
#include "engineio/poll_queue.hpp"
#include "server/testing/worker_fixture.hpp"

namespace heliograph::server::testing {
namespace {

using Packets = std::vector<std::string>;

std::string payload_of(const Packets& packets) {
  std::string payload;
  for (const std::string& packet : packets) {
    if (!payload.empty()) payload += engineio::kSeparator;
    payload += packet;
  }
  return payload;
}

// As many messages, every third of them binary.
Packets messages(int count) {
  Packets packets;
  for (int i = 0; i < count; ++i) {
    packets.push_back(i % 3 == 0 ? "bAQIDBA==" : "4number " + std::to_string(i));
  }
  return packets;
}

class PollAnswerTest : public WorkerTest {
 protected:
  void open() {
    start(1);
    client_ = std::make_unique<TestClient>(ports_[0]);
    sid_ = open_polling(*client_);
  }
  Packets poll() {
    client_->send(get(session(sid_)));
    std::string body = client_->response();
    EXPECT_EQ(client_->status(), "HTTP/1.1 200") << body;
    Packets packets;
    std::size_t end = 0;
    while ((end = body.find(engineio::kSeparator)) != std::string::npos) {
      packets.push_back(body.substr(0, end));
      body.erase(0, end + 1);
    }
    packets.push_back(body);
    EXPECT_LE(packets.size(), engineio::PollQueue::kMaxPackets);
    return packets;
  }
  /// The packets of the next polls, up to this many.
  Packets poll_for(std::size_t count) {
    Packets all;
    while (all.size() < count && !HasFailure()) {
      const Packets packets = poll();
      all.insert(all.end(), packets.begin(), packets.end());
    }
    return all;
  }
  std::string send(const Packets& packets) {
    client_->send(post(session(sid_), payload_of(packets)));
    return client_->response();
  }

  std::unique_ptr<TestClient> client_;
  std::string sid_;
};

TEST_F(PollAnswerTest, HoldsSixteenPacketsAndTheNextOneTheRest) {
  open();
  const Packets sent = messages(40);
  EXPECT_EQ(send(sent), "ok");
  EXPECT_EQ(poll().size(), 16U);
  EXPECT_EQ(poll().size(), 16U);
  EXPECT_EQ(poll(), Packets(sent.begin() + 32, sent.end()));
}

TEST_F(PollAnswerTest, LosesNothingWhileMoreIsSent) {
  open();
  Packets sent = messages(40);
  EXPECT_EQ(send(sent), "ok");
  Packets received = poll();
  const Packets more = messages(20);
  EXPECT_EQ(send(more), "ok");
  sent.insert(sent.end(), more.begin(), more.end());
  const Packets rest = poll_for(44);
  received.insert(received.end(), rest.begin(), rest.end());
  EXPECT_EQ(received, sent);
}

TEST_F(PollAnswerTest, LosesNothingAtAnUpgrade) {
  open();
  const Packets sent = messages(40);
  EXPECT_EQ(send(sent), "ok");
  TestClient probe(ports_[0]);
  probe.send(upgrade(session(sid_, "websocket")) + client_frame("2probe"));
  probe.read_until("\r\n\r\n");
  EXPECT_EQ(probe.frame(), "3probe");
  EXPECT_EQ(poll(), Packets(sent.begin(), sent.begin() + 16));
  probe.send(client_frame("5"));
  for (std::size_t i = 16; i < sent.size(); ++i) {
    EXPECT_EQ(probe.frame(), sent[i][0] == 'b' ? "\x01\x02\x03\x04" : sent[i]);
  }
}

TEST_F(PollAnswerTest, LosesNothingWhenTheServerClosesTheSession) {
  open();
  Packets sent = messages(40);
  sent.emplace_back("4close");
  send(sent);
  sent.back() = "1";
  EXPECT_EQ(poll_for(sent.size()), sent);
  client_->send(get(session(sid_)));
  client_->response();
  EXPECT_EQ(client_->status(), "HTTP/1.1 400") << "the session has ended";
}

TEST_F(PollAnswerTest, LosesNothingOfAPollThatWaitsWhenTheServerClosesTheSession) {
  open();
  TestClient poller(ports_[0]);
  poller.send(get(session(sid_)));
  Packets sent = messages(40);
  sent.emplace_back("4close");
  send(sent);
  EXPECT_EQ(poller.response(), payload_of(Packets(sent.begin(), sent.begin() + 16)));
  sent.back() = "1";
  EXPECT_EQ(poll_for(sent.size() - 16), Packets(sent.begin() + 16, sent.end()));
}

TEST_F(PollAnswerTest, TakesAPostThatCrossesTheClosing) {
  open();
  Packets sent = messages(20);
  sent.emplace_back("4close");
  send(sent);
  EXPECT_EQ(send({"4too late"}), "ok");
  sent.back() = "1";
  EXPECT_EQ(poll_for(sent.size()), sent);
}

TEST_F(PollAnswerTest, CountsAllThatWaitAgainstTheLimit) {
  settings_.reactor.max_unsent_bytes = 10'000;
  open();
  EXPECT_EQ(send({"4" + std::string(4'000, 'x'), "4" + std::string(4'000, 'x')}), "ok");
  EXPECT_EQ(poll().size(), 2U);
  for (int round = 0; round < 4; ++round) {
    EXPECT_EQ(send(Packets(17, "4" + std::string(500, 'x'))), "ok");
    EXPECT_EQ(poll_for(17).size(), 17U) << "what has been taken does not count";
  }
  send(Packets(21, "4" + std::string(500, 'x')));
  client_->send(get(session(sid_)));
  client_->response();
  EXPECT_EQ(client_->status(), "HTTP/1.1 400");
}

}  // namespace
}  // namespace heliograph::server::testing
