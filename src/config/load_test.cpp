// Long because it has a test for each setting that is checked beyond its type.
#include "config/load.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/temporary_folder.hpp"

namespace heliograph::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSecret = "a-secret-of-thirty-two-bytes-or-more";
constexpr const char* kPassword = "a-long-password";

class LoadTest : public testing::Test {
 protected:
  void write(std::string_view toml) const { folder_.write("heliograph.toml", toml); }

  Task run(const std::vector<std::string>& arguments) const {
    std::vector<const char*> argv{"heliograph"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    return load(static_cast<int>(argv.size()), argv.data(), environment_, folder_.path() / "usual");
  }
  std::vector<std::string> with_file(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.end(), {"--config", file_});
    return arguments;
  }

  Config config(const std::vector<std::string>& arguments) const {
    auto result = run(arguments);
    if (const auto* exit = std::get_if<Exit>(&result)) {
      ADD_FAILURE() << exit->out << exit->err;
      return {};
    }
    return std::get<Config>(result);
  }
  Exit stopped(const std::vector<std::string>& arguments) const {
    auto result = run(arguments);
    if (const auto* exit = std::get_if<Exit>(&result)) return *exit;
    ADD_FAILURE() << "a configuration, where none was to be";
    return {};
  }

  Environment environment_{{"APP_SECRET", kSecret}, {"APP_PASS", kPassword}};
  const base::TemporaryFolder folder_;
  const std::string file_ = folder_.path() / "heliograph.toml";
};

