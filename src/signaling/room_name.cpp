#include "signaling/room_name.hpp"

namespace heliograph::signaling {
namespace {

// Whether `text` begins with a code point whose bytes are `lead` and one from `first` to `last`.
bool begins_with(std::string_view text, std::string_view lead, char first, char last) {
  if (!text.starts_with(lead) || text.size() == lead.size()) return false;
  const auto byte = static_cast<unsigned char>(text[lead.size()]);
  return byte >= static_cast<unsigned char>(first) && byte <= static_cast<unsigned char>(last);
}

bool begins_hidden(std::string_view text) {
  return begins_with(text, "", '\0', '\x1f') || begins_with(text, "", '\x7f', '\x7f') ||
         begins_with(text, "\xc2", '\x80', '\x9f') ||      // U+0080–009F
         begins_with(text, "\xe2\x80", '\xaa', '\xae') ||  // U+202A–202E
         begins_with(text, "\xe2\x81", '\xa6', '\xa9');    // U+2066–2069
}

}  // namespace

bool has_hidden_characters(std::string_view name) {
  for (; !name.empty(); name.remove_prefix(1)) {
    if (begins_hidden(name)) return true;
  }
  return false;
}

}  // namespace heliograph::signaling
