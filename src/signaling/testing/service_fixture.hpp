#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signaling/testing/test_node.hpp"

namespace heliograph::signaling {

/// The rules as users meet them: each test runs on a node of one worker, and on one of three where
/// every peer is on another worker than the one who connected before it.
class ServiceTest : public testing::TestWithParam<int> {
 protected:
  explicit ServiceTest(const Limits& limits = {})
      : node_(static_cast<std::uint16_t>(GetParam()), limits) {}

  void connect(std::initializer_list<std::string> names) {
    for (const std::string& name : names) {
      node_.connect(name, next_worker_);
      next_worker_ = static_cast<std::uint16_t>((next_worker_ + 1) % node_.worker_count());
    }
  }

  void say(const std::string& name, std::string_view event, SharedAttachments attachments = {}) {
    node_.emit(name, event, {}, std::move(attachments));
    node_.settle();
  }

  /// The same with an acknowledgement callback; gives what that is called with.
  std::string ask(const std::string& name, std::string_view event) {
    std::string answer = "(no answer)";
    node_.emit(name, event, ++last_ack_);
    node_.settle();
    for (Heard& heard : node_.take_heard(name)) {
      if (heard.ack == last_ack_) {
        answer = answer == "(no answer)" ? heard.arguments : "(two answers)";
      } else {
        kept_[name].push_back(std::move(heard));
      }
    }
    return answer;
  }

  void introduce(const std::string& name, std::string_view peerinfo) {
    node_.set_peerinfo(name, peerinfo);
    node_.settle();
  }

  void leave(const std::string& name) {
    node_.disconnect(name);
    node_.settle();
  }

  void wait(base::Duration duration) {
    node_.pass_time(duration);
    node_.expire();
    node_.settle();
  }

  std::vector<Heard> listen(const std::string& name) {
    std::vector<Heard> all = std::exchange(kept_[name], {});
    for (Heard& heard : node_.take_heard(name)) all.push_back(std::move(heard));
    return all;
  }

  /// The events that the peer has heard since this was last asked.
  std::vector<std::string> heard(const std::string& name) {
    std::vector<std::string> events;
    for (Heard& heard : listen(name)) events.push_back(std::move(heard.arguments));
    return events;
  }

  /// The first becomes owner of the new room, the others ask and are let in; all is forgotten then.
  void gather(const std::string& room, std::initializer_list<std::string> names) {
    const std::string& owner = *names.begin();
    const std::string fields = "\",{\"room\":\"" + room + "\"";
    for (const std::string& name : names) {
      if (name == owner) {
        say(owner, "[\"room-create-request" + fields + "}]");
        continue;
      }
      say(name, "[\"room-join-request" + fields + "}]");
      std::string accept = "[\"room-join-accept" + fields;
      accept.append(",\"peer_id\":\"@").append(name).append("\"}]");
      say(owner, accept);
    }
    for (const std::string& name : names) listen(name);
  }

  TestNode node_;

 private:
  std::map<std::string, std::vector<Heard>> kept_;  // what came before the answer to an ask()
  std::uint16_t next_worker_ = 0;
  std::uint64_t last_ack_ = 0;
};

/// Alice owns the room `north`, Bob and Carol are in it, Dave has nothing to do with it.
class MeetingTest : public ServiceTest {
 protected:
  void SetUp() override {
    connect({"alice", "bob", "carol", "dave"});
    gather("north", {"alice", "bob", "carol"});
  }
};

inline constexpr std::string_view kOk = R"([{"ok":true}])";

/// The acknowledgement of an event that was refused.
inline std::string refusal(std::string_view code, std::string_view message) {
  return R"([{"ok":false,"error":{"code":")" + std::string(code) + R"(","message":")" +
         std::string(message) + R"("}}])";
}

}  // namespace heliograph::signaling
