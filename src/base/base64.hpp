#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace heliograph::base {

// RFC 4648 §4, the standard alphabet, padded.
std::string base64_encode(std::string_view bytes);
void append_base64(std::string& out, std::string_view bytes);

// RFC 4648 §5, the URL-safe alphabet, never padded (as RFC 7515 §2 wants it).
std::string base64url_encode(std::string_view bytes);

// Strict: nullopt for white space, characters of the other alphabet, impossible lengths and unused
// bits that are not zero (RFC 4648 §3.5). Padding may be whole or absent.
std::optional<std::string> base64_decode(std::string_view text);

// As strict; any padding is refused.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace heliograph::base
