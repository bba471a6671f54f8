#include "signaling/free_places.hpp"

#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "signaling/testing/task_fixture.hpp"

namespace heliograph::signaling {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart{1h};

class FreePlacesTest : public testing::Test {
 protected:
  // A member comes into the room and leaves its place until then.
  void leave_place(Room& room, base::TimePoint until) {
    ++last_nonce_;
    room.admit(peer(last_nonce_), "", Place{static_cast<unsigned char>(last_nonce_)});
    room.remove(peer(last_nonce_), until);
    places_.note(room);
  }

  Room north_{peer(1), ""};
  Room south_{peer(2), ""};
  FreePlaces places_;
  std::uint64_t last_nonce_ = 2;
};

TEST_F(FreePlacesTest, ExpireOneByOne) {
  EXPECT_EQ(places_.deadline(), base::TimePoint::max());
  leave_place(north_, kStart + 2s);
  leave_place(south_, kStart + 1s);
  leave_place(north_, kStart + 3s);
  EXPECT_EQ(places_.deadline(), kStart + 1s);
  places_.expire(kStart + 2s);
  EXPECT_EQ(south_.free_place_count(), 0U);
  EXPECT_EQ(north_.free_place_count(), 1U);
  EXPECT_EQ(places_.deadline(), kStart + 3s);
}

TEST_F(FreePlacesTest, ARoomThatHasMostLosesItsOldestFirst) {
  leave_place(south_, kStart);
  leave_place(north_, kStart + 1s);
  leave_place(north_, kStart + 2s);
  places_.forget_one();
  EXPECT_EQ(south_.free_place_count(), 1U);
  ASSERT_EQ(north_.free_place_count(), 1U);
  EXPECT_EQ(north_.oldest_place_until(), kStart + 2s);
}

TEST_F(FreePlacesTest, TakeBytesUntilTheyAreForgotten) {
  EXPECT_EQ(places_.held_bytes(), 0U);
  leave_place(north_, kStart);
  const std::size_t one = places_.held_bytes();
  EXPECT_GT(one, 0U);
  leave_place(north_, kStart);
  EXPECT_GT(places_.held_bytes(), one);
  while (!places_.is_empty()) places_.forget_one();
  EXPECT_EQ(places_.held_bytes(), 0U);
}

TEST_F(FreePlacesTest, AreNotCountedForARoomThatGoes) {
  leave_place(north_, kStart);
  places_.leave_out(north_);
  EXPECT_TRUE(places_.is_empty());
  EXPECT_EQ(places_.held_bytes(), 0U);
  EXPECT_EQ(places_.deadline(), base::TimePoint::max());
}

}  // namespace
}  // namespace heliograph::signaling
