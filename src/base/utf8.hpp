#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace heliograph::base {

// Whether `bytes` is well-formed UTF-8 (RFC 3629): no overlong form, surrogate or code point above
// U+10FFFF, and no sequence cut short. Empty text is valid.
bool is_valid_utf8(std::string_view bytes);

// The same of a text that comes in pieces, which may cut a character.
class Utf8Check {
 public:
  // False from the first piece on that no further bytes can make valid.
  bool add(std::string_view piece);
  // Whether the text may end here: no character is cut.
  bool is_whole() const { return missing_ == 0; }

 private:
  bool add_byte(char c);

  std::uint8_t missing_ = 0;  // bytes of the character that is cut; the next one must be between:
  std::uint8_t least_ = 0;
  std::uint8_t most_ = 0;
};

// The longest beginning of `text`, which is UTF-8, that has at most `bytes` and ends between two
// characters.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

}  // namespace heliograph::base
