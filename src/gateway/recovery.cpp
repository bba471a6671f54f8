#include "gateway/recovery.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64.hpp"

namespace heliograph::gateway {
namespace {

constexpr std::size_t kPeerIdCharacters = 20;
constexpr std::size_t kCodeBytes = 16;
constexpr std::size_t kTagCharacters = 6;

// All peer ids have one length, so this tells where the app's name begins.
std::string code(std::string_view peer, std::string_view app, const auth::HmacSha256& hmac) {
  const auth::Sha256Digest digest = hmac("connection recovery ", std::string(peer).append(app));
  return base::base64url_encode(auth::as_text(digest).substr(0, kCodeBytes));
}

// Of the nonce, which is random.
std::array<char, kTagCharacters> tag(const signaling::PeerId& peer) {
  std::array<char, kTagCharacters> characters;
  std::uint64_t bits = peer.nonce;
  for (char& character : characters) {
    character = static_cast<char>('a' + (bits & 0xF));
    bits >>= 4;
  }
  return characters;
}

}  // namespace

std::string private_id(const signaling::PeerId& peer, std::string_view app,
                       const auth::HmacSha256& hmac) {
  const signaling::PeerIdText text(peer);
  return std::string(text) + code(text, app, hmac);
}

std::optional<signaling::PeerId> verify_private_id(std::string_view pid, std::string_view app,
                                                   const auth::SecretHmac& hmac) {
  const std::string_view peer = pid.substr(0, kPeerIdCharacters);
  const auto id = signaling::parse_peer_id(peer);
  if (!id) return std::nullopt;
  const bool is_ours = hmac.verify([&](const auth::HmacSha256& key) {
    return auth::constant_time_equal(pid.substr(peer.size()), code(peer, app, key));
  });
  return is_ours ? id : std::nullopt;
}

Offset::Offset(const signaling::PeerId& peer, std::uint64_t number) {
  char* out = characters_.data();
  *out++ = ',';
  *out++ = '"';
  out = std::ranges::copy(tag(peer), out).out;
  out = std::to_chars(out, characters_.data() + characters_.size(), number).ptr;
  *out++ = '"';
  *out++ = ']';
  size_ = static_cast<std::size_t>(out - characters_.data());
}

std::uint64_t parse_offset(std::string_view offset, const signaling::PeerId& peer) {
  const auto tag = gateway::tag(peer);
  if (!offset.starts_with(std::string_view(tag.data(), tag.size()))) return 0;
  const std::string_view digits = offset.substr(kTagCharacters);
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_whole = read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
  return is_whole ? number : 0;
}

}  // namespace heliograph::gateway
