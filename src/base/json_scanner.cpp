#include "base/json_scanner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace heliograph::json {
namespace {

// The functions below take the place where their piece of text should begin and the end of the
// whole text, and return where the piece ends, nullptr if it is not as it should be.

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Plain is what stands for itself in a string: all but controls, '"' and '\'.
bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

#if defined(__SSE2__)
constexpr std::ptrdiff_t kBlockBytes = 16;

__m128i load(const char* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }

// Bit i is set where byte i of the block is one of a kind.
unsigned mask_of(__m128i is_of_kind) {
  return static_cast<unsigned>(_mm_movemask_epi8(is_of_kind));
}
unsigned find(__m128i block, char c) { return mask_of(_mm_cmpeq_epi8(block, _mm_set1_epi8(c))); }

unsigned not_plain(__m128i block) {
  const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
  return mask_of(_mm_or_si128(_mm_or_si128(quotes, backslashes), controls));
}

// How many bytes can be passed at once because nothing in the block needs a closer look: all of it
// is plain but for line ends as SDP has them, `\r` and `\n`. 0 where something does; all but the
// last byte where that is the backslash of a line end. Where they are is never where the processor
// expects them, so no branch asks.
std::ptrdiff_t passable(__m128i block, unsigned not_plain) {
  const unsigned backslashes = find(block, '\\');
  const unsigned escaped = backslashes << 1;
  const unsigned letters = find(block, 'r') | find(block, 'n');
  const unsigned is_last = backslashes >> (kBlockBytes - 1);
  const unsigned in_need = (not_plain ^ backslashes) | (backslashes & escaped) |
                           (escaped & ~letters & ((1U << kBlockBytes) - 1));
  return in_need != 0 ? 0 : kBlockBytes - static_cast<std::ptrdiff_t>(is_last);
}
#endif

// The letters that make an escape of two characters after a backslash.
constexpr std::array<bool, 256> kIsShortEscape = [] {
  std::array<bool, 256> is_short{};
  for (const char letter : std::string_view("\"\\/bfnrt")) {
    is_short[static_cast<unsigned char>(letter)] = true;
  }
  return is_short;
}();

const char* skip_unicode_escape(const char* at, const char* end) {
  constexpr std::ptrdiff_t kSize = 6;
  if (end - at < kSize) return nullptr;
  return std::all_of(at + 2, at + kSize, is_hex_digit) ? at + kSize : nullptr;
}

const char* skip_escape(const char* at, const char* end) {
  if (*at != '\\' || end - at < 2) return nullptr;
  if (kIsShortEscape[static_cast<unsigned char>(at[1])]) return at + 2;
  return at[1] == 'u' ? skip_unicode_escape(at, end) : nullptr;
}

const char* skip_string(const char* at, const char* end) {
  if (at == end || *at != '"') return nullptr;
  ++at;
#if defined(__SSE2__)
  while (end - at >= kBlockBytes) {
    const __m128i block = load(at);
    unsigned found = not_plain(block);
    const std::ptrdiff_t passed = found == 0 ? kBlockBytes : passable(block, found);
    if (passed != 0) {
      at += passed;
      continue;
    }
    const char* next = at + kBlockBytes;
    while (found != 0) {
      const char* special = at + std::countr_zero(found);
      if (*special == '"') return special + 1;
      const char* after = skip_escape(special, end);
      if (after == nullptr) return nullptr;
      if (after >= next) {
        next = after;
        break;
      }
      found &= ~0u << (after - at);
    }
    at = next;
  }
#endif
  while (at != nullptr && at != end) {
    if (*at == '"') return at + 1;
    at = is_plain(*at) ? at + 1 : skip_escape(at, end);
  }
  return nullptr;
}

const char* skip_digits(const char* at, const char* end) {
  if (at == end || !is_digit(*at)) return nullptr;
  while (at != end && is_digit(*at)) ++at;
  return at;
}

const char* skip_number(const char* at, const char* end) {
  if (at != end && *at == '-') ++at;
  at = at != end && *at == '0' ? at + 1 : skip_digits(at, end);
  if (at != nullptr && at != end && *at == '.') at = skip_digits(at + 1, end);
  if (at != nullptr && at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    at = skip_digits(at, end);
  }
  return at;
}

const char* skip_literal(const char* at, const char* end, std::string_view literal) {
  return std::string_view(at, end).starts_with(literal) ? at + literal.size() : nullptr;
}

bool is_space(char c) { return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t'); }

}  // namespace

Scanner::Scanner(std::string_view text, unsigned max_depth)
    : position_(text.data()),
      end_(text.data() + text.size()),
      max_depth_(std::min(max_depth, kMaxDepth)) {}

char Scanner::peek() {
  while (position_ != end_ && is_space(*position_)) ++position_;
  return position_ == end_ ? '\0' : *position_;
}

bool Scanner::take(char wanted) {
  if (peek() != wanted) return false;
  ++position_;
  return true;
}

bool Scanner::open(char bracket) {
  if (!take(bracket)) return false;
  if (depth_ == max_depth_) {
    failure_ = Status::kDepth;
    return false;
  }
  is_object_[depth_++] = bracket == '{';
  return true;
}

bool Scanner::close(char bracket) {
  if (!take(bracket)) return false;
  --depth_;
  return true;
}

bool Scanner::value() {
  const unsigned outer_depth = depth_;
  Step step = begin_value();
  while (step == Step::kValue || (step == Step::kValueEnded && depth_ != outer_depth)) {
    step = step == Step::kValue ? begin_value() : follow_value();
  }
  return step == Step::kValueEnded;
}

// A scalar is passed whole; of an array or object only the bracket, and a first member's name.
Scanner::Step Scanner::begin_value() {
  switch (peek()) {
    case '{':
      if (!open('{')) return Step::kFailed;
      return close('}') ? Step::kValueEnded : next_in_object();
    case '[':
      if (!open('[')) return Step::kFailed;
      return close(']') ? Step::kValueEnded : Step::kValue;
    case '"':
      return move_to(skip_string(position_, end_));
    case 't':
      return move_to(skip_literal(position_, end_, "true"));
    case 'f':
      return move_to(skip_literal(position_, end_, "false"));
    case 'n':
      return move_to(skip_literal(position_, end_, "null"));
    default:
      return move_to(skip_number(position_, end_));
  }
}

// Inside an array or object: takes the comma and goes on to its next value, or closes it.
Scanner::Step Scanner::follow_value() {
  const bool in_object = is_object_[depth_ - 1];
  if (take(',')) return in_object ? next_in_object() : Step::kValue;
  return close(in_object ? '}' : ']') ? Step::kValueEnded : Step::kFailed;
}

Scanner::Step Scanner::next_in_object() {
  std::string_view name;
  return member_name(name) ? Step::kValue : Step::kFailed;
}

Scanner::Step Scanner::move_to(const char* value_end) {
  if (value_end == nullptr) return Step::kFailed;
  position_ = value_end;
  return Step::kValueEnded;
}

bool Scanner::member_name(std::string_view& name) {
  peek();
  const char* begin = position_;
  if (move_to(skip_string(begin, end_)) == Step::kFailed) return false;
  name = std::string_view(begin + 1, position_ - 1);
  return take(':');
}

}  // namespace heliograph::json
