#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "http/testing/http_fixture.hpp"
#include "http/testing/requests.hpp"

// Exchanges that are answered when the test says so; for tests only.
namespace heliograph::http::testing {

inline Response text_response(std::string text) {
  Response response;
  response.body = Body(std::move(text));
  return response;
}

/// A piece whose text says which one it is.
inline std::string piece(int number, std::size_t bytes) {
  std::string text = std::to_string(number) + ";";
  text.resize(bytes, '.');
  return text;
}

/// Answers requests for "/now…" with their target, and keeps all others until the test answers
/// them. Counts "asked", "sent" and "gone", each with the target behind it.
class Desk final : public TestHandler, public Responder {
 public:
  explicit Desk(Events& events) : events_(events) {}

  void on_head(Exchange& exchange, const Request& head) override {
    if (at_head) at_head(exchange, head);
  }
  void on_request(Exchange& exchange, Request& request) override {
    const std::string target(http::target(request));
    if (target.starts_with("/now")) return exchange.respond(text_response(target));
    keep(exchange, target);
    events_.add("asked " + target);
  }
  void client_gone(Exchange& exchange) override {
    events_.add("gone " + targets_[&exchange]);
    targets_.erase(&exchange);
  }
  void sent(Exchange& exchange) override {
    events_.add("sent " + targets_[&exchange]);
    if (on_sent) on_sent(exchange);
  }

  void keep(Exchange& exchange, const std::string& target) {
    exchange.belong_to(this);
    targets_[&exchange] = target;
  }
  /// The kept one; nullptr if its client has gone.
  Exchange* find(std::string_view target) {
    const auto found =
        std::ranges::find(targets_, target, [](const auto& kept) { return kept.second; });
    return found == targets_.end() ? nullptr : found->first;
  }

  // Set before the loop starts:
  std::function<void(Exchange&, const Request&)> at_head;
  std::function<void(Exchange&)> on_sent;

 private:
  Events& events_;
  std::map<Exchange*, std::string> targets_;
};

/// Tests with a desk.
class ExchangeTest : public HttpTest {
 protected:
  /// Calls `act` in the loop with the exchange that the desk keeps, and returns what it returns.
  template <class Act>
  auto with(std::string_view target, Act act) {
    return in_loop([&] {
      Exchange* const exchange = desk_.find(target);
      if (!exchange) throw std::runtime_error("no exchange is kept for " + std::string(target));
      return act(*exchange);
    });
  }
  void respond(std::string_view target, const std::string& text) {
    with(target, [&](Exchange& exchange) {
      exchange.belong_to(nullptr);
      exchange.respond(text_response(text));
    });
  }
  void begin(std::string_view target) {
    with(target, [](Exchange& exchange) { exchange.begin({}); });
  }
  bool send(std::string_view target, std::string_view piece) {
    return with(target, [&](Exchange& exchange) { return exchange.send(piece); });
  }
  void end(std::string_view target) {
    with(target, [](Exchange& exchange) {
      exchange.belong_to(nullptr);
      exchange.end();
    });
  }

  /// The client asks for something that the desk keeps.
  void ask(TestClient& client, const std::string& target) {
    client.send(get(target));
    EXPECT_TRUE(events_.await("asked " + target));
  }
  void ask_and_begin(TestClient& client, const std::string& target) {
    ask(client, target);
    begin(target);
    client.response();
    EXPECT_EQ(client.status(), "HTTP/1.1 200");
  }
  static void expect_next_answer(TestClient& client) {
    client.send(get("/now/next"));
    EXPECT_EQ(client.response(), "/now/next");
    EXPECT_EQ(client.status(), "HTTP/1.1 200");
  }
  /// Once it was told that the client has gone, it is not told again.
  void expect_gone_once(const std::string& target) {
    EXPECT_TRUE(events_.await("gone " + target));
    EXPECT_TRUE(events_.await("connection ended"));
    let_turn();
    EXPECT_EQ(events_.count("gone " + target), 1);
  }

  Desk desk_{events_};
};

}  // namespace heliograph::http::testing
