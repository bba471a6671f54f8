#include "websocket/handshake.hpp"

#include <algorithm>
#include <array>

#include <openssl/sha.h>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace heliograph::websocket {
namespace {

bool is_token_character(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

}  // namespace

std::string accept_key(std::string_view sec_websocket_key) {
  constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::string text(sec_websocket_key);
  text.append(kGuid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base::base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool is_valid_key(std::string_view sec_websocket_key) {
  constexpr std::size_t kTextBytes = 24;
  constexpr std::size_t kKeyBytes = 16;
  if (sec_websocket_key.size() != kTextBytes) return false;
  const auto key = base::base64_decode(sec_websocket_key);
  return key && key->size() == kKeyBytes;
}

std::optional<std::string_view> first_subprotocol(std::string_view sec_websocket_protocol) {
  while (!sec_websocket_protocol.empty()) {
    const std::string_view element = base::trim(base::cut_first(sec_websocket_protocol, ','));
    if (is_token(element)) return element;
  }
  return std::nullopt;
}

}  // namespace heliograph::websocket
