// Whatever bytes come, no unsigned ones pass for a token; and among signed ones, whose header and
// payload the fuzzer chooses, none is both an app token and a session token, and none outlives
// itself.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "auth/crypto.hpp"
#include "auth/tokens.hpp"
#include "base/base64.hpp"

namespace {

using heliograph::auth::HmacSha256;
using heliograph::auth::Tokens;

constexpr std::string_view kSecret = "an-example-secret-of-40-bytes-for-tests!";

void require(bool holds) {
  if (!holds) std::abort();
}

// The bytes as the header and payload of a token that is signed well.
std::string signed_token(std::string_view bytes) {
  const std::size_t cut = bytes.find('\n');
  const std::string_view payload = cut == std::string_view::npos ? bytes : bytes.substr(cut + 1);
  const std::string text =
      heliograph::base::base64url_encode(cut == std::string_view::npos ? R"({"alg":"HS256"})"
                                                                       : bytes.substr(0, cut)) +
      '.' + heliograph::base::base64url_encode(payload);
  const auto code = HmacSha256(kSecret)(text);
  return text + '.' + heliograph::base::base64url_encode(heliograph::auth::as_text(code));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Tokens tokens(kSecret);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);

  require(!tokens.read_app(bytes));
  require(!tokens.verify_session(bytes, 0));

  const std::string token = signed_token(bytes);
  const auto app = tokens.read_app(token);
  const auto session = tokens.verify_session(token, 0);
  require(!(app && session));
  if (app) {
    const auto again = tokens.read_app(tokens.issue_app(app->app, app->expires_at));
    require(again && again->app == app->app && again->expires_at == app->expires_at);
  }
  if (session) {
    require(session->expires_at > 0);
    require(!tokens.verify_session(token, session->expires_at));
  }
  return 0;
}
