#include "redis/connection.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include "base/testing/temporary_folder.hpp"
#include "redis/testing/redis_server.hpp"

namespace heliograph::redis {
namespace {

using namespace std::chrono_literals;
using testing::connection_to;
using testing::RedisServer;

// A connection on a loop of its own, and what became of it.
class Client {
 public:
  explicit Client(ConnectionSettings settings)
      : connection_(
            context_, std::move(settings),
            {.up = [this] { ++ups_; },
             .down = [this](std::string_view why) { downs_.emplace_back(why); },
             .random = [] { return 0.5; },
             .published = [this](auto message) { published_.push_back(joined(message)); }}) {
    connection_.start();
  }
  ~Client() {
    connection_.stop();
    context_.restart();
    context_.run_for(10s);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // False where it has not come true within a minute.
  template <class Condition>
  bool until(const Condition& condition) {
    const auto end = base::Clock::now() + 60s;
    while (!condition() && base::Clock::now() < end) {
      context_.restart();
      context_.run_one_for(100ms);
    }
    return condition();
  }
  bool comes_up() {
    const std::size_t before = ups_;
    return until([&] { return connection_.is_up() && ups_ > before; });
  }

  // The last reason for which it was not up begins so.
  bool fails_as(std::string_view reason) {
    return until([&] { return !downs_.empty() && downs_.back().starts_with(reason); });
  }

  // Replies collect as text: "OK", "(integer) 1", "(error) …", "(nothing)" without one.
  void ask(std::vector<std::string_view> words, std::chrono::milliseconds wait = {}) {
    ++asked_;
    connection_.send(words, wait, [this](const redisReply* reply) {
      if (!reply) return replies_.emplace_back("(nothing)"), void();
      if (reply->type == REDIS_REPLY_INTEGER) {
        return replies_.push_back("(integer) " + std::to_string(reply->integer));
      }
      if (reply->type == REDIS_REPLY_NIL) return replies_.emplace_back("(nil)"), void();
      const std::string text(reply->str, reply->len);
      replies_.push_back(reply->type == REDIS_REPLY_ERROR ? "(error) " + text : text);
    });
  }
  std::vector<std::string> replies() {
    EXPECT_TRUE(until([&] { return replies_.size() == asked_; }));
    asked_ = 0;
    return std::exchange(replies_, {});
  }
  const std::vector<std::string>& replies_so_far() const { return replies_; }
  // Words with a space between; waits for so many.
  std::vector<std::string> published(std::size_t count) {
    EXPECT_TRUE(until([&] { return published_.size() >= count; }));
    return std::exchange(published_, {});
  }
  const std::vector<std::string>& downs() const { return downs_; }
  Connection& connection() { return connection_; }

 private:
  static std::string joined(std::span<redisReply* const> message) {
    std::string text;
    for (const redisReply* word : message) {
      if (!text.empty()) text += ' ';
      text.append(word->str, word->len);
    }
    return text;
  }

  boost::asio::io_context context_;
  Connection connection_;
  std::size_t ups_ = 0;
  std::vector<std::string> downs_;
  std::size_t asked_ = 0;
  std::vector<std::string> replies_;
  std::vector<std::string> published_;
};

TEST(Connection, AnswersInTheOrderOfTheCommands) {
  const RedisServer server;
  Client client(connection_to(server));
  ASSERT_TRUE(client.comes_up());
  std::vector<std::string> expected;
  for (int i = 1; i <= 1000; ++i) {
    client.ask({"INCR", "count"});
    expected.push_back("(integer) " + std::to_string(i));
  }
  EXPECT_EQ(client.replies(), expected);
}

// Who asks sees to it that it is not too much. One command that gets lost would be waited for.
TEST(Connection, RefusesNothingWhileItIsUp) {
  const RedisServer server;
  Client client(connection_to(server));
  ASSERT_TRUE(client.comes_up());
  const std::string large(4UL * 1024 * 1024, 'x');
  for (int i = 0; i < 10; ++i) client.ask({"SET", "key", large});
  EXPECT_EQ(client.replies(), std::vector<std::string>(10, "OK"));
}

// Pauses double at each of 20 breaks otherwise, to more than a quarter of an hour.
TEST(Connection, StartsWithAShortPauseAgainIfAConnectionStoodForLonger) {
  const RedisServer server;
  ConnectionSettings settings = connection_to(server);
  settings.first_pause = 1ms;
  settings.longest_pause = 1h;
  Client client(settings);
  ASSERT_TRUE(client.comes_up());
  for (int i = 0; i < 20; ++i) {
    client.ask({"BLPOP", "nothing", "0.01"});  // longer than the pause
    client.replies();
    client.connection().start_anew("the test");
    ASSERT_TRUE(client.comes_up());
  }
}

TEST(Connection, CarriesAnyBytes) {
  const RedisServer server;
  Client client(connection_to(server));
  ASSERT_TRUE(client.comes_up());
  std::string bytes(1'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  client.ask({"SET", "key\r\n", bytes});
  client.ask({"GET", "key\r\n"});
  EXPECT_EQ(client.replies(), (std::vector<std::string>{"OK", bytes}));
}

TEST(Connection, HandsErrorsOfRedisOn) {
  const RedisServer server;
  Client client(connection_to(server));
  ASSERT_TRUE(client.comes_up());
  client.ask({"SET", "text", "x"});
  client.ask({"INCR", "text"});
  const std::vector<std::string> replies = client.replies();
  EXPECT_TRUE(replies[1].starts_with("(error) ERR value is not an integer")) << replies[1];
  EXPECT_TRUE(client.connection().is_up());
}

TEST(Connection, SignsInAndSelectsItsDatabase) {
  const RedisServer server(
      {"--requirepass", "main", "--user", "node", "on", ">s3cret", "~*", "+@all"});
  ConnectionSettings settings = connection_to(server);
  settings.address.user = "node";
  settings.address.password = "s3cret";
  settings.address.database = 3;
  Client client(settings);
  ASSERT_TRUE(client.comes_up());
  client.ask({"ACL", "WHOAMI"});
  client.ask({"SET", "place", "three"});
  client.ask({"MOVE", "place", "4"});
  EXPECT_EQ(client.replies(), (std::vector<std::string>{"node", "OK", "(integer) 1"}));
}

TEST(Connection, SaysWhyItIsNotLetIn) {
  const RedisServer server({"--requirepass", "right"});
  ConnectionSettings settings = connection_to(server);
  settings.address.password = "wrong";
  Client client(settings);
  ASSERT_TRUE(client.until(
      [&] { return !client.downs().empty() && client.downs().back().starts_with("WRONGPASS"); }));
  EXPECT_FALSE(client.connection().is_up());
}

TEST(Connection, RefusesCommandsWhileNobodyIsThere) {
  Client client({.address = {.hosts = {{"127.0.0.1", testing::free_port()}}}});
  client.ask({"PING"});
  EXPECT_TRUE(client.replies_so_far().empty()) << "not from within send()";
  EXPECT_EQ(client.replies(), std::vector<std::string>{"(nothing)"});
}

TEST(Connection, ComesBackAfterTheServerHas) {
  RedisServer first;
  Client client(connection_to(first));
  ASSERT_TRUE(client.comes_up());
  client.ask({"BLPOP", "never", "0"}, 60s);
  client.ask({"GET", "behind it"});
  first.kill();
  EXPECT_EQ(client.replies(), (std::vector<std::string>{"(nothing)", "(nothing)"}));

  const RedisServer second({}, first.port());
  ASSERT_TRUE(client.comes_up());
  client.ask({"ECHO", "again"});
  EXPECT_EQ(client.replies(), std::vector<std::string>{"again"});
}

TEST(Connection, GivesUpOnAServerThatStalls) {
  const RedisServer server;
  ConnectionSettings settings = connection_to(server);
  settings.connect_timeout = 1h;  // nothing of that is to be waited for when it is up
  settings.reply_timeout = 200ms;
  Client client(settings);
  ASSERT_TRUE(client.comes_up());
  server.signal(SIGSTOP);
  client.ask({"PING"});
  EXPECT_EQ(client.replies(), std::vector<std::string>{"(nothing)"});
  ASSERT_TRUE(client.until([&] { return !client.connection().is_up(); }));
  EXPECT_EQ(client.downs().back(), "no answer in time");
  server.signal(SIGCONT);
  EXPECT_TRUE(client.comes_up());
}

TEST(Connection, WaitsLongerForCommandsThatWait) {
  const RedisServer server;
  ConnectionSettings settings = connection_to(server);
  settings.reply_timeout = 500ms;
  Client client(settings);
  ASSERT_TRUE(client.comes_up());
  const std::size_t downs = client.downs().size();
  client.ask({"BLPOP", "never", "1"}, 1s);
  EXPECT_EQ(client.replies(), std::vector<std::string>{"(nil)"});
  EXPECT_EQ(client.downs().size(), downs);
}

TEST(Connection, HearsWhatIsPublishedWhereItHasSubscribed) {
  const RedisServer server;
  Client listener(connection_to(server));
  Client speaker(connection_to(server));
  ASSERT_TRUE(listener.comes_up() && speaker.comes_up());
  listener.ask({"PSUBSCRIBE", "news*"});
  listener.ask({"SUBSCRIBE", "other"});
  EXPECT_EQ(listener.replies(), (std::vector<std::string>{"", ""}));
  speaker.ask({"PUBLISH", "news#1", "one two"});
  speaker.ask({"PUBLISH", "nobody's", "nothing"});
  speaker.ask({"PUBLISH", "other", ""});
  EXPECT_EQ(speaker.replies(),
            (std::vector<std::string>{"(integer) 1", "(integer) 0", "(integer) 1"}));
  EXPECT_EQ(listener.published(2),
            (std::vector<std::string>{"pmessage news* news#1 one two", "message other "}));
}

TEST(Connection, TellsRepliesFromWhatIsPublishedBetweenThem) {
  const RedisServer server;
  Client listener(connection_to(server));
  Client speaker(connection_to(server));
  ASSERT_TRUE(listener.comes_up() && speaker.comes_up());
  listener.ask({"PSUBSCRIBE", "*"});
  EXPECT_EQ(listener.replies(), std::vector<std::string>{""});
  for (int i = 0; i < 100; ++i) {
    speaker.ask({"PUBLISH", "news", "x"});
    listener.ask({"PING"});
  }
  speaker.replies();
  EXPECT_EQ(listener.replies(), std::vector<std::string>(100, ""));
  EXPECT_EQ(listener.published(100), std::vector<std::string>(100, "pmessage * news x"));
}

// Speaks as Redis does to one client, until that goes: lets it in, and answers a PING only behind a
// message of 50 pieces, one each 40 ms.
void publish_slowly(boost::asio::ip::tcp::acceptor& acceptor) {
  boost::asio::ip::tcp::socket client = acceptor.accept();
  boost::system::error_code gone;
  std::string asked;
  const auto wait_for = [&](std::string_view word) {
    boost::asio::read_until(client, boost::asio::dynamic_buffer(asked), word, gone);
    asked.clear();
  };
  const auto say = [&](std::string_view words) {
    boost::asio::write(client, boost::asio::buffer(words), gone);
  };
  wait_for("ready\r\n");
  say("$5\r\nready\r\n");
  wait_for("PING\r\n");
  say("*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$50\r\n");
  for (int piece = 0; piece < 50; ++piece) {
    std::this_thread::sleep_for(40ms);
    say("x");
  }
  say("\r\n+PONG\r\n");
}

TEST(Connection, GivesUpOnNobodyWhoIsStillPublishing) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  std::thread server([&] { publish_slowly(acceptor); });
  ConnectionSettings settings{
      .address = {.hosts = {{"127.0.0.1", acceptor.local_endpoint().port()}}}};
  settings.reply_timeout = 1s;
  Client client(settings);
  ASSERT_TRUE(client.comes_up());
  client.ask({"PING"});
  EXPECT_EQ(client.replies(), std::vector<std::string>{"PONG"});
  EXPECT_EQ(client.published(1), std::vector<std::string>{"message news " + std::string(50, 'x')});
  server.join();
}

class RedisOverTls : public ::testing::Test {
 protected:
  RedisOverTls() {
    const std::vector<std::string> make{"openssl",
                                        "req",
                                        "-x509",
                                        "-newkey",
                                        "ec",
                                        "-pkeyopt",
                                        "ec_paramgen_curve:P-256",
                                        "-nodes",
                                        "-keyout",
                                        key_,
                                        "-out",
                                        certificate_,
                                        "-days",
                                        "2",
                                        "-subj",
                                        "/CN=localhost",
                                        "-addext",
                                        "subjectAltName=DNS:localhost"};
    EXPECT_EQ(testing::wait_for(testing::start_program(make)), 0);
  }

