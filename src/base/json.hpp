#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_stops.hpp"
#include "base/json_string.hpp"
#include "base/json_value.hpp"

// Strict RFC 8259 without a tree: text is checked once and its outline recorded; values are passed
// on as the bytes that arrived (docs/decisions/json-scanner.md).
namespace heliograph::json {

// `name` is the text between the quotes, with escapes not decoded.
struct Member {
  std::string_view name;
  Value value;
  bool is_name_escaped = false;
};

// Whether its name, which has escapes, is this one.
bool is_escaped_name(const Member& member, std::string_view name);

// Whether its name is this one, escapes decoded.
inline bool is_named(const Member& member, std::string_view name) {
  return member.is_name_escaped ? is_escaped_name(member, name) : member.name == name;
}

// `first_member` and `member_count` are for Outline::members; 0 members unless an object.
struct Element {
  Value value;
  std::uint32_t first_member;
  std::uint32_t member_count;
};

// The outline of one JSON text: the elements of a root array, or else the root itself as the only
// element; and the members of each element that is an object. All views point into the text, which
// must outlive their use. Reused from text to text: it allocates nothing once warm.
class Outline {
 public:
  // Checks that `text` is exactly one value, white space around it allowed, in which arrays and
  // objects nest at most `max_depth` deep (that of the root counts as 1), and notes its outline.
  // After a failure there are no elements.
  Status parse(std::string_view text, unsigned max_depth);

  // Kind of the root of the text last parsed; kNull if there was none or it failed.
  Kind root() const { return root_; }
  std::span<const Element> elements() const { return elements_; }
  std::span<const Member> members(const Element& element) const;

  // The element's member of this name, as JSON.parse would have it: of duplicates the last, names
  // compared with their escapes decoded. nullptr if there is none. Valid until the next parse.
  const Value* find(const Element& element, std::string_view name) const;

 private:
  std::vector<Element> elements_;
  std::vector<Member> members_;
  Stops stops_;
  Kind root_ = Kind::kNull;
};

// The check of Outline::parse alone.
Status validate(std::string_view text, unsigned max_depth);

}  // namespace heliograph::json
