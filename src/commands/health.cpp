#include "commands/health.hpp"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace heliograph::commands {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{5};
constexpr std::chrono::milliseconds kPause{100};
constexpr unsigned kHttpVersion = 11;

// PROXY protocol 2, section 2.2: the command LOCAL, of a connection that is nobody else's.
constexpr std::string_view kLocal{"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16};

std::string host_header(const config::CheckHealth& check) {
  const bool is_v6 = check.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", check.host, is_v6 ? "]" : "", check.port);
}

asio::awaitable<unsigned> ask(const config::CheckHealth& check) {
  auto executor = co_await asio::this_coro::executor;
  beast::tcp_stream stream(executor);
  asio::ip::tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(check.host, check.port, asio::use_awaitable);
  stream.expires_after(kPatience);
  co_await stream.async_connect(found, asio::use_awaitable);
  if (check.begins_with_proxy_header) {
    co_await asio::async_write(stream, asio::buffer(kLocal), asio::use_awaitable);
  }
  http::request<http::empty_body> request(http::verb::get, check.path, kHttpVersion);
  request.set(http::field::host, host_header(check));
  request.keep_alive(false);
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  co_await http::async_read(stream, buffer, response, asio::use_awaitable);
  co_return response.result_int();
}

// Asks until there is an answer or the time is over.
asio::awaitable<unsigned> ask_patiently(const config::CheckHealth& check) {
  const auto end = Clock::now() + check.wait;
  for (;;) {
    try {
      co_return co_await ask(check);
    } catch (const boost::system::system_error&) {
      if (Clock::now() >= end) throw;
    }
    asio::steady_timer pause(co_await asio::this_coro::executor, kPause);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

}  // namespace

config::Exit run(const config::CheckHealth& check) {
  const std::string url = fmt::format("http://{}{}", host_header(check), check.path);
  asio::io_context context(1);
  unsigned status = 0;
  std::string problem;
  asio::co_spawn(context, ask_patiently(check),
                 [&](const std::exception_ptr& failed, unsigned answered) {
                   status = answered;
                   try {
                     if (failed) std::rethrow_exception(failed);
                   } catch (const boost::system::system_error& error) {
                     problem = error.code().message();
                   } catch (const std::exception& error) {
                     problem = error.what();
                   }
                 });
  context.run();
  constexpr unsigned kOk = 200;
  if (problem.empty() && status == kOk) return {EXIT_SUCCESS, "healthy\n", ""};
  if (problem.empty()) problem = fmt::format("answers {}", status);
  if (!check.unread_file.empty()) {
    problem += fmt::format(" ({} cannot be read, maybe only by root)", check.unread_file);
  }
  return {EXIT_FAILURE, "", fmt::format("heliograph: {}: {}\n", url, problem)};
}

}  // namespace heliograph::commands