  // TLS alone, without certificates of clients.
  std::vector<std::string> options(std::uint16_t port) const {
    return {"--tls-port",         std::to_string(port),
            "--tls-cert-file",    certificate_,
            "--tls-key-file",     key_,
            "--tls-ca-cert-file", certificate_,
            "--tls-auth-clients", "no"};
  }

  base::TemporaryFolder folder_;
  std::string key_ = folder_.path() / "key.pem";
  std::string certificate_ = folder_.path() / "certificate.pem";
};

TEST_F(RedisOverTls, SpeaksWithAServerThatItTrusts) {
  const std::uint16_t port = testing::free_port();
  const RedisServer server(options(port));
  Client client(
      {.address = {.hosts = {{"localhost", port}}, .uses_tls = true}, .ca_file = certificate_});
  ASSERT_TRUE(client.comes_up());
  client.ask({"ECHO", "in private"});
  EXPECT_EQ(client.replies(), std::vector<std::string>{"in private"});
}

TEST_F(RedisOverTls, TrustsNobodyElse) {
  const std::uint16_t port = testing::free_port();
  const RedisServer server(options(port));
  Client client({.address = {.hosts = {{"localhost", port}}, .uses_tls = true}});
  EXPECT_TRUE(client.fails_as("certificate verify failed"));
}

TEST_F(RedisOverTls, TrustsNoOtherNameThanItAskedFor) {
  const std::uint16_t port = testing::free_port();
  const RedisServer server(options(port));
  Client client(
      {.address = {.hosts = {{"127.0.0.1", port}}, .uses_tls = true}, .ca_file = certificate_});
  EXPECT_TRUE(client.fails_as("certificate verify failed"));
}

}  // namespace
}  // namespace heliograph::redis
