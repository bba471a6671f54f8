#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace heliograph::json {

// Two facts about a text, learnt while its stops are noted.
struct Traits {
  bool is_ascii;
  bool has_backslashes;
};

// The places at which a scan of JSON text has to look while it is inside a string: unescaped
// quotes, controls, and a backslash followed by anything but `"`, `\`, `r` and `n`. It skips
// everything else in a string. Recorded for a whole text at once; for json_scanner.cpp only.
class Stops {
 public:
  // Notes those of `text`, which may be any bytes.
  Traits note(std::string_view text);

  // Offset in the text of the first stop at or behind `offset`, which may be the text's size; no
  // less than that size if there is none.
  std::size_t next(std::size_t offset) const {
    std::size_t word = offset / kBlockBytes;
    if (const std::uint64_t ahead = words_[word] >> (offset % kBlockBytes); ahead != 0) {
      return offset + static_cast<std::size_t>(std::countr_zero(ahead));
    }
    while (words_[++word] == 0) {
    }
    return word * kBlockBytes + static_cast<std::size_t>(std::countr_zero(words_[word]));
  }

  static constexpr std::size_t kBlockBytes = 64;

 private:
  std::vector<std::uint64_t> words_;  // as StopsWriter has them, and a last one of ones alone
};

// Writes a bit for each byte of `text` to `words`, of which there is one for every 64 bytes begun:
// bit i of a word is for byte i of its block, and set if that is a stop, or behind the end.
using StopsWriter = Traits (*)(std::string_view text, std::uint64_t* words);

// One way to write stops for each kind of instructions that this processor has, the fastest first.
// The last works on any.
std::span<const StopsWriter> stops_writers();

}  // namespace heliograph::json
