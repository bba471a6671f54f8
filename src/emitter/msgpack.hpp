#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace heliograph::emitter {

/// A value as Socket.IO sends it: JSON, with its binary values as attachments, each replaced by a
/// placeholder (Socket.IO protocol 5, "Packet encoding").
struct JsonWithAttachments {
  std::string text;
  std::vector<std::string> attachments;
};

enum class MsgpackError : std::uint8_t { kMalformed, kTooDeep };

/// The MessagePack value that `bytes` are, exactly and to their end. Numbers and dates come out as
/// JSON.stringify has them. Malformed are also: keys of a map that are no strings, strings that are
/// no UTF-8, extensions other than dates. `max_depth`: how deep arrays and maps nest, the outermost
/// counting as 1.
std::variant<JsonWithAttachments, MsgpackError> json_from_msgpack(std::string_view bytes,
                                                                  unsigned max_depth);

}  // namespace heliograph::emitter
