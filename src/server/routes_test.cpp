#include "transport/routes.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/testing/worker_fixture.hpp"

namespace heliograph::server::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class RoutesTest : public WorkerTest {
 protected:
  // The status and the body of the answer to one request.
  std::string answer(std::string_view request) {
    TestClient client(ports_[0]);
    client.send(request);
    const std::string body = client.response();
    head_ = client.head();
    return client.status().substr(std::min<std::size_t>(client.status().size(), 9)) + " " + body;
  }
  // The request with an Origin.
  static std::string from(std::string_view origin, std::string request) {
    const std::size_t headers = request.find("Host: ");
    return request.insert(headers, "Origin: " + std::string(origin) + "\r\n");
  }
  static std::string error(unsigned status, std::string_view text) {
    const std::string number = std::to_string(status);
    return number + R"( {"status":)" + number + R"(,"error":")" + std::string(text) +
           R"(","response":false})";
  }
  static std::string engineio_error(unsigned code, std::string_view message) {
    return R"(400 {"status":400,"error":")" + std::string(message) +
           R"(","response":false,"code":)" + std::to_string(code) + R"(,"message":")" +
           std::string(message) + R"(","reason":")";
  }

  std::string head_;
};

TEST_F(RoutesTest, EngineIoAnswersWhatItCannotServeByAReason) {
  start(1);
  const std::string unknown_id(28, 'A');
  EXPECT_THAT(answer(get("/echo/")), StartsWith(engineio_error(0, "Transport unknown")));
  EXPECT_THAT(answer(get("/echo/?EIO=4&transport=carrier-pigeon")),
              StartsWith(engineio_error(0, "Transport unknown")));
  EXPECT_THAT(answer(get("/echo/?transport=polling")),
              StartsWith(engineio_error(5, "Unsupported protocol version")));
  EXPECT_THAT(answer(post(kHandshake, "4x")),
              StartsWith(engineio_error(2, "Bad handshake method")));
  for (const std::string& sid : {std::string("x"), unknown_id, std::string(28, '_')}) {
    EXPECT_THAT(answer(get(session(sid))), StartsWith(engineio_error(1, "Session ID unknown")));
  }
  EXPECT_THAT(answer(get(kWebSocketHandshake)), StartsWith(engineio_error(3, "Bad request")));
  EXPECT_EQ(clients_, 0);
}

TEST_F(RoutesTest, RequestsOfASessionNameItsVersionOrNone) {
  start(1);
  TestClient opener(ports_[0]);
  const std::string sid = "&transport=polling&sid=" + open_polling(opener);
  const std::string refused = engineio_error(5, "Unsupported protocol version");
  for (const std::string_view version : {"3", "5", "44", "x"}) {
    const std::string other = "/echo/?EIO=" + std::string(version) + sid;
    EXPECT_THAT(answer(get(other)), StartsWith(refused)) << version;
    EXPECT_THAT(answer(post(other, "4lost")), StartsWith(refused)) << version;
    EXPECT_THAT(answer(upgrade("/echo/?transport=websocket&EIO=" + std::string(version) +
                               sid.substr(sid.find("&sid")))),
                StartsWith(refused))
        << version;
    TestClient in_pieces(ports_[0]);
    in_pieces.send("POST " + other + " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n4");
    EXPECT_THAT(in_pieces.response(), HasSubstr("EIO must be 4")) << "before the body is complete";
  }
  EXPECT_EQ(answer(post("/echo/?x" + sid, "4hello")), "200 ok") << "and the session goes on";
  EXPECT_EQ(answer(post("/echo/?EIO=4" + sid, "4hello")), "200 ok");
}

