#include "http/request_reader.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

using Result = RequestReader::Result;
using Incomplete = RequestReader::Incomplete;
using Invite = RequestReader::Invite;

constexpr RequestReader::Limits kLimits{.head_bytes = 1'000, .body_bytes = 100};

Result read_all(std::string bytes, const RequestReader::Limits& limits = kLimits) {
  RequestReader reader(limits);
  return reader.read(bytes);
}

// The status that a request is refused with; 0 where it is not refused.
unsigned status_of(std::string_view bytes, const RequestReader::Limits& limits = kLimits) {
  const Result result = read_all(std::string(bytes), limits);
  const auto* error = std::get_if<Error>(&result);
  return error ? error->status : 0;
}

// Sends the pieces one after the other; stops at the first result that is not Incomplete.
Result read_pieces(const std::vector<std::string>& pieces) {
  RequestReader reader(kLimits);
  std::string held;
  for (const std::string& piece : pieces) {
    held += piece;
    Result result = reader.read(held);
    if (!std::holds_alternative<Incomplete>(result)) return result;
  }
  return Incomplete{};
}

std::string get(std::string_view headers) {
  return "GET / HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n";
}

std::string chunked_post(std::string_view body) {
  return "POST /app HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}

TEST(RequestReader, ReadsRequestsOneAfterTheOther) {
  RequestReader reader(kLimits);
  std::string bytes =
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: "
      "2\r\n\r\nhiGET";
  const Result first = reader.read(bytes);
  ASSERT_TRUE(std::holds_alternative<Request>(first));
  EXPECT_EQ(target(std::get<Request>(first)), "/a");
  const Result second = reader.read(bytes);
  ASSERT_TRUE(std::holds_alternative<Request>(second));
  EXPECT_EQ(target(std::get<Request>(second)), "/b");
  EXPECT_EQ(std::get<Request>(second).body(), "hi");
  EXPECT_FALSE(reader.has_begun());
  EXPECT_TRUE(std::holds_alternative<Incomplete>(reader.read(bytes)));
  EXPECT_TRUE(reader.has_begun());
}

TEST(RequestReader, ReadsARequestSplitAnywhere) {
  const std::string whole =
      "POST /app?a=b HTTP/1.1\r\nHost: x\r\nOrigin: http://y\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4;name=value\r\nbody\r\n2\r\n!!\r\n0\r\nOrigin: http://z\r\n\r\n";
  for (std::size_t a = 0; a <= whole.size(); ++a) {
    for (std::size_t b = a; b <= whole.size(); ++b) {
      const Result result =
          read_pieces({whole.substr(0, a), whole.substr(a, b - a), whole.substr(b)});
      const auto* request = std::get_if<Request>(&result);
      ASSERT_TRUE(request) << "split at " << a << " and " << b;
      EXPECT_EQ(target(*request), "/app?a=b");
      EXPECT_EQ(request->body(), "body!!");
      EXPECT_EQ(header(*request, boost::beast::http::field::origin), "http://y");
    }
  }
}

TEST(RequestReader, TrailersAreNoHeaders) {
  const Result result = read_all(chunked_post("0\r\nOrigin: http://evil\r\nHost: y\r\n\r\n"));
  ASSERT_TRUE(std::holds_alternative<Request>(result));
  const auto& request = std::get<Request>(result);
  EXPECT_EQ(header(request, boost::beast::http::field::origin), "");
  EXPECT_EQ(header(request, boost::beast::http::field::host), "x");
}

TEST(RequestReader, EmptyLinesBeforeARequestAreSkipped) {
  RequestReader reader(kLimits);
  std::string bytes = "\r\n\r\n";
  EXPECT_TRUE(std::holds_alternative<Incomplete>(reader.read(bytes)));
  EXPECT_FALSE(reader.has_begun());
  EXPECT_EQ(bytes, "");
  bytes = "\r\n" + get("");
  EXPECT_TRUE(std::holds_alternative<Request>(reader.read(bytes)));
}

TEST(RequestReader, TheHeadMayBeAsLongAsItsLimitAndNoLonger) {
  const std::string frame = get("X: \r\n");
  const std::string fits =
      get("X: " + std::string(kLimits.head_bytes - frame.size(), 'x') + "\r\n");
  ASSERT_EQ(fits.size(), kLimits.head_bytes);
  EXPECT_TRUE(std::holds_alternative<Request>(read_all(fits)));
  std::string longer = fits;
  longer.insert(longer.size() - 4, "x");
  EXPECT_EQ(status_of(longer), 431U);
  EXPECT_EQ(status_of("GET /" + std::string(1'000, 'x')), 431U);
}

TEST(RequestReader, TheHeadIsCountedWholeHoweverItComes) {
  std::vector<std::string> lines = {"GET / HTTP/1.1\r\n", "Host: x\r\n"};
  for (int i = 0; i < 200; ++i) lines.emplace_back("X: 1234567890\r\n");
  const Result result = read_pieces(lines);
  ASSERT_TRUE(std::holds_alternative<Error>(result));
  EXPECT_EQ(std::get<Error>(result).status, 431U);
}

TEST(RequestReader, NothingHeldOfABodyGrowsBeyondItsLimit) {
  const std::string much(200'000, 'a');
  EXPECT_EQ(status_of(chunked_post("5;" + much)), 431U) << "the extension of a chunk";
  EXPECT_EQ(status_of(chunked_post("0\r\nA: " + much + "\r\n\r\n")), 431U) << "a trailer";
  EXPECT_EQ(status_of(chunked_post(much)), 431U) << "the size of a chunk";
  EXPECT_EQ(status_of(chunked_post("65\r\n")), 413U) << "a chunk";
  EXPECT_EQ(status_of(chunked_post("64\r\n" + std::string(100, 'x') + "\r\n1\r\n")), 413U);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n"), 413U);
}

TEST(RequestReader, LimitsBeyondWhatTheParserCanTakeAreCut) {
  constexpr RequestReader::Limits kMuch{.head_bytes = 10'000'000, .body_bytes = 100};
  const std::string much(66'000, 'a');
  EXPECT_EQ(status_of(get("X: " + much + "\r\n"), kMuch), 431U);
  EXPECT_EQ(status_of(get(much + ": x\r\n"), kMuch), 431U);
  EXPECT_EQ(status_of(chunked_post("0\r\nA: " + much + "\r\n\r\n"), kMuch), 431U);
}

TEST(RequestReader, ManyChunksWithExtensionsAreNoLongHead) {
  std::string body;
  for (int i = 0; i < 100; ++i) body += "1;" + std::string(500, 'e') + "\r\nx\r\n";
  const Result result = read_all(chunked_post(body + "0\r\n\r\n"));
  ASSERT_TRUE(std::holds_alternative<Request>(result));
  EXPECT_EQ(std::get<Request>(result).body(), std::string(100, 'x'));
}

// RFC 9112 §3.2
TEST(RequestReader, ARequestNamesExactlyOneHost) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400U);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"), 400U);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n"), 400U);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 0U);
}

// RFC 9112 §6: what a proxy in front could read otherwise than we do.
TEST(RequestReader, ABodyWhoseLengthCouldBeDoubtedIsRefused) {
  const auto with = [](std::string_view headers, std::string_view version = "1.1") {
    return "POST / HTTP/" + std::string(version) + "\r\nHost: x\r\n" + std::string(headers) +
           "\r\n\r\n";
  };
  for (const std::string_view headers :
       {"Transfer-Encoding: gzip", "Transfer-Encoding: identity",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: xchunked", "Transfer-Encoding: xchunked\r\nContent-Length: 3",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Content-Length: 3\r\nTransfer-Encoding: chunked", "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3, 4", "Content-Length: -3", "Content-Length: 0x3",
        "Content-Length:", "Content-Length : 3", "Content-Length: 18446744073709551617"}) {
    EXPECT_EQ(status_of(with(headers)), 400U) << headers;
  }
  EXPECT_EQ(status_of(with("Transfer-Encoding: chunked", "1.0")), 400U);
}

TEST(RequestReader, WhatIsNoHttpIsRefused) {
  for (const std::string_view bytes :
       {"\n", " GET / HTTP/1.1\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\nHost: x\n\n", "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX y: z\r\n\r\n", "\x16\x03\x01\x02", "\r\r"}) {
    EXPECT_EQ(status_of(bytes), 400U) << bytes;
  }
  EXPECT_EQ(status_of(chunked_post("zz\r\n")), 400U);
  EXPECT_EQ(status_of(chunked_post("3\r\nabcdef\r\n")), 400U);
}

// RFC 9112 §5.2
TEST(RequestReader, AFoldedLineIsRefused) {
  for (const std::string_view headers : {"X: a\r\n b\r\n", "X: a\r\n\tb\r\n", "X:\r\n b\r\n",
                                         "X: a\r\n \r\n", "Content-Length: 1\r\n 0\r\n"}) {
    EXPECT_EQ(status_of(get(headers)), 400U) << headers;
  }
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n X: a\r\nHost: x\r\n\r\n"), 400U);
  EXPECT_EQ(status_of(chunked_post("0\r\nX: a\r\n b\r\n\r\n")), 400U) << "a trailer";
}

// RFC 9112 §2.2: also where the parser would wait for more.
TEST(RequestReader, ABareLineFeedIsRefusedAtOnce) {
  const std::string chunks = chunked_post("3\r\na\nb\r\n4;name=value\r\n\n\n\n\n\r\n");
  for (const std::string& bytes :
       {chunked_post("3\n"), chunked_post("3;name=value\n"), chunked_post("\n"),
        chunked_post("3\r\nabc\n"), chunked_post("3\r\nabc\r\n2\n"), chunked_post("0\n"),
        chunked_post("0\r\n\n"), chunked_post("0\r\nX: a\n"), chunked_post("0\r\nX: a\r\n\n"),
        chunks + "\n", chunks + "0\n", chunks + "0\r\n\n",
        std::string("GET / HTTP/1.1\r\nHost: x\n")}) {
    EXPECT_EQ(status_of(bytes), 400U) << bytes;
    std::vector<std::string> single;
    for (const char byte : bytes) single.emplace_back(1, byte);
    const Result result = read_pieces(single);
    EXPECT_TRUE(std::holds_alternative<Error>(result)) << bytes;
    single.pop_back();
    EXPECT_TRUE(std::holds_alternative<Incomplete>(read_pieces(single))) << bytes;
  }
}

TEST(RequestReader, TheDataOfAChunkMayHoldAnyBytes) {
  const std::string data = "\n \r\n a\n\n\t\r\r\n0\r\n\r\n";
  const std::string whole = chunked_post("1\r\n\n\r\n011;e\r\n" + data + "\r\n0\r\nX: a\r\n\r\n");
  for (std::size_t a = 0; a <= whole.size(); ++a) {
    for (std::size_t b = a; b <= whole.size(); ++b) {
      const Result result =
          read_pieces({whole.substr(0, a), whole.substr(a, b - a), whole.substr(b)});
      const auto* request = std::get_if<Request>(&result);
      ASSERT_TRUE(request) << "split at " << a << " and " << b;
      EXPECT_EQ(request->body(), "\n" + data);
    }
  }
}

TEST(RequestReader, InvitesABodyOnceToAClientThatWaitsForThat) {
  const std::string head =
      "POST /app HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  RequestReader reader(kLimits);
  std::string bytes = head;
  EXPECT_TRUE(std::holds_alternative<Invite>(reader.read(bytes)));
  bytes += "h";
  EXPECT_TRUE(std::holds_alternative<Incomplete>(reader.read(bytes)));
  bytes += "i";
  EXPECT_TRUE(std::holds_alternative<Request>(reader.read(bytes)));
  bytes = head + "hi";
  EXPECT_TRUE(std::holds_alternative<Request>(reader.read(bytes))) << "it does not wait";
  bytes = get("");
  EXPECT_TRUE(std::holds_alternative<Request>(reader.read(bytes)));
}

// RFC 9110 §10.1.1
TEST(RequestReader, InvitesNoBodyOfAnOlderClient) {
  EXPECT_TRUE(std::holds_alternative<Incomplete>(
      read_all("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")));
}

}  // namespace
}  // namespace heliograph::http
