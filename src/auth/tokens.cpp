#include "auth/tokens.hpp"

#include <limits>
#include <utility>

#include "base/base64.hpp"
#include "base/json.hpp"

namespace heliograph::auth {

namespace {

// base64url, and as its length is a multiple of three also base64, of {"alg":"HS256","typ":"JWT"}.
constexpr std::string_view kHeader = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
constexpr std::string_view kAppKind = "app";
constexpr std::string_view kDemoKind = "demo";
constexpr std::string_view kSessionKind = "session";
constexpr unsigned kMaxDepth = 8;
constexpr std::size_t kHexDigestSize = 64;

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;    // all the rest: another dot in it is refused as no base64 or hex
  std::string_view signed_text;  // header, dot, payload
};

std::optional<Parts> split(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

// A decoded header or payload that is a JSON object. The outline's views point into `text`.
class Object {
 public:
  explicit Object(std::optional<std::string> text)
      : text_(std::move(text)),
        valid_(text_ && outline_.parse(*text_, kMaxDepth) == json::Status::kOk &&
               outline_.root() == json::Kind::kObject) {}
  ~Object() = default;
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  bool valid() const { return valid_; }
  std::size_t size() const { return outline_.members(root()).size(); }
  bool has(std::string_view name) const { return outline_.find(root(), name) != nullptr; }

  std::optional<std::string> string(std::string_view name) const {
    const json::Value* value = outline_.find(root(), name);
    return value != nullptr ? json::decode_string(*value) : std::nullopt;
  }

  // A whole number that the type can hold.
  template <typename Number>
  std::optional<Number> number(std::string_view name) const {
    const json::Value* value = outline_.find(root(), name);
    if (value == nullptr) return std::nullopt;
    const std::optional<std::uint64_t> found = json::decode_unsigned(*value);
    if (!found || !std::in_range<Number>(*found)) return std::nullopt;
    return static_cast<Number>(*found);
  }
  std::optional<std::int64_t> seconds(std::string_view name) const {
    return number<std::int64_t>(name);
  }

 private:
  const json::Element& root() const { return outline_.elements().front(); }

  std::optional<std::string> text_;
  json::Outline outline_;
  bool valid_;
};

// RFC 7515 §4.1: the algorithm is ours to say and not the token's; an extension marked as critical
// (§4.1.11) is one we do not know.
bool is_good_header(std::string_view encoded) {
  if (encoded == kHeader) return true;
  const Object header(base::base64url_decode(encoded));
  return header.valid() && header.string("alg") == "HS256" &&
         (!header.has("typ") || header.string("typ") == "JWT") && !header.has("crit");
}

// The payload's text, of a JWT that we signed.
std::optional<std::string> verified_payload(const SecretHmac& hmac, const Parts& parts) {
  // The signature first: what stands in a token that is not ours is not even looked at.
  const std::optional<std::string> signature = base::base64url_decode(parts.signature);
  const bool is_ours = signature && hmac.verify([&](const HmacSha256& key) {
    return constant_time_equal(*signature, as_text(key(parts.signed_text)));
  });
  if (!is_ours) return std::nullopt;
  if (!is_good_header(parts.header)) return std::nullopt;
  return base::base64url_decode(parts.payload);
}

// As verified_payload, for an app token of the seed's server: base64 with its padding, and the hex
// of the code over header and payload with no dot between.
std::optional<std::string> verified_seed_payload(const SecretHmac& hmac, const Parts& parts) {
  if (parts.header != kHeader || parts.payload.size() % 4 != 0) return std::nullopt;
  const bool is_ours = hmac.verify([&](const HmacSha256& key) {
    return constant_time_equal(parts.signature, hex(as_text(key(parts.header, parts.payload))));
  });
  if (!is_ours) return std::nullopt;
  return base::base64_decode(parts.payload);
}

std::optional<AppClaims> seed_app_claims(const SecretHmac& hmac, const Parts& parts) {
  const Object payload(verified_seed_payload(hmac, parts));
  // Nothing beside `app`: the seed's session tokens were signed with the same secret.
  if (!payload.valid() || payload.size() != 1) return std::nullopt;
  std::optional<std::string> app = payload.string("app");
  if (!app) return std::nullopt;
  return AppClaims{.app = std::move(*app)};
}

std::string sign(const HmacSha256& hmac, std::string_view payload) {
  std::string token(kHeader);
  token += '.';
  token += base::base64url_encode(payload);
  const Sha256Digest signature = hmac(token);
  token += '.';
  token += base::base64url_encode(as_text(signature));
  return token;
}

std::string app_payload(std::string_view app, std::int64_t expires_at, std::string_view kind) {
  std::string payload = R"({"app":)";
  json::append_string(payload, app);
  if (expires_at != kNever) payload.append(R"(,"exp":)").append(std::to_string(expires_at));
  return payload.append(R"(,"kind":")").append(kind).append("\"}");
}

}  // namespace

