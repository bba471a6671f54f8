#include "auth/tokens.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.hpp"

namespace heliograph::auth {
namespace {

constexpr std::string_view kSecret = "an-example-secret-of-40-bytes-for-tests!";
constexpr std::int64_t kExpiry = 2'000'000'000;
constexpr std::int64_t kBefore = kExpiry - 1;

// The tokens below were made with Node's crypto.createHmac and Buffer, not with this code.
constexpr std::string_view kAppToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhcHAiOiJkZW1vIiwia2luZCI6ImFwcCJ9."
    "xR0zreRHm7SgvgUOIEzfdEVPKe6CUEQGAcXCL2lOruQ";
constexpr std::string_view kSessionToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJhcHAiOiJkZW1vIiwic29ja2V0Ijoicy0xIiwiZXhwIjoyMDAwMDAwMDAwLCJraW5kIjoic2Vzc2lvbiJ9."
    "M8vkb4ZtkSTZUdIQhG5d-b8B9d_uxAfKTa9kuqyl5IU";
constexpr std::string_view kSeedToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhcHAiOiJkZW1vLWNoYXQtdGVzdCJ9."
    "ff4e3e69c3a763aed2d77a49afb5ec1b3e799e9137a585a3f93360e1ad7cd3a2";
constexpr std::string_view kPaddedSeedToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhcHAiOiJkZW1vIn0=."
    "1efed290114aeef4fa3a7617320d13490adf69b35b2c2ffcc50f91b2e6f3500b";

constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view kAppPayload = R"({"app":"demo","kind":"app"})";

// Signs whatever it is given, as somebody would who has the secret.
std::string jwt(std::string_view header, std::string_view payload) {
  const std::string text = base::base64url_encode(header) + "." + base::base64url_encode(payload);
  return text + "." + base::base64url_encode(as_text(HmacSha256(kSecret)(text)));
}

// As the seed's server would, from parts that are encoded already.
std::string seed_signed(const std::string& head, const std::string& body) {
  std::string hex;
  for (const unsigned char byte : HmacSha256(kSecret)(head, body)) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return head + "." + body + "." + hex;
}

std::string seed_token(std::string_view header, std::string_view payload) {
  return seed_signed(base::base64_encode(header), base::base64_encode(payload));
}

class TokensTest : public testing::Test {
 protected:
  std::string app_of(std::string_view token) const {
    const std::optional<AppClaims> claims = tokens_.read_app(token);
    return claims ? claims->app : "(refused)";
  }
  bool is_app(std::string_view token) const { return tokens_.read_app(token).has_value(); }
  bool is_session(std::string_view token, std::int64_t now = kBefore) const {
    return tokens_.verify_session(token, now).has_value();
  }

  const Tokens tokens_{kSecret};
};

TEST_F(TokensTest, IssuesTheJwtOfAnApp) { EXPECT_EQ(tokens_.issue_app("demo"), kAppToken); }

TEST_F(TokensTest, IssuesTheJwtOfASession) {
  EXPECT_EQ(tokens_.issue_session("demo", "s-1", kExpiry), kSessionToken);
}

TEST_F(TokensTest, AcceptsItsOwnTokens) {
  EXPECT_EQ(app_of(kAppToken), "demo");
  const std::optional<SessionClaims> claims = tokens_.verify_session(kSessionToken, kBefore);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->app, "demo");
  EXPECT_EQ(claims->socket, "s-1");
  EXPECT_EQ(claims->expires_at, kExpiry);
}

TEST_F(TokensTest, CarriesNamesOfAllKindsUnchanged) {
  const std::string name = "quote \" backslash \\ newline \n zero \x01 Grüße 🚀";
  EXPECT_EQ(app_of(tokens_.issue_app(name)), name);
  EXPECT_EQ(app_of(tokens_.issue_app("")), "");
  const std::optional<SessionClaims> claims =
      tokens_.verify_session(tokens_.issue_session(name, name, kExpiry), kBefore);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->app, name);
  EXPECT_EQ(claims->socket, name);
}

TEST_F(TokensTest, AcceptsTheAppTokensOfTheSeedsServer) {
  EXPECT_EQ(app_of(kSeedToken), "demo-chat-test");
  EXPECT_EQ(app_of(kPaddedSeedToken), "demo");
}

TEST_F(TokensTest, NeverTakesOneKindForTheOther) {
  EXPECT_FALSE(is_session(kAppToken));
  EXPECT_FALSE(is_session(kSeedToken));
  EXPECT_FALSE(is_app(kSessionToken));
}

