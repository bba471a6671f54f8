#include "base/json_stops.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace heliograph::json {
namespace {

constexpr std::ptrdiff_t kBlockBytes = Stops::kBlockBytes;
// The room kept from one text to the next is for 64 KiB.
constexpr std::size_t kKeptWords = 1024;

// What a block holds: bit i is for byte i.
struct Marks {
  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t controls = 0;
  std::uint64_t line_letters = 0;  // `r` and `n`
  std::uint64_t beyond_ascii = 0;
};

// Of the bytes of one block after the other those that a backslash escapes: every second of a run
// of backslashes, and what follows a run of odd length.
class Escapes {
 public:
  // A run that begins at an odd place is added to itself there, so that a carry ripples to its end
  // and the bit it leaves behind tells how long the run was.
  std::uint64_t next(std::uint64_t backslashes) {
    constexpr std::uint64_t kEven = 0x5555555555555555;
    backslashes &= ~carried_;
    const std::uint64_t behind = backslashes << 1 | carried_;
    const std::uint64_t odd_beginnings = backslashes & ~kEven & ~behind;
    const std::uint64_t rippled = backslashes + odd_beginnings;
    carried_ = rippled < backslashes ? 1 : 0;
    return (kEven ^ rippled << 1) & behind;
  }

 private:
  std::uint64_t carried_ = 0;  // 1 where the first byte of the next block is escaped
};

struct Words {
  std::uint64_t* next;
  Escapes escapes;
  std::uint64_t beyond_ascii = 0;
  std::uint64_t backslashes = 0;

  void write(const Marks& marks) {
    const std::uint64_t escaped = escapes.next(marks.backslashes);
    const std::uint64_t passed = marks.quotes | marks.backslashes | marks.line_letters;
    *next++ = marks.controls | (marks.quotes & ~escaped) | (escaped & ~passed);
    beyond_ascii |= marks.beyond_ascii;
    backslashes |= marks.backslashes;
  }
  Traits traits() const {
    return {.is_ascii = beyond_ascii == 0, .has_backslashes = backslashes != 0};
  }
};

// The last block of a text, filled up with controls, which are stops.
std::array<char, kBlockBytes> last_block(const char* at, const char* end) {
  std::array<char, kBlockBytes> block{};
  std::copy(at, end, block.begin());
  return block;
}

template <Marks (*marks_of)(const char* block)>
Traits write_by(std::string_view text, std::uint64_t* words) {
  Words to{words, {}};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= kBlockBytes; at += kBlockBytes) to.write(marks_of(at));
  if (at != end) to.write(marks_of(last_block(at, end).data()));
  return to.traits();
}

// Eight bytes, the first one lowest.
std::uint64_t load_word(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

constexpr std::uint64_t kEachByte = 0x0101010101010101;
constexpr std::uint64_t kLow7 = 0x7f * kEachByte;

// The highest bit of each byte that is 0, and no other bit.
std::uint64_t zeros(std::uint64_t word) { return ~(((word & kLow7) + kLow7) | word | kLow7); }
std::uint64_t equal(std::uint64_t word, char c) {
  return zeros(word ^ static_cast<unsigned char>(c) * kEachByte);
}

// The highest bits of the eight bytes side by side: each is multiplied to its place in the top
// byte.
std::uint64_t gather(std::uint64_t highest) { return (highest >> 7) * 0x0102040810204080 >> 56; }

Marks marks_by_word(const char* block) {
  Marks marks;
  for (unsigned at = 0; at < kBlockBytes; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = load_word(block + at);
    marks.quotes |= gather(equal(word, '"')) << at;
    marks.backslashes |= gather(equal(word, '\\')) << at;
    marks.controls |= gather(zeros(word & 0xe0 * kEachByte)) << at;
    marks.line_letters |= gather(equal(word, 'r') | equal(word, 'n')) << at;
    marks.beyond_ascii |= gather(word & ~kLow7) << at;
  }
  return marks;
}

#if defined(__SSE2__)
Marks marks_by_sse2(const char* block) {
  Marks marks;
#pragma GCC unroll 4
  for (unsigned at = 0; at < kBlockBytes; at += 16) {
    const __m128i lane = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + at));
    const auto note = [at](std::uint64_t& mark, __m128i is_marked) {
      mark |= std::uint64_t{static_cast<unsigned>(_mm_movemask_epi8(is_marked))} << at;
    };
    const auto equal = [lane](char c) { return _mm_cmpeq_epi8(lane, _mm_set1_epi8(c)); };
    note(marks.quotes, equal('"'));
    note(marks.backslashes, equal('\\'));
    note(marks.controls, _mm_cmpeq_epi8(_mm_min_epu8(lane, _mm_set1_epi8(0x1f)), lane));
    note(marks.line_letters, _mm_or_si128(equal('r'), equal('n')));
    note(marks.beyond_ascii, lane);
  }
  return marks;
}

