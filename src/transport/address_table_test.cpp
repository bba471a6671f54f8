#include "transport/address_table.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reactor/address.hpp"

namespace heliograph::transport {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::TimePoint kStart{std::chrono::hours(1)};

base::IpAddress address(std::string_view text) { return *reactor::parse_address(text); }

base::IpAddress numbered(std::uint32_t number) {
  base::IpAddress made = address("10.0.0.0");
  for (int i = 0; i < 4; ++i) {
    made.bytes[15 - static_cast<std::size_t>(i)] = static_cast<unsigned char>(number >> (8 * i));
  }
  return made;
}

TEST(AddressTableTest, AnAddressHasAsManyConnectionsAsTheLimitSays) {
  AddressTable table({.max_connections = 2, .new_sessions = {}});
  auto first = table.add_connection(address("203.0.113.1"), kStart);
  const auto second = table.add_connection(address("203.0.113.1"), kStart);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(table.add_connection(address("203.0.113.1"), kStart));
  EXPECT_TRUE(table.add_connection(address("203.0.113.2"), kStart));
  first.reset();
  EXPECT_TRUE(table.add_connection(address("203.0.113.1"), kStart));
}

TEST(AddressTableTest, WithoutALimitThereIsNone) {
  AddressTable table({.max_connections = 0, .new_sessions = {}});
  std::vector<reactor::ConnectionPlace> places;
  for (int i = 0; i < 1'000; ++i) {
    auto place = table.add_connection(address("203.0.113.1"), kStart);
    ASSERT_TRUE(place);
    places.push_back(*std::move(place));
  }
}

TEST(AddressTableTest, SessionsComeAtABoundedRate) {
  AddressTable table({.max_connections = 100, .new_sessions = {.per_second = 1, .burst = 3}});
  const auto open = [&](base::TimePoint now) {
    return std::holds_alternative<AddressTable::SessionPlace>(
        table.add_session(address("2001:db8::1"), now));
  };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(open(kStart));
  const auto refused = table.add_session(address("2001:db8::2"), kStart);
  EXPECT_GT(std::get<milliseconds>(refused), milliseconds(0));
  EXPECT_TRUE(open(kStart + seconds(1)));
  EXPECT_FALSE(open(kStart + seconds(1)));
}

TEST(AddressTableTest, FailuresOfOneKindDoNotCountForAnother) {
  AddressTable table({});
  for (int i = 0; i < 10; ++i) {
    table.note_failure(address("203.0.113.1"), auth::Attempt::kConnect, kStart);
  }
  const auto wait = [&](std::string_view of, auth::Attempt attempt) {
    return table.wait(address(of), attempt, kStart);
  };
  EXPECT_EQ(wait("203.0.113.1", auth::Attempt::kConnect), seconds(1));
  EXPECT_EQ(wait("203.0.113.1", auth::Attempt::kAppRequest), seconds(0));
  EXPECT_EQ(wait("203.0.113.2", auth::Attempt::kConnect), seconds(0));
}

TEST(AddressTableTest, IsBoundedAndKeepsWhatIsOpen) {
  AddressTable table({.max_connections = 1, .new_sessions = {.per_second = 1, .burst = 3}});
  const auto kept = table.add_connection(address("203.0.113.1"), kStart);
  for (std::uint32_t i = 0; i < 70'000; ++i) {
    table.note_failure(numbered(i), auth::Attempt::kConnect, kStart);
  }
  EXPECT_LE(table.size(), 65'536U);
  EXPECT_FALSE(table.add_connection(address("203.0.113.1"), kStart));
}

TEST(AddressTableTest, FloodOfAddressesDoesNotMakeItForgetOneThatFailed) {
  AddressTable table({});
  const auto failing = address("203.0.113.1");
  for (int i = 0; i < 10; ++i) table.note_failure(failing, auth::Attempt::kConnect, kStart);
  for (std::uint32_t i = 0; i < 70'000; ++i) table.add_connection(numbered(i), kStart);
  EXPECT_LE(table.size(), 65'536U);
  EXPECT_EQ(table.wait(failing, auth::Attempt::kConnect, kStart), seconds(1));
}

TEST(AddressTableTest, OfManyThatFailedItForgetsTheOneThatFailedLongestAgo) {
  AddressTable table({});
  const auto first = address("203.0.113.1");
  for (int i = 0; i < 10; ++i) table.note_failure(first, auth::Attempt::kConnect, kStart);
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    table.note_failure(numbered(i), auth::Attempt::kConnect, kStart);
  }
  table.note_failure(first, auth::Attempt::kConnect, kStart);
  for (std::uint32_t i = 60'000; i < 120'000; ++i) {
    table.note_failure(numbered(i), auth::Attempt::kConnect, kStart);
  }
  EXPECT_TRUE(table.has_failed(first, auth::Attempt::kConnect, kStart));
  EXPECT_FALSE(table.has_failed(numbered(50'000), auth::Attempt::kConnect, kStart));
}

TEST(AddressTableTest, WarnsOfUnknownProxiesOnceAnHour) {
  AddressTable table({});
  EXPECT_TRUE(table.is_time_to_warn(kStart));
  EXPECT_FALSE(table.is_time_to_warn(kStart + minutes(59)));
  EXPECT_TRUE(table.is_time_to_warn(kStart + minutes(60)));
}

}  // namespace
}  // namespace heliograph::transport