// A seed-form token is an app token and nothing else, whatever it says of itself; and one that says
// more than `app` is no app token either, for the seed's session tokens have the same key.
TEST_F(TokensTest, RefusesSeedFormTokensThatAreMoreThanAnApp) {
  for (const std::string_view payload :
       {R"({"app":"demo","socket":"s-1","exp":2000000000})",
        R"({"app":"demo","socket":"s-1","exp":2000000000,"kind":"session"})",
        R"({"app":"demo","kind":"app"})"}) {
    EXPECT_FALSE(is_app(seed_token(kHeader, payload))) << payload;
    EXPECT_FALSE(is_session(seed_token(kHeader, payload))) << payload;
  }
}

TEST_F(TokensTest, RefusesSeedFormTokensOfTheWrongShape) {
  EXPECT_TRUE(is_app(seed_token(kHeader, R"({"app":"demo"})")));
  EXPECT_FALSE(is_app(seed_token(kHeader, R"({"app":7})")));
  EXPECT_FALSE(is_app(seed_token(kHeader, R"({"name":"demo"})")));
  EXPECT_FALSE(is_app(seed_token(kHeader, R"(["demo"])")));
  EXPECT_FALSE(is_app(seed_token(kHeader, "")));
  EXPECT_FALSE(is_app(seed_token(R"({"alg":"none","typ":"JWT"})", R"({"app":"demo"})")));
}

TEST_F(TokensTest, RefusesSeedFormTokensWithoutTheirPaddingOrInUpperCase) {
  const std::string head = base::base64_encode(kHeader);
  ASSERT_TRUE(is_app(seed_signed(head, "eyJhcHAiOiJkZW1vIn0=")));
  EXPECT_FALSE(is_app(seed_signed(head, "eyJhcHAiOiJkZW1vIn0")));
  std::string upper(kPaddedSeedToken);
  upper[upper.find("1efed") + 1] = 'E';
  EXPECT_FALSE(is_app(upper));
}

// The two forms differ in what is signed; a code of one form is none of the other.
TEST_F(TokensTest, RefusesACodeOfTheOtherForm) {
  EXPECT_FALSE(
      is_app("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhcHAiOiJkZW1vIiwia2luZCI6ImFwcCJ9."
             "c51d33ade4479bb4a0be050e204cdf74454f29ee8250440601c5c22f694eaee4"));
  EXPECT_FALSE(
      is_app("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhcHAiOiJkZW1vIiwia2luZCI6ImFwcCJ9."
             "26udWTyJmMFsvwuTtMByDuBF7iAGT49n_gM_8axumTU"));
}

TEST_F(TokensTest, RefusesTokensOfAnotherSecret) {
  const Tokens other("another-secret-of-32-bytes-or-more");
  EXPECT_FALSE(is_app(other.issue_app("demo")));
  EXPECT_FALSE(is_session(other.issue_session("demo", "s-1", kExpiry)));
}

TEST_F(TokensTest, SignsWithTheFirstSecretAndVerifiesWithBoth) {
  const std::string_view fresh = "another-secret-of-32-bytes-or-more";
  const Tokens rotating(Secrets(fresh, kSecret));
  EXPECT_EQ(rotating.issue_app("demo"), Tokens(fresh).issue_app("demo"));
  EXPECT_EQ(rotating.issue_session("demo", "s-1", kExpiry),
            Tokens(fresh).issue_session("demo", "s-1", kExpiry));
  for (const std::string_view token : {kAppToken, kSeedToken, kPaddedSeedToken}) {
    EXPECT_TRUE(rotating.read_app(token)) << token;
    EXPECT_FALSE(Tokens(fresh).read_app(token)) << token;
  }
  EXPECT_TRUE(rotating.verify_session(kSessionToken, kBefore));
  EXPECT_FALSE(Tokens(fresh).verify_session(kSessionToken, kBefore));
  EXPECT_TRUE(rotating.read_app(rotating.issue_app("demo")));
  const Tokens third("a-third-secret-of-32-bytes-or-more");
  EXPECT_FALSE(rotating.read_app(third.issue_app("demo")));
  EXPECT_FALSE(rotating.verify_session(third.issue_session("demo", "s-1", kExpiry), kBefore));
}

TEST_F(TokensTest, RefusesATokenWithAnyCharacterAltered) {
  for (const std::string_view token : {kAppToken, kSeedToken, kPaddedSeedToken}) {
    for (std::size_t i = 0; i < token.size(); ++i) {
      for (const char replacement : {'A', 'B', '.', '=', '\0', '-'}) {
        std::string altered(token);
        if (altered[i] == replacement) continue;
        altered[i] = replacement;
        EXPECT_FALSE(is_app(altered)) << altered;
      }
    }
  }
}

