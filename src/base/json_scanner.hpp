#pragma once

#include <bitset>
#include <string_view>

#include "base/json_stops.hpp"
#include "base/json_value.hpp"

namespace heliograph::json {

// Walks over JSON text (RFC 8259, known to be UTF-8) and checks it, from the front to the back in
// one pass, without recursion. For json.cpp only. A `bool` is false if the text is not what was
// asked for. From all but take() and close() this is the end, and failure() says what is wrong.
class Scanner {
 public:
  // `stops` are those of `text`; both must outlive the scanner.
  Scanner(std::string_view text, const Stops& stops, unsigned max_depth);

  // A whole value of any kind, white space before it allowed.
  bool value();

  // A member's name and the colon after it; `name` is the text between the quotes.
  bool member_name(std::string_view& name);

  // Opens an array or an object, to be closed by close() of the same bracket.
  bool open(char bracket) {
    if (!take(bracket)) return false;
    if (depth_ == max_depth_) {
      failure_ = Status::kDepth;
      return false;
    }
    is_object_[depth_++] = bracket == '{';
    return true;
  }
  bool close(char bracket) {
    if (!take(bracket)) return false;
    --depth_;
    return true;
  }

  // Takes `wanted` if it comes next after white space, else takes nothing but white space.
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++position_;
    return true;
  }

  // Skips white space and shows what comes next; '\0', which no value begins with, at the end.
  char peek() {
    while (position_ != end_ && is_space(*position_)) ++position_;
    return position_ == end_ ? '\0' : *position_;
  }

  bool at_end() { return peek() == '\0' && position_ == end_; }
  const char* position() const { return position_; }
  Status failure() const { return failure_; }

 private:
  enum class Step { kValue, kValueEnded, kFailed };

  static bool is_space(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
  }

  Step begin_value();
  Step follow_value();
  Step move_to(const char* value_end);  // nullptr: failed
  Step next_in_object();
  const char* string_end() const;  // of the one that begins here; nullptr: none does, or not well

  const Stops& stops_;
  const char* begin_;
  const char* position_;
  const char* end_;
  unsigned depth_ = 0;
  unsigned max_depth_;
  Status failure_ = Status::kSyntax;
  std::bitset<kMaxDepth> is_object_;  // of the open containers, the outermost first
};

}  // namespace heliograph::json
