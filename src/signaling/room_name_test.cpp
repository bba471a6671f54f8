#include "signaling/room_name.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace heliograph::signaling {
namespace {

std::string utf8(unsigned code_point) {
  const auto byte = [](unsigned value) { return static_cast<char>(value); };
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) {
    return {byte(0xc0 | code_point >> 6), byte(0x80 | (code_point & 0x3f))};
  }
  return {byte(0xe0 | code_point >> 12), byte(0x80 | (code_point >> 6 & 0x3f)),
          byte(0x80 | (code_point & 0x3f))};
}

bool is_hidden(unsigned code_point) {
  return code_point <= 0x1f || (code_point >= 0x7f && code_point <= 0x9f) ||
         (code_point >= 0x202a && code_point <= 0x202e) ||
         (code_point >= 0x2066 && code_point <= 0x2069);
}

TEST(RoomName, OfThreeBytesAtMostExactlyControlsAndMarksOfDirectionAreHidden) {
  for (unsigned code_point = 0; code_point <= 0xffff; ++code_point) {
    if (code_point >= 0xd800 && code_point <= 0xdfff) continue;
    const std::string name = utf8(code_point);
    ASSERT_EQ(has_hidden_characters(name), is_hidden(code_point)) << std::hex << code_point;
    ASSERT_EQ(has_hidden_characters("é" + name + "é"), is_hidden(code_point));
  }
}

TEST(RoomName, OtherTextIsNot) {
  for (const std::string_view name : {"", " ", "north", "κόσμε 😀", "e\u0301", "שלום", "\u200d"}) {
    EXPECT_FALSE(has_hidden_characters(name)) << name;
  }
}

}  // namespace
}  // namespace heliograph::signaling
