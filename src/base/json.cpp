#include "base/json.hpp"

#include <cstddef>
#include <ranges>

#include "base/json_scanner.hpp"
#include "base/json_string.hpp"
#include "base/utf8.hpp"

namespace heliograph::json {
namespace {

// An outline does not keep more room than this from one hostile text to the next.
constexpr std::size_t kKeptCapacity = 1024;

template <typename T>
void clear_and_shrink(std::vector<T>& notes) {
  notes.clear();
  if (notes.capacity() > kKeptCapacity) notes.shrink_to_fit();
}

Kind kind_of(char first) {
  switch (first) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
      return Kind::kTrue;
    case 'f':
      return Kind::kFalse;
    case 'n':
      return Kind::kNull;
    default:
      return Kind::kNumber;
  }
}

// Scans the two levels of a text that an outline notes.
class Noter {
 public:
  Noter(Scanner& scanner, bool may_have_escapes, std::vector<Element>& elements,
        std::vector<Member>& members)
      : scanner_(scanner),
        may_have_escapes_(may_have_escapes),
        elements_(elements),
        members_(members) {}

  bool root() {
    const bool scanned = scanner_.peek() == '[' ? array() : element();
    return scanned && scanner_.at_end();
  }

 private:
  bool array() {
    if (!scanner_.open('[')) return false;
    if (scanner_.close(']')) return true;
    do {
      if (!element()) return false;
    } while (scanner_.take(','));
    return scanner_.close(']');
  }

  bool element() {
    const auto first_member = static_cast<std::uint32_t>(members_.size());
    const bool is_object = scanner_.peek() == '{';
    const char* begin = scanner_.position();
    if (!(is_object ? object() : scanner_.value())) return false;
    elements_.push_back(
        {.value = value_since(begin),
         .first_member = first_member,
         .member_count = static_cast<std::uint32_t>(members_.size()) - first_member});
    return true;
  }

  bool object() {
    if (!scanner_.open('{')) return false;
    if (scanner_.close('}')) return true;
    do {
      if (!member()) return false;
    } while (scanner_.take(','));
    return scanner_.close('}');
  }

  bool member() {
    std::string_view name;
    if (!scanner_.member_name(name)) return false;
    scanner_.peek();
    const char* begin = scanner_.position();
    if (!scanner_.value()) return false;
    const bool is_name_escaped = may_have_escapes_ && name.find('\\') != std::string_view::npos;
    members_.push_back({name, value_since(begin), is_name_escaped});
    return true;
  }

  Value value_since(const char* begin) const {
    return {std::string_view(begin, scanner_.position()), kind_of(*begin), may_have_escapes_};
  }

  Scanner& scanner_;
  bool may_have_escapes_;
  std::vector<Element>& elements_;
  std::vector<Member>& members_;
};

}  // namespace

bool is_escaped_name(const Member& member, std::string_view name) {
  return decode_escapes(member.name) == name;
}

Status Outline::parse(std::string_view text, unsigned max_depth) {
  clear_and_shrink(elements_);
  clear_and_shrink(members_);
  root_ = Kind::kNull;
  const Traits traits = stops_.note(text);
  if (!traits.is_ascii && !base::is_valid_utf8(text)) return Status::kSyntax;
  Scanner scanner(text, stops_, max_depth);
  const Kind root = kind_of(scanner.peek());
  if (!Noter(scanner, traits.has_backslashes, elements_, members_).root()) {
    elements_.clear();
    return scanner.failure();
  }
  root_ = root;
  return Status::kOk;
}

std::span<const Member> Outline::members(const Element& element) const {
  return std::span(members_).subspan(element.first_member, element.member_count);
}

const Value* Outline::find(const Element& element, std::string_view name) const {
  for (const Member& member : members(element) | std::views::reverse) {
    if (is_named(member, name)) return &member.value;
  }
  return nullptr;
}

Status validate(std::string_view text, unsigned max_depth) {
  Stops stops;
  if (!stops.note(text).is_ascii && !base::is_valid_utf8(text)) return Status::kSyntax;
  Scanner scanner(text, stops, max_depth);
  return scanner.value() && scanner.at_end() ? Status::kOk : scanner.failure();
}

}  // namespace heliograph::json