Tokens::Tokens(const Secrets& secrets) : hmac_(secrets) {}

std::string Tokens::issue_app(std::string_view app, std::int64_t expires_at) const {
  return sign(hmac_.signing(), app_payload(app, expires_at, kAppKind));
}

std::string Tokens::issue_demo(std::string_view app, std::int64_t expires_at) const {
  return sign(hmac_.signing(), app_payload(app, expires_at, kDemoKind));
}

std::string Tokens::issue_session(std::string_view app, std::string_view socket,
                                  std::int64_t expires_at, std::uint32_t returns) const {
  std::string payload = R"({"app":)";
  json::append_string(payload, app);
  payload += R"(,"socket":)";
  json::append_string(payload, socket);
  payload += R"(,"exp":)";
  payload += std::to_string(expires_at);
  if (returns > 0) payload.append(R"(,"returns":)").append(std::to_string(returns));
  payload += R"(,"kind":"session"})";
  return sign(hmac_.signing(), payload);
}

std::optional<AppClaims> Tokens::read_app(std::string_view token) const {
  const std::optional<Parts> parts = split(token);
  if (!parts) return std::nullopt;
  if (parts->signature.size() == kHexDigestSize) return seed_app_claims(hmac_, *parts);

  const Object payload(verified_payload(hmac_, *parts));
  if (!payload.valid() || payload.has("nbf")) return std::nullopt;
  const std::optional<std::string> kind = payload.string("kind");
  std::optional<std::string> app = payload.string("app");
  if ((kind != kAppKind && kind != kDemoKind) || !app) return std::nullopt;
  // One that names a time that we cannot read would be good for longer than it says.
  const std::optional<std::int64_t> expires_at =
      payload.has("exp") ? payload.seconds("exp") : std::optional(kNever);
  if (!expires_at) return std::nullopt;
  return AppClaims{std::move(*app), *expires_at, kind == kDemoKind};
}

std::optional<SessionClaims> Tokens::verify_session(std::string_view token,
                                                    std::int64_t now) const {
  auto claims = read_session(token);
  return claims && claims->expires_at > now ? std::move(claims) : std::nullopt;
}

std::optional<SessionClaims> Tokens::read_session(std::string_view token) const {
  const std::optional<Parts> parts = split(token);
  if (!parts) return std::nullopt;
  const Object payload(verified_payload(hmac_, *parts));
  if (!payload.valid() || payload.string("kind") != kSessionKind || payload.has("nbf")) {
    return std::nullopt;
  }
  std::optional<std::string> app = payload.string("app");
  std::optional<std::string> socket = payload.string("socket");
  const std::optional<std::int64_t> expires_at = payload.seconds("exp");
  const std::optional<std::uint32_t> returns =
      payload.has("returns") ? payload.number<std::uint32_t>("returns") : 0;
  if (!app || !socket || !expires_at || !returns) return std::nullopt;
  return SessionClaims{std::move(*app), std::move(*socket), *expires_at, *returns};
}

}  // namespace heliograph::auth
