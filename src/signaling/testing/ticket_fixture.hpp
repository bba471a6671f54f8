#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {

/// Members that come back with a ticket, as users meet them.
class TicketTest : public ServiceTest {
 protected:
  explicit TicketTest(const Limits& limits = scaled()) : ServiceTest(limits) {}

  static Limits scaled() {
    Limits limits;
    limits.ticket_lifetime = std::chrono::hours(1);
    limits.room_linger = std::chrono::seconds(10);
    return limits;
  }

  // Alice owns the room `north`, Bob is in it; Carol is outside. All are given tickets.
  void SetUp() override {
    come({"alice", "bob", "carol"});
    say("alice", R"(["room-create-request",{"room":"north"}])");
    say("bob", R"(["room-join-request",{"room":"north"}])");
    say("alice", R"(["room-join-accept",{"room":"north","peer_id":"@bob"}])");
    of_alice_ = ticket("alice");
    of_bob_ = ticket("bob");
    listen("carol");
  }

  void come(std::initializer_list<std::string> names, const std::string& app = "app") {
    connect(names);
    for (const std::string& name : names) node_.give_tickets(name, app);
  }

  std::string return_as(const std::string& name, const std::string& ticket) {
    return ask(name, R"(["room-join-request",{"room":"north","ticket":")" + ticket + R"("}])");
  }

  static std::string ticket_in(std::string_view text) {
    constexpr std::string_view kField = R"("ticket":")";
    const std::size_t at = text.find(kField);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + kField.size());
    return std::string(text.substr(0, text.find('"')));
  }

  // The last that it has been told of since it was last listened to.
  std::string ticket(const std::string& name) {
    std::string last;
    for (const std::string& event : heard(name)) {
      if (auto found = ticket_in(event); !found.empty()) last = std::move(found);
    }
    return last;
  }

  static std::string entered() { return R"([{"ok":true,"room":"north","ticket":")"; }

  std::string of_alice_;
  std::string of_bob_;
};

}  // namespace heliograph::signaling