TEST_F(TokensTest, RefusesATokenCutShortOrGrown) {
  for (const std::string_view token : {kAppToken, kSeedToken, kPaddedSeedToken}) {
    for (std::size_t length = 0; length < token.size(); ++length) {
      EXPECT_FALSE(is_app(token.substr(0, length))) << length;
      EXPECT_FALSE(is_app(token.substr(token.size() - length))) << length;
    }
    for (const std::string_view tail : {".", "=", "A", "\n", " ", ".e30"}) {
      EXPECT_FALSE(is_app(std::string(token) + std::string(tail))) << tail;
      EXPECT_FALSE(is_app(std::string(tail) + std::string(token))) << tail;
    }
  }
}

// 'Q' ends the signature with unused bits of zero; R to T hold the same bytes and other such bits.
TEST_F(TokensTest, RefusesASecondSpellingOfTheSameSignature) {
  for (const char last : {'R', 'S', 'T'}) {
    std::string token(kAppToken);
    ASSERT_EQ(token.back(), 'Q');
    token.back() = last;
    EXPECT_FALSE(is_app(token));
  }
}

TEST_F(TokensTest, RefusesAnUnsignedToken) {
  const std::string text = base::base64url_encode(R"({"alg":"none","typ":"JWT"})") + "." +
                           base::base64url_encode(kAppPayload);
  EXPECT_FALSE(is_app(text + "."));
  EXPECT_FALSE(is_app(text));
  EXPECT_FALSE(is_app(std::string(kAppToken.substr(0, kAppToken.rfind('.') + 1))));
}

TEST_F(TokensTest, AcceptsHs256HeadersInOtherWords) {
  EXPECT_TRUE(is_app(jwt(R"({"alg":"HS256"})", kAppPayload)));
  EXPECT_TRUE(is_app(jwt(R"({"typ":"JWT","alg":"HS256"})", kAppPayload)));
  EXPECT_TRUE(is_app(jwt(R"({"alg":"HS256","kid":"1"})", kAppPayload)));
}

// Well signed each: what is refused is the header.
TEST_F(TokensTest, RefusesHeadersOfAnyOtherAlgorithm) {
  for (const std::string_view header :
       {R"({"alg":"none","typ":"JWT"})", R"({"alg":"HS512","typ":"JWT"})",
        R"({"alg":"hs256","typ":"JWT"})", R"({"alg":"RS256"})", R"({"alg":["HS256"]})",
        R"({"alg":256})", R"({"typ":"JWT"})", R"({"alg":"HS256","typ":"at+jwt"})",
        R"({"alg":"HS256","typ":null})", R"({"alg":"HS256","crit":["b64"],"b64":false})",
        R"({"alg":"HS256","alg":"none"})", R"(["HS256"])", R"("HS256")", R"({)", ""}) {
    EXPECT_FALSE(is_app(jwt(header, kAppPayload))) << header;
  }
}

TEST_F(TokensTest, RefusesAppClaimsOfTheWrongType) {
  EXPECT_TRUE(is_app(jwt(kHeader, R"({"app":"demo","kind":"app"})")));
  EXPECT_TRUE(is_app(jwt(kHeader, R"({"iat":1,"app":"demo","kind":"app"})")));
  for (const std::string_view payload :
       {R"({"app":7,"kind":"app"})", R"({"app":null,"kind":"app"})", R"({"kind":"app"})",
        R"({"app":"demo"})", R"({"app":"demo","kind":"App"})", R"({"app":"demo","kind":["app"]})",
        R"({"app":["demo"],"kind":"app"})", R"({"app":"\ud800","kind":"app"})", R"(["app"])",
        "hello", "{", ""}) {
    EXPECT_FALSE(is_app(jwt(kHeader, payload))) << payload;
  }
}

TEST_F(TokensTest, IssuesAppTokensThatExpire) {
  const std::string token = tokens_.issue_app("demo", kExpiry);
  EXPECT_EQ(token, jwt(kHeader, R"({"app":"demo","exp":2000000000,"kind":"app"})"));
  EXPECT_EQ(app_of(token), "demo");
  EXPECT_EQ(tokens_.read_app(token)->expires_at, kExpiry);
  EXPECT_EQ(tokens_.read_app(kAppToken)->expires_at, kNever);
  EXPECT_EQ(tokens_.read_app(kSeedToken)->expires_at, kNever);
  EXPECT_FALSE(tokens_.read_app(token)->is_demo);
}