TEST_F(LoadTest, HasTheDefaultsOfTheSeedAndOfSocketIo) {
  const Config defaults = config({});
  EXPECT_EQ(defaults.server.port, 5000);
  EXPECT_EQ(defaults.gateway.token_lifetime, 86'400s);
  EXPECT_EQ(defaults.server.engineio.ping_interval, 25s);
  EXPECT_EQ(defaults.server.engineio.ping_timeout, 20s);
  EXPECT_EQ(defaults.server.engineio.max_payload, 1'000'000u);
  EXPECT_EQ(defaults.server.http.cors_origins, std::vector<std::string>{"*"});
  EXPECT_FALSE(defaults.http_api.demo);
  EXPECT_FALSE(defaults.dev);
}

TEST_F(LoadTest, TakesTheSeedsVariables) {
  environment_["APP_PORT"] = "8080";
  environment_["TOKEN_LIFETIME"] = "60";
  const Config loaded = config({});
  EXPECT_EQ(loaded.gateway.app_secret.signing, kSecret);
  EXPECT_EQ(loaded.http_api.app_pass, kPassword);
  EXPECT_EQ(loaded.server.port, 8080);
  EXPECT_EQ(loaded.gateway.token_lifetime, 60s);
}

TEST_F(LoadTest, FlagsOutdoTheEnvironmentAndThatTheFile) {
  write("port = 1\nhost = '127.0.0.1'\nworkers = 3\n");
  environment_["APP_PORT"] = "2";
  environment_["HOST"] = "127.0.0.2";
  const Config loaded = config(with_file({"--port", "3"}));
  EXPECT_EQ(loaded.server.port, 3);
  EXPECT_EQ(loaded.server.host, "127.0.0.2");
  EXPECT_EQ(loaded.server.workers, 3u);
}

TEST_F(LoadTest, ReadsEveryKindOfValueFromTheFile) {
  write(
      "app-secret = 'another-secret-of-thirty-two-bytes#1'\n"
      "demo = true\n"
      "cors-origin = ['https://a.example', 'https://b.example']\n"
      "ping-interval = 300\n"
      "events-per-second = 0\n"
      "log-level = 'warn'\n"
      "log-format = 'json'\n"
      "[[ice-servers]]\n"
      "urls = 'stun:stun.example.org'\n");
  environment_.erase("APP_SECRET");
  const Config loaded = config(with_file());
  EXPECT_EQ(loaded.gateway.app_secret.signing, "another-secret-of-thirty-two-bytes#1");
  EXPECT_TRUE(loaded.http_api.demo);
  EXPECT_EQ(loaded.server.http.cors_origins,
            (std::vector<std::string>{"https://a.example", "https://b.example"}));
  EXPECT_EQ(loaded.server.engineio.ping_interval, 300ms);
  EXPECT_EQ(loaded.gateway.limits.events.per_second, 0u);
  EXPECT_EQ(loaded.log_level, base::LogLevel::kWarn);
  EXPECT_EQ(loaded.log_format, base::LogFormat::kJson);
  EXPECT_THAT(loaded.ice_servers, HasSubstr("stun:stun.example.org"));
}

TEST_F(LoadTest, KnowsTheFormerNameOfASetting) {
  const std::vector<std::string> origins{"https://a.example"};
  EXPECT_EQ(config({"--websocket-origins", "https://a.example"}).server.transport.allowed_origins,
            origins);
  write("websocket-origins = ['https://a.example']\n");
  EXPECT_EQ(config(with_file()).server.transport.allowed_origins, origins);
  environment_["WEBSOCKET_ORIGINS"] = "https://a.example";
  EXPECT_EQ(config({}).server.transport.allowed_origins, origins);
  EXPECT_EQ(stopped({"--websocket-origins", "x"}).err,
            "heliograph: --websocket-origins \"x\": must be * or origins such as "
            "https://example.org, null or file://, separated by commas\n");
}

TEST_F(LoadTest, RefusesASettingThatIsGivenByBothItsNames) {
  const std::string both =
      "heliograph: ALLOWED_ORIGINS and WEBSOCKET_ORIGINS are both set: WEBSOCKET_ORIGINS is the "
      "former name of ALLOWED_ORIGINS\n";
  environment_["WEBSOCKET_ORIGINS"] = "https://a.example";
  EXPECT_EQ(stopped({"--allowed-origins", "https://a.example"}).err, both);
  write("allowed-origins = '*'\n");
  EXPECT_EQ(stopped(with_file()).err, both);
  environment_["ALLOWED_ORIGINS"] = "*";
  EXPECT_EQ(stopped({}).err, both);
  environment_.erase("WEBSOCKET_ORIGINS");
  EXPECT_EQ(config(with_file()).server.transport.allowed_origins, std::vector<std::string>{"*"});
}

TEST_F(LoadTest, ReadsIceServersFromAFileOfTheirOwn) {
  folder_.write("ice.json", "\n [{\"urls\":\"stun:a.example\"}]\n");
  const std::string path = folder_.path() / "ice.json";
  environment_["ICE_SERVERS"] = path;
  EXPECT_EQ(config({}).ice_servers, "\n [{\"urls\":\"stun:a.example\"}]\n");
  environment_.erase("ICE_SERVERS");
  write("ice-servers = '" + path + "'\n");
  EXPECT_THAT(config(with_file()).ice_servers, HasSubstr("stun:a.example"));
}

TEST_F(LoadTest, SaysWhatIsWrongWithIceServers) {
  const std::string must =
      "heliograph: ICE_SERVERS in the environment: must be a JSON array of RTCIceServer objects, "
      "such as [{\"urls\":\"stun:stun.example.org\"}], or the path of a file that holds one; "
      "turn: and turns: need username and credential: ";
  environment_["ICE_SERVERS"] = R"([{"urls":"stun:a.example"},{"urls":"turn:a.example"}])";
  EXPECT_EQ(stopped({}).err, must + "server 2 needs username and credential\n");
  folder_.write("ice.json", "{}");
  environment_["ICE_SERVERS"] = folder_.path() / "ice.json";
  EXPECT_EQ(stopped({}).err, must + "it is no array\n");
  environment_["ICE_SERVERS"] = "/nonexistent.json";
  EXPECT_EQ(stopped({}).err, must + "no such file can be read\n");
}

TEST_F(LoadTest, TakesTurnServersWithTheirSecret) {
  environment_["TURN_URLS"] = "turn:a.example,turns:a.example";
  environment_["TURN_SECRET"] = "north,south";
  environment_["TURN_TTL"] = "600";
  const Config loaded = config({});
  EXPECT_EQ(loaded.turn.urls, (std::vector<std::string>{"turn:a.example", "turns:a.example"}));
  EXPECT_EQ(loaded.turn.secrets, (std::vector<std::string>{"north", "south"}));
  EXPECT_EQ(loaded.turn.lifetime, 600s);
  environment_.erase("TURN_URLS");
  environment_.erase("TURN_SECRET");
  EXPECT_TRUE(config({}).turn.urls.empty());
}

TEST_F(LoadTest, RefusesTurnServersWithoutTheirSecretAndTheReverse) {
  environment_["TURN_URLS"] = "turn:a.example";
  EXPECT_EQ(stopped({"--dev"}).err,
            "heliograph: TURN_URLS is set and TURN_SECRET is not: without it no credential can be "
            "made for these servers\n");
  environment_.erase("TURN_URLS");
  EXPECT_EQ(stopped({"--turn-secret", "geheim"}).err,
            "heliograph: TURN_SECRET is set and TURN_URLS is not: it says which servers share the "
            "secret\n");
  environment_["TURN_URLS"] = "a.example";
  EXPECT_EQ(stopped({"--turn-secret", "geheim"}).err,
            "heliograph: TURN_URLS \"a.example\" in the environment: must be addresses such as "
            "turn:turn.example.org:3478?transport=udp or turns:turn.example.org, separated by "
            "commas, 32 at most\n");
}

TEST_F(LoadTest, TakesEmittersOnlyWithTheRedisWhereTheyPublish) {
  EXPECT_FALSE(config({}).link.emitter.takes_emissions);
  EXPECT_EQ(config({}).link.emitter.key, "socket.io");
  environment_["REDIS_EMITTER"] = "on";
  EXPECT_EQ(stopped({}).err,
            "heliograph: REDIS_EMITTER is on and REDIS_URL is not set: it says in which Redis "
            "events are published\n");
  environment_["REDIS_URL"] = "redis://127.0.0.1";
  environment_["REDIS_EMITTER_KEY"] = "my/app:1.0";
  EXPECT_TRUE(config({}).link.emitter.takes_emissions);
  EXPECT_EQ(config({}).link.emitter.key, "my/app:1.0");
  EXPECT_FALSE(config({"--redis-emitter", "off"}).link.emitter.takes_emissions);
  EXPECT_EQ(stopped({"--redis-emitter-key", "a*"}).err,
            "heliograph: --redis-emitter-key \"a*\": must be letters, digits and any of -_.:/, 64 "
            "at most\n");
}

TEST_F(LoadTest, LetsARequestWaitForRedisAsLongAsItIsTold) {
  EXPECT_EQ(config({}).link.cluster.timing.patience, 1500ms);
  environment_["CLUSTER_PATIENCE"] = "10000";
  EXPECT_EQ(config({}).link.cluster.timing.patience, 10s);
  EXPECT_EQ(config({"--cluster-patience", "200"}).link.cluster.timing.patience, 200ms);
  EXPECT_EQ(stopped({"--cluster-patience", "0"}).err,
            "heliograph: --cluster-patience \"0\": must be a whole number from 50 to 3600000\n");
}

TEST_F(LoadTest, DemandsThatADescriptionFits) {
  environment_["MAX_PAYLOAD"] = "200000";
  EXPECT_EQ(stopped({}).err,
            "heliograph: MAX_PAYLOAD (200000) must be larger than MAX_DESCRIPTION_BYTES (262144): "
            "a session description has to fit\n");
  environment_["MAX_DESCRIPTION_BYTES"] = "100000";
  EXPECT_EQ(config({}).gateway.limits.max_description_bytes, 100'000U);
  environment_["RECOVERY_PEER_BYTES"] = "100000";
  EXPECT_THAT(stopped({}).err, HasSubstr("RECOVERY_PEER_BYTES (100000) must be larger"));
  environment_["RECOVERY_PEER_BYTES"] = "100001";
  environment_["MAX_UNSENT_BYTES"] = "50000";
  EXPECT_THAT(stopped({}).err, HasSubstr("MAX_UNSENT_BYTES (50000) must be larger"));
}

TEST_F(LoadTest, CountsAnEmptyVariableAsUnset) {
  environment_["APP_PORT"] = "";
  EXPECT_EQ(config({}).server.port, 5000);
  environment_["APP_PASS"] = "";
  EXPECT_THAT(stopped({}).err, HasSubstr("APP_PASS is not set"));
}

TEST_F(LoadTest, RefusesToStartWithoutSecrets) {
  environment_ = {};
  const Exit exit = stopped({});
  EXPECT_EQ(exit.code, 1);
  EXPECT_EQ(exit.out, "");
  EXPECT_EQ(exit.err,
            "heliograph: APP_SECRET is not set: production needs 32 bytes or more; heliograph "
            "setup writes one for --environment-file, --dev makes one up (and 1 more: see "
            "--check-config)\n");
}

TEST_F(LoadTest, RefusesShortSecretsWithoutShowingThem) {
  environment_ = {{"APP_SECRET", "kurz-geheim"}, {"APP_PASS", kPassword}};
  EXPECT_EQ(stopped({}).err,
            "heliograph: APP_SECRET in the environment: must be 32 bytes or more\n");
}

TEST_F(LoadTest, TakesTwoSecretsOfWhichTheFirstSigns) {
  const std::string first(32, 'n');
  const std::string second(32, 'o');
  environment_["APP_SECRET"] = first + ',' + second;
  const Config loaded = config({});
  EXPECT_EQ(loaded.gateway.app_secret.signing, first);
  EXPECT_EQ(loaded.gateway.app_secret.other, second);
}

// One that was taken as a whole before must not become two short ones unnoticed.
TEST_F(LoadTest, SaysThatACommaSeparatesSecretsNow) {
  const std::string good(32, 'g');
  for (const auto& [secret, problem] :
       {std::pair{std::string("a secret, of more than thirty-two bytes"),
                  "the first one has 8 bytes"},
        std::pair{fmt::format("{},short", good), "the second one has 5 bytes"},
        std::pair{fmt::format("{},", good), "the second one has 0 bytes"},
        std::pair{fmt::format(",{}", good), "the first one has 0 bytes"},
        std::pair{fmt::format("{0},{0},{0}", good), "there may be two at most"},
        std::pair{fmt::format("{0}, {0}", good), "there must be no white space beside it"},
        std::pair{fmt::format("{0} ,{0}", good), "there must be no white space beside it"}}) {
    environment_["APP_SECRET"] = secret;
    EXPECT_EQ(stopped({}).err,
              "heliograph: APP_SECRET in the environment: must be 32 bytes or more: a comma "
              "separates secrets now, and " +
                  std::string(problem) + '\n');
  }
  environment_["APP_SECRET"] = good + " and white space at its end ";
  EXPECT_EQ(config({}).gateway.app_secret.signing, environment_["APP_SECRET"]);
}

TEST_F(LoadTest, TakesTwoShortSecretsInDevelopment) {
  environment_["APP_SECRET"] = "new,old";
  const Config loaded = config({"--dev"});
  EXPECT_EQ(loaded.gateway.app_secret.signing, "new");
  EXPECT_EQ(loaded.gateway.app_secret.other, "old");
  environment_["APP_SECRET"] = "a,b,c";
  EXPECT_THAT(stopped({"--dev"}).err, HasSubstr("a comma separates secrets now"));
}

TEST_F(LoadTest, MakesSecretsUpInDevelopment) {
  environment_ = {};
  const Config one = config({"--dev"});
  const Config two = config({"--dev"});
  EXPECT_TRUE(one.dev && one.http_api.demo);
  EXPECT_TRUE(one.app_secret_is_made_up && one.app_pass_is_made_up);
  EXPECT_GE(one.gateway.app_secret.signing.size(), 32u);
  EXPECT_GE(one.http_api.app_pass.size(), 12u);
  EXPECT_NE(one.gateway.app_secret.signing, two.gateway.app_secret.signing);
  EXPECT_NE(one.http_api.app_pass, two.http_api.app_pass);
}

TEST_F(LoadTest, KeepsTheSecretsThatDevelopmentIsGiven) {
  environment_ = {{"APP_PASS", "short"}};
  const Config loaded = config({"--dev"});
  EXPECT_EQ(loaded.http_api.app_pass, "short");
  EXPECT_FALSE(loaded.app_pass_is_made_up);
  EXPECT_TRUE(loaded.app_secret_is_made_up);
}

TEST_F(LoadTest, TurnsTheDemoOnWithDevUnlessSet) {
  EXPECT_TRUE(config({"--dev"}).http_api.demo);
  EXPECT_FALSE(config({"--dev", "--demo", "off"}).http_api.demo);
  EXPECT_TRUE(config({"--demo", "on"}).http_api.demo);
}

TEST_F(LoadTest, ListensOnLoopbackInDevelopmentUnlessSet) {
  EXPECT_EQ(config({"--dev"}).server.host, "localhost");
  EXPECT_EQ(config({"--dev", "--host", "::"}).server.host, "::");
  EXPECT_EQ(config({}).server.host, "::");
  environment_["HOST"] = "192.0.2.1";
  EXPECT_EQ(config({"--dev"}).server.host, "192.0.2.1");
}

TEST_F(LoadTest, SaysInOneLineWhatIsWrongAndWhere) {
  EXPECT_EQ(stopped({"--port", "70000"}).err,
            "heliograph: --port \"70000\": must be a whole number from 0 to 65535\n");
  EXPECT_EQ(stopped({"--prot", "1"}).err,
            "heliograph: --prot is no flag; did you mean --port? (see heliograph --help)\n");
  environment_["DEMO"] = "yes";
  EXPECT_EQ(stopped({}).err, "heliograph: DEMO \"yes\" in the environment: must be on or off\n");
  environment_.erase("DEMO");
  write("\nport = 'abc'\n");
  EXPECT_EQ(stopped(with_file()).err,
            "heliograph: " + file_ + ":2: port \"abc\": must be a whole number from 0 to 65535\n");
}

TEST_F(LoadTest, RefusesUnknownKeysInTheFile) {
  write("port = 5000\nprot = 1\n");
  EXPECT_EQ(stopped(with_file()).err,
            "heliograph: " + file_ + ":2: \"prot\" is no setting; did you mean port?\n");
  write("dev = true\n");
  EXPECT_EQ(stopped(with_file()).err, "heliograph: " + file_ + ":1: \"dev\" is no setting\n");
}

TEST_F(LoadTest, RefusesAFileThatCannotBeRead) {
  EXPECT_EQ(stopped({"--config", "/nonexistent.toml"}).err,
            "heliograph: /nonexistent.toml: cannot be read\n");
  EXPECT_EQ(stopped({"--config", folder_.path().string()}).err,
            "heliograph: " + folder_.path().string() + ": cannot be read\n");
}

// A value that is overwritten is wrong all the same, and would be found out on a worse day.
TEST_F(LoadTest, ChecksValuesThatAreOutdoneToo) {
  environment_["APP_PORT"] = "abc";
  EXPECT_THAT(stopped({"--port", "1"}).err, StartsWith("heliograph: APP_PORT \"abc\""));
}

TEST_F(LoadTest, ChecksAGoodConfiguration) {
  const Exit exit = stopped({"--check-config"});
  EXPECT_EQ(exit.code, 0);
  EXPECT_EQ(exit.out, "configuration is good\n");
  EXPECT_EQ(exit.err, "");
}

TEST_F(LoadTest, ListsAllThatIsWrong) {
  write("prot = 1\nworkers = -1\n[section]\n");
  environment_ = {{"APP_SECRET", "short"}, {"DEMO", "maybe"}};
  const Exit exit = stopped(with_file({"--check-config", "--log-level", "loud"}));
  EXPECT_EQ(exit.code, 1);
  EXPECT_EQ(exit.out, "");
  const std::string place = "heliograph: " + file_;
  EXPECT_EQ(exit.err,
            place + ":1: \"prot\" is no setting; did you mean port?\n" + place +
                ":2: workers \"-1\": must be a whole number from 0 to 256\n" + place +
                ":3: \"section\": no settings stand in sections\n"
                "heliograph: APP_SECRET in the environment: must be 32 bytes or more\n"
                "heliograph: DEMO \"maybe\" in the environment: must be on or off\n"
                "heliograph: --log-level \"loud\": must be debug, info, warn, error or off\n"
                "heliograph: APP_PASS is not set: production needs 12 bytes or more; "
                "heliograph setup writes one for --environment-file, --dev makes one up\n");
}

TEST_F(LoadTest, PrintsNoSecretWhateverIsWrong) {
  write("app-secret = 'geheim1'\nice-servers = 'geheim2'\napp-pass = 'geheim3'\n");
  environment_ = {{"APP_SECRET", "geheim4"},
                  {"APP_PASS", "geheim5"},
                  {"ICE_SERVERS", "geheim6"},
                  {"TURN_SECRET", "geheim8,geheim9,geheim10"}};
  for (const auto& arguments :
       {with_file({"--check-config", "--app-pass", "geheim7"}), with_file(), {"--check-config"}}) {
    const Exit exit = stopped(arguments);
    EXPECT_THAT(exit.err, AllOf(Not(HasSubstr("geheim")), HasSubstr("must be")));
    EXPECT_EQ(exit.out, "");
  }
}

// What stands in a variable must not write to the terminal as it likes.
TEST_F(LoadTest, ShowsForeignTextShortAndPrintable) {
  environment_["DEMO"] = "a\x1b[31m\n" + std::string(1000, 'x');
  const std::string err = stopped({}).err;
  EXPECT_THAT(err, HasSubstr("DEMO \"a?[31m?xxx"));
  EXPECT_LT(err.size(), 200u);
}

TEST_F(LoadTest, HelpsEvenWhereMuchIsWrong) {
  environment_ = {{"APP_PORT", "abc"}};
  const Exit help = stopped({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("Usage: heliograph"));
  EXPECT_EQ(help.err, "");
  const Exit version = stopped({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("heliograph [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(EnvironmentFrom, ReadsNamesAndValues) {
  const char* variables[] = {"A=1", "B=x=y", "EMPTY=", "NONE", nullptr};
  const Environment expected{{"A", "1"}, {"B", "x=y"}, {"EMPTY", ""}};
  EXPECT_EQ(environment_from(variables), expected);
}

// The environment file of the package's service.
class EnvironmentFileTest : public LoadTest {
 protected:
  static constexpr std::string_view kSecrets =
      "APP_SECRET=a-secret-of-thirty-two-bytes-from-the-file\nAPP_PASS=a-password-of-the-file\n";
  EnvironmentFileTest() { environment_.clear(); }
  void write_variables(std::string_view lines) const {
    folder_.write("environment", std::string(kSecrets).append(lines));
  }
  std::vector<std::string> with_variables(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.end(), {"--environment-file", folder_.path() / "environment"});
    return arguments;
  }
};

TEST_F(EnvironmentFileTest, StandsBetweenTheEnvironmentAndTheTomlFile) {
  write("port = 1\nhost = \"1.1.1.1\"\nworkers = 1\nlog-level = \"debug\"");
  write_variables("APP_PORT=2\nHOST=2.2.2.2\nWORKERS=2\n");
  environment_ = {{"APP_PORT", "3"}, {"HOST", "3.3.3.3"}};
  const Config both = config(with_file(with_variables({"--port", "4"})));
  EXPECT_EQ(both.server.port, 4);
  EXPECT_EQ(both.server.host, "3.3.3.3");
  EXPECT_EQ(both.server.workers, 2U);
  EXPECT_EQ(both.log_level, base::LogLevel::kDebug);
  EXPECT_EQ(both.http_api.app_pass, "a-password-of-the-file");
}

TEST_F(EnvironmentFileTest, SaysWhereAMistakeIsAndShowsNoSecret) {
  write_variables("APP_PROT=1\nAPP_PORT=x\nHOST\nTURN_SECRET=hush,hush\n");
  const Exit exit = stopped(with_variables({"--check-config"}));
  EXPECT_THAT(exit.err,
              HasSubstr("environment:3: \"APP_PROT\" is no setting; did you mean APP_PORT?"));
  EXPECT_THAT(exit.err, HasSubstr("environment:4: APP_PORT \"x\": must be"));
  EXPECT_THAT(exit.err, HasSubstr("environment:5: must be NAME=value"));
  EXPECT_THAT(exit.err, Not(HasSubstr("hush")));
}

TEST_F(EnvironmentFileTest, MustBeThereIfItIsNamed) {
  const Exit exit = stopped(with_variables());
  EXPECT_EQ(exit.code, 1);
  EXPECT_THAT(exit.err, HasSubstr("environment: cannot be read"));
}

TEST_F(EnvironmentFileTest, HoldsTheSecretOfTokens) {
  write_variables("");
  const auto task = run(with_variables({"token", "--app", "x", "--lifetime", "60"}));
  const auto& token = std::get<MakeToken>(task);
  EXPECT_EQ(token.app_secret.signing, "a-secret-of-thirty-two-bytes-from-the-file");
  EXPECT_EQ(token.app, "x");
  EXPECT_EQ(token.lifetime, 60U);
}

TEST_F(LoadTest, ATokenNeedsAnAppAndTheServersSecretOnly) {
  environment_.erase("APP_PASS");
  EXPECT_EQ(std::get<MakeToken>(run({"token", "--app", "x"})).app_secret.signing, kSecret);
  EXPECT_THAT(stopped({"token"}).err, HasSubstr("--app must name the app"));
  EXPECT_THAT(stopped({"token", "--app", "x", "--lifetime", "0"}).err, HasSubstr("--lifetime"));
  environment_.clear();
  EXPECT_THAT(stopped({"token", "--app", "x", "--dev"}).err, HasSubstr("APP_SECRET is not set"));
}

TEST_F(LoadTest, HealthIsAskedOfTheConfiguredServerOrOfAUrl) {
  environment_.clear();
  const auto check = [&](const std::vector<std::string>& arguments) {
    return std::get<CheckHealth>(run(arguments));
  };
  const CheckHealth own = check({"--health", "--port", "1234", "--base-path", "/rtc"});
  EXPECT_EQ(own.host, "127.0.0.1");
  EXPECT_EQ(own.port, "1234");
  EXPECT_EQ(own.path, "/rtc/healthz");
  EXPECT_EQ(check({"--health", "--host", "10.0.0.1"}).host, "10.0.0.1");
  const CheckHealth other = check({"--health", "http://a.example:1/x", "--wait", "3"});
  EXPECT_EQ(other.host + other.port + other.path, "a.example1/x");
  EXPECT_EQ(other.wait, 3s);
  EXPECT_EQ(check({"--health", "http://a.example"}).path, "/healthz");
  EXPECT_THAT(stopped({"--health", "https://a.example"}).err, HasSubstr("http:// URL"));
}

TEST_F(LoadTest, TokensAndHealthReadTheUsualFileWithoutBeingTold) {
  environment_.clear();
  folder_.write("usual", "APP_SECRET=a-secret-of-thirty-two-bytes-from-the-file\nAPP_PORT=1234\n");
  EXPECT_EQ(std::get<MakeToken>(run({"token", "--app", "x"})).app_secret.signing,
            "a-secret-of-thirty-two-bytes-from-the-file");
  EXPECT_EQ(std::get<CheckHealth>(run({"--health"})).port, "1234");
  EXPECT_THAT(stopped({}).err, HasSubstr("APP_SECRET is not set")) << "the server does not";
}

TEST_F(LoadTest, SaysThatTheUsualFileCannotBeRead) {
  environment_.clear();
  std::filesystem::create_directory(folder_.path() / "usual");
  EXPECT_THAT(stopped({"token", "--app", "x"}).err, HasSubstr("usual cannot be read"));
  EXPECT_THAT(std::get<CheckHealth>(run({"--health"})).unread_file, HasSubstr("usual"));
}

TEST_F(LoadTest, SetupWritesWhereThePackageKeepsItsVariables) {
  EXPECT_EQ(std::get<WriteSecrets>(run({"setup"})).environment_file, folder_.path() / "usual");
  EXPECT_EQ(std::get<WriteSecrets>(run({"setup", "--environment-file", "x"})).environment_file,
            "x");
}

}  // namespace
}  // namespace heliograph::config
