#include "http/proxy_protocol.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "http/http1.hpp"
#include "http/proxy_header.hpp"

namespace heliograph::http {
namespace {

constexpr std::chrono::seconds kTimeout{5};

}  // namespace

ProxyProtocol::ProxyProtocol(const SharedByConnections& shared, Handler& handler,
                             reactor::Connection& connection, const base::IpAddress& socket)
    : shared_(shared), handler_(handler), connection_(connection), socket_(socket) {
  connection_.set_deadline(connection_.now() + kTimeout);
}

ProxyProtocol::~ProxyProtocol() { connection_.hold(counted_, 0); }

void ProxyProtocol::distrust() {
  is_trusted_ = false;
  if (!base::is_loopback(socket_)) refuse_stranger();
}

void ProxyProtocol::refuse_stranger() { refuse("not from a trusted proxy"); }

std::size_t ProxyProtocol::held_bytes() const { return base::heap_bytes(received_); }

void ProxyProtocol::recount() {
  const std::size_t before = std::exchange(counted_, held_bytes());
  connection_.hold(before, counted_);
}

void ProxyProtocol::on_bytes(std::span<char> bytes) {
  received_.append(bytes.data(), bytes.size());
  recount();
  const auto result = read_proxy_header(received_);
  if (std::holds_alternative<ProxyHeaderIncomplete>(result)) return;
  const auto* header = std::get_if<ProxyHeader>(&result);
  if (!header) return refuse("not a PROXY header of version 2");
  if (!is_trusted_ && header->address) return refuse_stranger();
  const Sender sender{.address = header->address.value_or(socket_),
                      .may_forward = header->address.has_value()};
  auto http = std::make_unique<Http1>(shared_, handler_, connection_, sender);
  if (!handler_.enter(connection_, sender.address)) http->refuse_address();
  connection_.switch_to(std::move(http), received_.substr(header->size));
}

void ProxyProtocol::time_over() { refuse("no PROXY header in time"); }

void ProxyProtocol::refuse(std::string_view reason) {
  base::Log& log = shared_.log;
  if (log.admits(base::LogLevel::kWarn, "connection refused", reason)) {
    log.write(base::LogLevel::kWarn, "connection refused",
              {{"reason", reason}, {"address", reactor::text(socket_)}});
  }
  connection_.abort();
}

}  // namespace heliograph::http