#define HELIOGRAPH_AVX2 __attribute__((target("avx2")))

HELIOGRAPH_AVX2 inline std::uint64_t mask_of(__m256i low, __m256i high) {
  return static_cast<unsigned>(_mm256_movemask_epi8(low)) |
         std::uint64_t{static_cast<unsigned>(_mm256_movemask_epi8(high))} << 32;
}
HELIOGRAPH_AVX2 inline __m256i equal(__m256i lane, char c) {
  return _mm256_cmpeq_epi8(lane, _mm256_set1_epi8(c));
}
HELIOGRAPH_AVX2 inline __m256i is_control(__m256i lane) {
  return _mm256_cmpeq_epi8(_mm256_min_epu8(lane, _mm256_set1_epi8(0x1f)), lane);
}
HELIOGRAPH_AVX2 inline __m256i is_line_letter(__m256i lane) {
  return _mm256_or_si256(equal(lane, 'r'), equal(lane, 'n'));
}

HELIOGRAPH_AVX2 inline Marks marks_by_avx2(const char* block) {
  const auto* const lanes = reinterpret_cast<const __m256i*>(block);
  const __m256i low = _mm256_loadu_si256(lanes);
  const __m256i high = _mm256_loadu_si256(lanes + 1);
  return {.quotes = mask_of(equal(low, '"'), equal(high, '"')),
          .backslashes = mask_of(equal(low, '\\'), equal(high, '\\')),
          .controls = mask_of(is_control(low), is_control(high)),
          .line_letters = mask_of(is_line_letter(low), is_line_letter(high)),
          .beyond_ascii = mask_of(low, high)};
}

// write_by again: its instance would be compiled for any processor, and not have marks_by_avx2
// inlined.
HELIOGRAPH_AVX2 Traits write_by_avx2(std::string_view text, std::uint64_t* words) {
  Words to{words, {}};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (; end - at >= kBlockBytes; at += kBlockBytes) to.write(marks_by_avx2(at));
  if (at != end) to.write(marks_by_avx2(last_block(at, end).data()));
  return to.traits();
}
#endif

}  // namespace

std::span<const StopsWriter> stops_writers() {
#if defined(__SSE2__)
  static constexpr std::array kWriters{write_by_avx2, write_by<marks_by_sse2>,
                                       write_by<marks_by_word>};
  return std::span<const StopsWriter>(kWriters).subspan(__builtin_cpu_supports("avx2") ? 0 : 1);
#else
  static constexpr std::array kWriters{write_by<marks_by_word>};
  return kWriters;
#endif
}

Traits Stops::note(std::string_view text) {
  static const StopsWriter write = stops_writers().front();
  words_.resize((text.size() + kBlockBytes - 1) / kBlockBytes + 1);
  if (words_.capacity() > std::max(words_.size(), kKeptWords)) words_.shrink_to_fit();
  words_.back() = ~std::uint64_t{0};
  return write(text, words_.data());
}

}  // namespace heliograph::json
