#pragma once

#include <bitset>
#include <string_view>

#include "base/json.hpp"

namespace heliograph::json {

// Walks over JSON text (RFC 8259, known to be UTF-8) and checks it, from the front to the back in
// one pass, without recursion. For json.cpp only. A `bool` is false where the text is not what was
// asked for; of all but take() and close() that is the end, and failure() says what is wrong.
class Scanner {
 public:
  Scanner(std::string_view text, unsigned max_depth);

  // A whole value of any kind, white space before it allowed.
  bool value();

  // A member's name and the colon after it; `name` is what stands between the quotes.
  bool member_name(std::string_view& name);

  // Opens an array or an object, to be closed by close() of the same bracket.
  bool open(char bracket);
  bool close(char bracket);

  // Takes `wanted` if it comes next after white space, else takes nothing but white space.
  bool take(char wanted);

  // Skips white space and shows what comes next; '\0', which no value begins with, at the end.
  char peek();

  bool at_end() { return peek() == '\0' && position_ == end_; }
  const char* position() const { return position_; }
  Status failure() const { return failure_; }

 private:
  enum class Step { kValue, kValueEnded, kFailed };

  Step begin_value();
  Step follow_value();
  Step move_to(const char* value_end);  // nullptr: failed
  Step next_in_object();

  const char* position_;
  const char* end_;
  unsigned depth_ = 0;
  unsigned max_depth_;
  Status failure_ = Status::kSyntax;
  std::bitset<kMaxDepth> is_object_;  // of the open containers, the outermost first
};

}  // namespace heliograph::json
