#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace heliograph::json {

// Decodes what stands between the quotes of a checked string; nullopt for a lone surrogate. For the
// files of json.hpp only.
std::optional<std::string> decode_escapes(std::string_view text);

}  // namespace heliograph::json
