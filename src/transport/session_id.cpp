#include "transport/session_id.hpp"

#include <algorithm>

#include "auth/crypto.hpp"
#include "base/base64.hpp"

namespace heliograph::transport {
namespace {

std::string_view secret_bytes(const SessionId& id) {
  return {reinterpret_cast<const char*>(id.secret.data()), id.secret.size()};
}

}  // namespace

std::string to_text(const SessionId& id) {
  std::string bytes;
  for (const int shift : {8, 0}) bytes += static_cast<char>(id.worker >> shift);
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(id.slot >> shift);
  bytes += secret_bytes(id);
  return base::base64url_encode(bytes);
}

std::optional<SessionId> parse_session_id(std::string_view text) {
  if (text.size() != 28) return std::nullopt;
  const auto bytes = base::base64url_decode(text);
  if (!bytes || bytes->size() != 21) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>((*bytes)[i]); };
  SessionId id;
  id.worker = static_cast<std::uint16_t>(byte(0) << 8 | byte(1));
  for (std::size_t i = 2; i < 6; ++i) id.slot = id.slot << 8 | byte(i);
  for (std::size_t i = 0; i < id.secret.size(); ++i) id.secret[i] = byte(i + 6);
  return id;
}

bool same_secret(const SessionId& a, const SessionId& b) {
  return auth::constant_time_equal(secret_bytes(a), secret_bytes(b));
}

}  // namespace heliograph::transport
