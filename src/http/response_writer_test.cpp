#include "http/response_writer.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace heliograph::http {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string text_of(const Response& response, ResponseForm form = {}) {
  std::string out = "before;";
  append_response(out, response, form);
  EXPECT_THAT(out, StartsWith("before;"));
  return out.substr(7);
}

Response page() {
  Response response;
  response.content_type = "text/html";
  response.body = Body(std::string("<p>hello"));
  response.headers = {{"Cache-Control", "no-store"}};
  return response;
}

TEST(HttpResponse, HasALineHeadersAndABody) {
  EXPECT_EQ(text_of(page(), {.unix_seconds = 784'111'777}),
            "HTTP/1.1 200 OK\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/html\r\n"
            "Content-Length: 8\r\n"
            "Cache-Control: no-store\r\n"
            "Connection: close\r\n"
            "\r\n"
            "<p>hello");
}

// RFC 9110 §9.3.2
TEST(HttpResponse, ToAHeadRequestLacksTheBodyAndNothingElse) {
  const std::string text = text_of(page(), {.head_only = true});
  EXPECT_THAT(text, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
}

// RFC 9110 §8.6
TEST(HttpResponse, WithoutContentHasNoLength) {
  for (const unsigned status : {204U, 304U}) {
    Response response = page();
    response.status = status;
    const std::string text = text_of(response);
    EXPECT_THAT(text, Not(HasSubstr("Content-Length")));
    EXPECT_THAT(text, EndsWith("\r\n\r\n"));
  }
}

TEST(HttpResponse, AnEmptyBodyHasALength) {
  Response response;
  EXPECT_THAT(text_of(response), HasSubstr("Content-Length: 0\r\n"));
}

TEST(HttpResponse, SaysWhatBecomesOfTheConnection) {
  EXPECT_THAT(text_of(page()), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(text_of(page()), Not(HasSubstr("Keep-Alive")));
  EXPECT_THAT(text_of(page(), {.keep_alive = std::chrono::milliseconds(75'999)}),
              HasSubstr("\r\nConnection: keep-alive\r\nKeep-Alive: timeout=75\r\n"));
  EXPECT_THAT(text_of(page(), {.keep_alive = std::chrono::milliseconds(500)}),
              AllOf(HasSubstr("\r\nConnection: keep-alive\r\n"), Not(HasSubstr("Keep-Alive:"))));
}

TEST(HttpResponse, AStatusOfItsOwnHasALineToo) {
  Response response;
  response.status = 599;
  EXPECT_THAT(text_of(response), StartsWith("HTTP/1.1 599 "));
}

}  // namespace
}  // namespace heliograph::http
