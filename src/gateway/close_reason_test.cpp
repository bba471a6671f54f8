#include "gateway/close_reason.hpp"

#include <cstddef>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

namespace heliograph::gateway {
namespace {

TEST(CloseReasonTest, EachHasATextOfItsOwn) {
  std::set<std::string_view> texts;
  const auto count = static_cast<std::size_t>(CloseReason::kGoingAway) + 1;
  for (std::size_t i = 0; i < count; ++i) {
    const CloseText& row = text(static_cast<CloseReason>(i));
    EXPECT_FALSE(row.text.empty());
    texts.insert(row.text);
  }
  EXPECT_EQ(texts.size(), count);
}

TEST(CloseReasonTest, WhatAClientMayNotDoIsAProblem) {
  EXPECT_EQ(text(CloseReason::kMalformedPacket).severity, Severity::kProblem);
  EXPECT_EQ(text(CloseReason::kTooMuchUnsent).severity, Severity::kProblem);
  EXPECT_EQ(text(CloseReason::kPageLeft).severity, Severity::kOrdinary);
  EXPECT_EQ(text(CloseReason::kGoingAway).severity, Severity::kOrdinary);
}

}  // namespace
}  // namespace heliograph::gateway
