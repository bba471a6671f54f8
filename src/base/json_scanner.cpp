#include "base/json_scanner.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace heliograph::json {
namespace {

// The functions below take the place where their piece of text should begin and the end of the
// whole text, and return where the piece ends, nullptr if it is not as it should be.

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

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

}  // namespace

Scanner::Scanner(std::string_view text, const Stops& stops, unsigned max_depth)
    : stops_(stops),
      begin_(text.data()),
      position_(begin_),
      end_(begin_ + text.size()),
      max_depth_(std::min(max_depth, kMaxDepth)) {}

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
      return move_to(string_end());
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

const char* Scanner::string_end() const {
  const char* at = position_;
  if (at == end_ || *at != '"') return nullptr;
  ++at;
  while (at != nullptr) {
    const std::size_t stop = stops_.next(static_cast<std::size_t>(at - begin_));
    if (stop >= static_cast<std::size_t>(end_ - begin_)) return nullptr;
    at = begin_ + stop;
    if (*at == '"') return at + 1;
    at = skip_escape(at - 1, end_);  // which a control never ends
  }
  return nullptr;
}

bool Scanner::member_name(std::string_view& name) {
  peek();
  const char* begin = position_;
  if (move_to(string_end()) == Step::kFailed) return false;
  name = std::string_view(begin + 1, position_ - 1);
  return take(':');
}

}  // namespace heliograph::json