TEST_F(TokensTest, TellsDemoTokensFromOthers) {
  const std::string token = tokens_.issue_demo("demo", kExpiry);
  EXPECT_EQ(token, jwt(kHeader, R"({"app":"demo","exp":2000000000,"kind":"demo"})"));
  EXPECT_EQ(app_of(token), "demo");
  EXPECT_EQ(tokens_.read_app(token)->expires_at, kExpiry);
  EXPECT_TRUE(tokens_.read_app(token)->is_demo);
  EXPECT_FALSE(is_session(token));
}

TEST_F(TokensTest, RefusesAnAppTokenWhoseTimeItCannotRead) {
  for (const std::string_view time :
       {R"("exp":"2000000000")", R"("exp":2e9)", R"("exp":-1)", R"("exp":null)",
        R"("exp":9223372036854775808)", R"("nbf":1)", R"("exp":2000000000,"nbf":1)"}) {
    const std::string payload = R"({"app":"demo","kind":"app",)" + std::string(time) + '}';
    EXPECT_FALSE(is_app(jwt(kHeader, payload))) << payload;
  }
}

TEST_F(TokensTest, RefusesSessionClaimsOfTheWrongType) {
  EXPECT_TRUE(
      is_session(jwt(kHeader, R"({"app":"a","socket":"s","exp":2000000000,"kind":"session"})")));
  for (const std::string_view payload :
       {R"({"app":"a","socket":"s","exp":"2000000000","kind":"session"})",
        R"({"app":"a","socket":"s","exp":2e9,"kind":"session"})",
        R"({"app":"a","socket":"s","exp":9223372036854775808,"kind":"session"})",
        R"({"app":"a","socket":"s","exp":-1,"kind":"session"})",
        R"({"app":"a","socket":"s","exp":null,"kind":"session"})",
        R"({"app":"a","socket":"s","kind":"session"})",
        R"({"app":"a","socket":1,"exp":2000000000,"kind":"session"})",
        R"({"app":"a","exp":2000000000,"kind":"session"})",
        R"({"app":1,"socket":"s","exp":2000000000,"kind":"session"})",
        R"({"socket":"s","exp":2000000000,"kind":"session"})",
        R"({"app":"a","socket":"s","exp":2000000000,"kind":"app"})",
        R"({"app":"a","socket":"s","exp":2000000000})",
        R"({"app":"a","socket":"s","exp":2000000000,"nbf":1,"kind":"session"})"}) {
    EXPECT_FALSE(is_session(jwt(kHeader, payload))) << payload;
  }
}

TEST_F(TokensTest, EndsASessionAtTheSecondOfItsExpiry) {
  EXPECT_TRUE(is_session(kSessionToken, kExpiry - 1));
  EXPECT_FALSE(is_session(kSessionToken, kExpiry));
  EXPECT_FALSE(is_session(kSessionToken, kExpiry + 1));
  EXPECT_FALSE(is_session(kSessionToken, std::numeric_limits<std::int64_t>::max()));
}

TEST_F(TokensTest, RefusesWhatIsNoToken) {
  for (const std::string_view text : {"", ".", "..", "...", "a.b.c", "null", "{}", "e30.e30.e30"}) {
    EXPECT_FALSE(is_app(text)) << text;
    EXPECT_FALSE(is_session(text)) << text;
  }
  EXPECT_FALSE(is_app(std::string(1 << 20, '.')));
  EXPECT_FALSE(is_app(std::string(1 << 20, 'A')));
}

TEST(Tokens, SessionTokensSayHowOftenThePeerHadReturned) {
  const Tokens tokens(kSecret);
  const auto returns_of = [&](const std::string& token) {
    const auto claims = tokens.read_session(token);
    return claims ? std::optional(claims->returns) : std::nullopt;
  };
  EXPECT_EQ(returns_of(tokens.issue_session("a", "s", 10)), 0U);
  EXPECT_EQ(returns_of(tokens.issue_session("a", "s", 10, 3)), 3U);
  const std::string payload = R"({"app":"a","socket":"s","exp":10,"returns":X,"kind":"session"})";
  for (const std::string_view number : {"-1", "4294967296", "1.5", "\"1\"", "null"}) {
    std::string wrong = payload;
    wrong.replace(wrong.find('X'), 1, number);
    EXPECT_EQ(returns_of(jwt(kHeader, wrong)), std::nullopt) << number;
  }
}

}  // namespace
}  // namespace heliograph::auth