TEST_F(RoutesTest, EngineIo3IsToldWhichVersionItNeeds) {
  start(1);
  const std::string told = answer(get("/echo/?EIO=3&transport=polling"));
  EXPECT_THAT(told, StartsWith(R"(200 77:0{"sid":)"));
  EXPECT_THAT(told, HasSubstr(R"(44"Unsupported protocol version: )"));
  EXPECT_EQ(clients_, 0);
}

TEST_F(RoutesTest, EngineIoIsFoundInEveryFormOfItsAddress) {
  start(1);
  for (const std::string_view target :
       {"/echo/?EIO=4&transport=polling", "/echo?EIO=4&transport=polling",
        "/echo/?t=abc&transport=polling&&EIO=4&x",
        "http://example.org:5000/echo/?EIO=4&transport=polling"}) {
    EXPECT_THAT(answer(get(target)), StartsWith(R"(200 0{"sid":")")) << target;
  }
  EXPECT_EQ(answer(get("/echoes/?EIO=4&transport=polling")),
            "200 /echoes/?EIO=4&transport=polling");
}

TEST_F(RoutesTest, AnswersAPreflightEverywhere) {
  start(1);
  EXPECT_EQ(answer("OPTIONS /echo/ HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\n"
                   "Access-Control-Request-Method: POST\r\n\r\n"),
            "204 ");
  EXPECT_THAT(head_, HasSubstr("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_THAT(head_, HasSubstr("Access-Control-Allow-Methods: "));
}

TEST_F(RoutesTest, OpensAWebSocketOnlyForARequestThatIsOne) {
  start(1);
  const std::string good = upgrade(kWebSocketHandshake);
  const auto with = [&](std::string_view what, std::string_view instead) {
    std::string request = good;
    return request.replace(request.find(what), what.size(), instead);
  };
  EXPECT_THAT(answer(with("GET", "PUT")), StartsWith(engineio_error(2, "Bad handshake method")));
  for (const std::string& request :
       {with("HTTP/1.1", "HTTP/1.0"), with("Connection: Upgrade\r\n", ""),
        with("Connection: Upgrade", "Connection: keep-alive"),
        with("Upgrade: websocket", "Upgrade: h2c"), with("Q==", "Q="), with("dGhl", "d%hl"),
        with("Sec-WebSocket-Key", "X-Key")}) {
    EXPECT_THAT(answer(request), StartsWith(engineio_error(3, "Bad request"))) << request;
  }
  const auto twice = [&](std::string_view header) {
    std::string request = good;
    return request.insert(request.find("\r\n") + 2, header);
  };
  EXPECT_THAT(answer(twice("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")),
              HasSubstr("more than one Sec-WebSocket-Key"));
  for (const std::string_view version : {"13", "8"}) {
    EXPECT_THAT(answer(twice("Sec-WebSocket-Version: " + std::string(version) + "\r\n")),
                HasSubstr("more than one Sec-WebSocket-Version"));
    EXPECT_THAT(head_, StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(head_, HasSubstr("Connection: close\r\n"));
  }
  EXPECT_EQ(answer(with("Version: 13", "Version: 8")), error(426, "Upgrade Required"));
  EXPECT_THAT(head_, HasSubstr("Sec-WebSocket-Version: 13\r\n"));
  EXPECT_THAT(head_, HasSubstr("Upgrade: websocket\r\n"));

  for (const std::string& request :
       {good, with("Upgrade: websocket", "Upgrade: WebSocket"),
        with("Connection: Upgrade", "Connection: keep-alive, upgrade"),
        with("Connection: Upgrade", "Connection: keep-alive\r\nConnection: Upgrade")}) {
    EXPECT_EQ(answer(request), "101 ") << request;
    EXPECT_THAT(head_, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  }
}

constexpr std::string_view kForbidden =
    R"(403 {"status":403,"error":"Forbidden","response":false,)"
    R"("code":4,"message":"Forbidden","reason":"origin not allowed"})";

TEST_F(RoutesTest, OpensAWebSocketOnlyForPagesOfTheOriginsItKnows) {
  settings_.transport.allowed_origins = {"https://a.example"};
  start(1);
  EXPECT_EQ(answer(from("https://a.example", upgrade(kWebSocketHandshake))), "101 ");
  EXPECT_EQ(answer(from("http://x", upgrade(kWebSocketHandshake))), "101 ") << "its own";
  EXPECT_EQ(answer(from("https://b.example", upgrade(kWebSocketHandshake))), kForbidden);
  EXPECT_EQ(answer(from("null", upgrade(kWebSocketHandshake))), kForbidden);
  EXPECT_EQ(answer(upgrade(kWebSocketHandshake)), "101 ") << "no browser sends none";
}

TEST_F(RoutesTest, LetsOnlyPagesOfTheOriginsItKnowsPoll) {
  settings_.transport.allowed_origins = {"https://a.example"};
  start(1);
  EXPECT_EQ(answer(from("https://b.example", get(kHandshake))), kForbidden);
  EXPECT_EQ(clients_, 0);
  EXPECT_THAT(answer(from("https://a.example", get(kHandshake))), StartsWith("200 0{"));
  EXPECT_THAT(answer(from("http://x:80", get(kHandshake))), StartsWith("200 0{"));

  TestClient client(ports_[0]);
  const std::string path = session(open_polling(client));
  EXPECT_EQ(answer(from("https://b.example", post(path, ""))), kForbidden);
  EXPECT_EQ(answer(from("https://b.example", get(path))), kForbidden);
  EXPECT_EQ(answer(post(path, "4hello")), "200 ok") << "the session is as it was";
  EXPECT_EQ(answer(get(path)), "200 4hello");
}

// Else it would keep the session's own client from posting, which may do so once at a time.
TEST_F(RoutesTest, RefusesAPostOfAnotherOriginBeforeItsBodyHasCome) {
  settings_.transport.allowed_origins = {"https://a.example"};
  start(1);
  TestClient client(ports_[0]);
  const std::string path = session(open_polling(client));
  std::string unfinished = post(path, "4x");
  unfinished.pop_back();
  TestClient stranger(ports_[0]);
  stranger.send(from("https://b.example", unfinished));
  stranger.response();
  EXPECT_EQ(stranger.status(), "HTTP/1.1 403");
  EXPECT_EQ(stranger.read_to_end(), "");
  EXPECT_EQ(answer(post(path, "4hello")), "200 ok");
}

TEST_F(RoutesTest, EchoesTheFirstSubprotocolThatIsAToken) {
  start(1);
  const auto offering = [](std::string_view fields) {
    std::string request = upgrade(kWebSocketHandshake);
    return request.insert(request.size() - 2, fields);
  };
  EXPECT_EQ(answer(offering("Sec-WebSocket-Protocol: my-app.v1, my-app.v2\r\n")), "101 ");
  EXPECT_THAT(head_, HasSubstr("\r\nSec-WebSocket-Protocol: my-app.v1\r\n"));
  EXPECT_EQ(answer(offering("Sec-WebSocket-Protocol: no token\r\n"
                            "Sec-WebSocket-Protocol: a, b\r\n")),
            "101 ");
  EXPECT_THAT(head_, HasSubstr("\r\nSec-WebSocket-Protocol: a\r\n"));
  for (const std::string_view fields : {"", "Sec-WebSocket-Protocol: no token\r\n"}) {
    EXPECT_EQ(answer(offering(fields)), "101 ");
    EXPECT_THAT(head_, Not(HasSubstr("Sec-WebSocket-Protocol")));
  }
}

TEST_F(RoutesTest, OnlyAGetUpgradesASession) {
  start(1);
  TestClient opener(ports_[0]);
  std::string request = upgrade(session(open_polling(opener), "websocket"));
  EXPECT_THAT(answer(request.replace(0, 3, "PUT")),
              StartsWith(engineio_error(3, "Bad request") + "not a WebSocket handshake"));
}

TEST_F(RoutesTest, OneWebSocketTooManyIsToldByACloseFrame) {
  start(1);
  TestClient opener(ports_[0]);
  const std::string sid = open_polling(opener);
  TestClient first(ports_[0]);
  first.send(upgrade(session(sid, "websocket")));
  EXPECT_THAT(first.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  TestClient second(ports_[0]);
  second.send(upgrade(session(sid, "websocket")));
  EXPECT_THAT(second.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 101"));
  EXPECT_EQ(second.frame(), "close 1008");
  first.send(client_frame("2probe"));
  EXPECT_EQ(first.frame(), "3probe") << "the first is not disturbed";
}

TEST_F(RoutesTest, KeepsAConnectionOpenAsItsVersionHasIt) {
  start(1);
  TestClient client(ports_[0]);
  client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.response(), "/a");
  EXPECT_THAT(client.head(), HasSubstr("Connection: keep-alive\r\n"));
  client.send(get("/b"));
  EXPECT_EQ(client.response(), "/b");
  EXPECT_THAT(client.head(), HasSubstr("Connection: keep-alive\r\nKeep-Alive: timeout=75\r\n"));
  client.send(get("/c", "Connection: close\r\n") + get("/d"));
  EXPECT_EQ(client.response(), "/c");
  EXPECT_THAT(client.head(), HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(client.read_to_end(), "");
  TestClient old(ports_[0]);
  old.send("GET /e HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.response(), "/e");
  EXPECT_EQ(old.read_to_end(), "");
}

TEST_F(RoutesTest, AHeadRequestGetsNoBodyAndTheNextIsReadAfterIt) {
  start(1);
  TestClient client(ports_[0]);
  client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n" + get("/next"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("Content-Length: 4\r\n"));
  EXPECT_EQ(client.response(), "/next");
}

// Its head comes alone, so that it is looked at before the request is whole.
TEST_F(RoutesTest, APostThatIsRefusedDoesNotHoldUpItsSession) {
  start(1);
  TestClient client(ports_[0]);
  const std::string sid = open_polling(client);
  for (const std::string_view transport : {"", "&transport=websocket", "&transport=pigeon"}) {
    TestClient other(ports_[0]);
    std::string head = "POST /echo/?EIO=4&sid=";
    head.append(sid).append(transport).append(" HTTP/1.1\r\nHost: x\r\n");
    other.send(head + "Content-Length: 6\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(other.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    other.send("4hello");
    other.response();
    EXPECT_EQ(other.status(), "HTTP/1.1 400");
    other.reset();
    client.send(post(session(sid), "4hello"));
    EXPECT_EQ(client.response(), "ok") << transport;
    client.send(get(session(sid)));
    EXPECT_EQ(client.response(), "4hello");
  }
}

TEST_F(RoutesTest, AMalformedRequestEndsItsConnectionAndNoOther) {
  start(1);
  TestClient other(ports_[0]);
  const std::string sid = open_polling(other);
  TestClient client(ports_[0]);
  client.send("nonsense\r\n\r\n" + get("/never"));
  client.response();
  EXPECT_EQ(client.status(), "HTTP/1.1 400");
  EXPECT_THAT(client.head(), HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(client.read_to_end(), "");
  other.send(post(session(sid), "4hello"));
  EXPECT_EQ(other.response(), "ok");
}

}  // namespace
}  // namespace heliograph::server::testing
