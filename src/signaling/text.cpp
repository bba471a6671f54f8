#include "signaling/text.hpp"

#include <utility>

namespace heliograph::signaling {

std::optional<Text> Text::from(const json::Value& value) {
  if (value.kind != json::Kind::kString) return std::nullopt;
  Text text;
  text.plain_ = value.text.substr(1, value.text.size() - 2);
  if (!value.has_escapes()) return text;
  auto decoded = json::decode_string(value);
  if (!decoded) return std::nullopt;
  text.decoded_ = std::make_unique<const std::string>(*std::move(decoded));
  return text;
}

}  // namespace heliograph::signaling
