// Any header lines: the address is the socket's or one that stands in the lines, and a proxy that
// is not trusted is not believed.
#include <string>
#include <string_view>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "http/forwarded.hpp"

namespace {

using namespace heliograph;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void check(const base::IpAddress& socket, const std::vector<std::string_view>& lines,
           http::ForwardedHeader header) {
  require(http::client_address(socket, lines, header, {}).address == socket);
  const std::vector<base::IpNetwork> all{{.first = {}, .prefix_bits = 0}};
  const std::vector<base::IpNetwork> one{{.first = socket}};
  for (const auto& trusted : {one, all}) {
    const base::IpAddress client = http::client_address(socket, lines, header, trusted).address;
    require(reactor::parse_address(reactor::text(client)) == client);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  FuzzedDataProvider chooser(data, size);
  const auto header = chooser.ConsumeBool() ? http::ForwardedHeader::kForwarded
                                            : http::ForwardedHeader::kXForwardedFor;
  const auto socket = reactor::parse_address(chooser.ConsumeBool() ? "203.0.113.7" : "2001:db8::7");
  std::vector<std::string> texts;
  while (chooser.remaining_bytes() > 0) texts.push_back(chooser.ConsumeRandomLengthString(200));
  const std::vector<std::string_view> lines(texts.begin(), texts.end());
  check(*socket, lines, header);
  return 0;
}
