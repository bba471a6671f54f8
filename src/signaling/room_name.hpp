#pragma once

#include <string_view>

namespace heliograph::signaling {

/// Whether a room's name, in UTF-8, holds characters that nobody sees and that change what is shown
/// or logged around them: controls (U+0000–001F, U+007F–009F), and embeddings, overrides and
/// isolates of the direction of text (U+202A–202E, U+2066–2069; Unicode Standard Annex 9 §2).
bool has_hidden_characters(std::string_view name);

}  // namespace heliograph::signaling
