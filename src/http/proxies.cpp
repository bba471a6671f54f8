#include "http/proxies.hpp"

#include <string_view>

#include <boost/beast/http/field.hpp>

#include "base/text.hpp"

namespace heliograph::http {
namespace {

constexpr std::string_view kXForwardedFor = "X-Forwarded-For";

std::string_view name_of(ForwardedHeader header) {
  return header == ForwardedHeader::kForwarded ? "Forwarded" : kXForwardedFor;
}

std::vector<std::string_view> lines_of(const Request& request, std::string_view name) {
  std::vector<std::string_view> lines;
  const auto [first, last] = request.equal_range({name.data(), name.size()});
  for (auto field = first; field != last; ++field) {
    lines.emplace_back(field->value().data(), field->value().size());
  }
  return lines;
}

bool has_header(const Request& request, std::string_view name) {
  return request.find({name.data(), name.size()}) != request.end();
}

}  // namespace

Proxies::Proxies(const Settings& settings)
    : header_(settings.forwarded_header == "forwarded" ? ForwardedHeader::kForwarded
                                                       : ForwardedHeader::kXForwardedFor) {
  for (const std::string& network : settings.trusted_proxies) {
    if (const auto parsed = reactor::parse_network(network)) trusted_.push_back(*parsed);
  }
}

bool Proxies::counts_connection(const base::IpAddress& socket) const {
  if (base::is_loopback(socket) || are_trusted(socket)) return false;
  return !(trusted_.empty() && base::is_private(socket));
}

bool Proxies::is_unknown_proxy(const base::IpAddress& socket, const Request& request) const {
  return trusted_.empty() && (base::is_private(socket) || base::is_loopback(socket)) &&
         (has_header(request, kXForwardedFor) || has_header(request, "Forwarded"));
}

bool Proxies::believes(const Sender& sender) const {
  return sender.may_forward && are_trusted(sender.address);
}

ClientAddress Proxies::client(const Sender& sender, const Request& request) const {
  ClientAddress client{.address = sender.address};
  bool is_known = true;
  if (believes(sender)) {
    const auto lines = lines_of(request, name_of(header_));
    const auto walked = client_address(sender.address, lines, header_, trusted_);
    client.address = walked.address;
    is_known = walked.is_complete;
  }
  client.is_of_unknown_proxy = is_unknown_proxy(sender.address, request);
  const bool is_exempt =
      (base::is_loopback(client.address) && is_known) || client.is_of_unknown_proxy;
  client.is_limited = !is_exempt;
  return client;
}

std::string_view Proxies::host(const Sender& sender, const Request& request) const {
  if (believes(sender)) {
    const auto lines = lines_of(request, "X-Forwarded-Host");
    if (!lines.empty()) {
      const std::string_view line = lines.back();
      return base::trim(line.substr(line.rfind(',') + 1));
    }
  }
  return header(request, boost::beast::http::field::host);
}

}  // namespace heliograph::http
