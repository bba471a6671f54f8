#include "base/json_stops.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace heliograph::json {
namespace {

constexpr std::size_t kBlockBytes = Stops::kBlockBytes;

// One byte after the other, as the definition has it.
std::vector<std::size_t> expected_stops(std::string_view text) {
  std::vector<std::size_t> stops;
  bool is_escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_known = std::string_view("\"\\rn").find(text[i]) != std::string_view::npos;
    if (byte < 0x20 || (is_escaped ? !is_known : byte == '"')) stops.push_back(i);
    is_escaped = byte == '\\' && !is_escaped;
  }
  return stops;
}

struct Written {
  Traits traits{};
  std::vector<std::size_t> stops;
};

// From and to heap blocks of exactly their sizes, so that AddressSanitizer sees what goes beyond.
Written written_by(StopsWriter write, std::string_view text) {
  const auto exact = std::make_unique<char[]>(text.size());
  std::ranges::copy(text, exact.get());
  const std::size_t words = (text.size() + kBlockBytes - 1) / kBlockBytes;
  const auto word = std::make_unique<std::uint64_t[]>(words);
  Written written{.traits = write({exact.get(), text.size()}, word.get()), .stops = {}};
  for (std::size_t i = 0; i < words * kBlockBytes; ++i) {
    const bool is_stop = (word[i / kBlockBytes] >> (i % kBlockBytes) & 1) != 0;
    if (i < text.size() && is_stop) written.stops.push_back(i);
    if (i >= text.size()) {
      EXPECT_TRUE(is_stop) << "behind the end: " << i;
    }
  }
  return written;
}

void expect_stops(std::string_view text) {
  const std::vector<std::size_t> expected = expected_stops(text);
  const bool is_ascii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
  const bool has_backslashes = text.find('\\') != std::string_view::npos;
  const auto writers = stops_writers();
  for (std::size_t i = 0; i < writers.size(); ++i) {
    const Written written = written_by(writers[i], text);
    EXPECT_EQ(written.stops, expected) << "writer " << i << " of " << text;
    EXPECT_EQ(written.traits.is_ascii, is_ascii) << "writer " << i << " of " << text;
    EXPECT_EQ(written.traits.has_backslashes, has_backslashes) << "writer " << i << " of " << text;
  }
}

TEST(JsonStops, EveryByteIsJudgedAtEveryPlaceOfABlockEscapedOrNot) {
  for (unsigned byte = 0; byte < 0x100; ++byte) {
    for (std::size_t place = 0; place <= kBlockBytes + 1; ++place) {
      std::string text(kBlockBytes + 3, 'x');
      text[place] = static_cast<char>(byte);
      expect_stops(text);
      if (place > 0) text[place - 1] = '\\';
      expect_stops(text);
    }
  }
}

TEST(JsonStops, RunsOfBackslashesEscapeByTheirLength) {
  for (std::size_t before = 0; before < kBlockBytes + 2; ++before) {
    for (std::size_t run = 0; run < 2 * kBlockBytes + 3; ++run) {
      const std::string text = std::string(before, 'x') + std::string(run, '\\');
      expect_stops(text);
      expect_stops(text + "\"\"");
      expect_stops(text + "u\\");
    }
  }
}

TEST(JsonStops, EveryWriterAgreesWithTheDefinitionOnAnyText) {
  constexpr std::string_view kBytes = "\\\\\\\\\"\"rnux/t \x01\n\x7f\x80\xff";
  std::mt19937 random(1);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same texts every time
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 300, ' ');
    for (char& c : text) c = kBytes[random() % kBytes.size()];
    expect_stops(text);
  }
}

TEST(JsonStops, TheNextIsFoundHoweverFarItIs) {
  for (std::size_t size = 0; size < 4 * kBlockBytes; ++size) {
    Stops stops;
    EXPECT_TRUE(stops.note(std::string(size, 'x')).is_ascii);
    for (std::size_t from = 0; from <= size; ++from) EXPECT_GE(stops.next(from), size);
    EXPECT_TRUE(stops.note(std::string(size, 'x') + "\"x").is_ascii);
    for (std::size_t from = 0; from <= size; ++from) EXPECT_EQ(stops.next(from), size);
    EXPECT_GE(stops.next(size + 1), size + 2);
  }
}

TEST(JsonStops, OfAShorterTextNothingOfALongerOneIsLeft) {
  Stops stops;
  stops.note(std::string(200'000, '"'));
  EXPECT_FALSE(stops.note("x\xc3\xa9x").is_ascii);
  for (std::size_t from = 0; from <= 4; ++from) EXPECT_GE(stops.next(from), 4U);
}

}  // namespace
}  // namespace heliograph::json
