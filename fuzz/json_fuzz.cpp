// Any text and depth: the scanner agrees with simdjson, its two ways with each other, and every
// part of an outline is JSON by itself.
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/json.hpp"

namespace {

using namespace heliograph::json;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check_value(const Value& value, unsigned max_depth) {
  require(validate(value.text, max_depth) == Status::kOk);
  decode_unsigned(value);
  if (const auto decoded = decode_string(value)) {
    std::string again;
    append_string(again, *decoded);
    require(validate(again, 0) == Status::kOk && decode_string({again, Kind::kString}) == decoded);
  }
}

void check_element(const Outline& outline, const Element& element, unsigned max_depth) {
  check_value(element.value, max_depth);
  for (const Member& member : outline.members(element)) {
    check_value(member.value, max_depth);
    const std::string name = "\"" + std::string(member.name) + "\"";
    const auto decoded = decode_string({name, Kind::kString});
    require(!decoded || outline.find(element, *decoded) != nullptr);
  }
}

// simdjson also refuses what is valid but not to be represented: huge numbers, lone surrogates.
void check_against_simdjson(std::string_view text, Status status) {
  simdjson::dom::parser parser;
  const auto error = parser.parse(text.data(), text.size()).error();
  require(error != simdjson::SUCCESS || status != Status::kSyntax);
  require(status != Status::kOk || error == simdjson::SUCCESS || error == simdjson::NUMBER_ERROR ||
          error == simdjson::STRING_ERROR);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned max_depth = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Outline outline;
  const Status status = outline.parse(text, max_depth);
  require(status == validate(text, max_depth));
  for (const Element& element : outline.elements()) check_element(outline, element, max_depth);
  check_against_simdjson(text, status);
  return 0;
}
