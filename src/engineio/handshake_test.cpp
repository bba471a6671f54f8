#include "engineio/handshake.hpp"

#include <string>

#include <gtest/gtest.h>

namespace heliograph::engineio {
namespace {

using std::chrono::milliseconds;

const Handshake kDefaults{.sid = "lv_VI97HAXpY6yYWAAAC",
                          .can_upgrade = true,
                          .ping_interval = milliseconds(25000),
                          .ping_timeout = milliseconds(20000),
                          .max_payload = 1000000};

TEST(Handshake, IsTheExampleOfTheProtocol) {
  EXPECT_EQ(open_packet(kDefaults),
            R"(0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],)"
            R"("pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
}

TEST(Handshake, OffersNoUpgradeToAWebSocket) {
  auto handshake = kDefaults;
  handshake.can_upgrade = false;
  EXPECT_EQ(open_packet(handshake),
            R"(0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":[],)"
            R"("pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
}

TEST(Handshake, AnnouncesTheGivenTimesAndSize) {
  const Handshake handshake{.sid = "s",
                            .can_upgrade = false,
                            .ping_interval = milliseconds(300),
                            .ping_timeout = milliseconds(200),
                            .max_payload = 18446744073709551615U};
  EXPECT_EQ(open_packet(handshake),
            R"(0{"sid":"s","upgrades":[],"pingInterval":300,"pingTimeout":200,)"
            R"("maxPayload":18446744073709551615})");
}

TEST(Handshake, SessionIdCannotBreakTheJson) {
  auto handshake = kDefaults;
  handshake.sid = "a\"\\\n";
  EXPECT_TRUE(open_packet(handshake).starts_with(R"(0{"sid":"a\"\\\n","upgrades")"));
}

}  // namespace
}  // namespace heliograph::engineio
