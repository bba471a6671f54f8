#include "gateway/shared_by_clients.hpp"

#include <array>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/base64.hpp"
#include "signaling/command.hpp"

namespace heliograph::gateway {
namespace {

std::uint64_t random_nonce(auth::RandomPool& random) {
  std::array<unsigned char, 8> bytes{};
  random.fill(bytes);
  std::uint64_t nonce = 0;
  std::memcpy(&nonce, bytes.data(), sizeof nonce);
  return nonce;
}

std::string random_ticket(auth::RandomPool& random) {
  std::array<unsigned char, 16> bytes{};
  random.fill(bytes);
  return base::base64url_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// RFC 9562 §5.4.
std::string random_uuid() {
  std::array<unsigned char, 16> b{};
  auth::random_bytes(b);
  b[6] = static_cast<unsigned char>((b[6] & 0x0F) | 0x40);
  b[8] = static_cast<unsigned char>((b[8] & 0x3F) | 0x80);
  std::string uuid;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
    uuid += fmt::format("{:02x}", b[i]);
  }
  return uuid;
}

signaling::Homes homes_of(const WorkerLink& link) {
  return {.self = link.address(), .workers = link.count, .is_clustered = link.post_far != nullptr};
}

// By what is declared above the service, which is being made.
signaling::Secrets secrets_of(SharedByClients& shared) {
  return {.make_room_name = random_uuid,
          .make_ticket = shared.settings.limits.ticket_lifetime.count() == 0
                             ? std::function<std::string()>()
                             : [&random = shared.random] { return random_ticket(random); },
          .digests =
              [&keys = shared.hmac](std::string_view password) {
                std::vector<std::string> digests;
                keys.each([&](const auth::HmacSha256& hmac) {
                  digests.emplace_back(auth::as_text(hmac("room password ", password)));
                });
                return digests;
              }};
}

signaling::Service::Settings service_settings_of(const HubSettings& settings) {
  return {.limits = settings.limits,
          .guesses = settings.guesses,
          .takes_emissions = settings.takes_emissions};
}

}  // namespace

SharedByClients::SharedByClients(HubSettings hub_settings, WorkerLink worker_link,
                                 signaling::Outbox& outbox)
    : settings(std::move(hub_settings)),
      max_kept_bytes(settings.recovery.max_total_bytes / worker_link.count),
      decoder_limits{.max_json_depth = settings.limits.max_json_depth,
                     .max_event_bytes = settings.limits.max_event_bytes,
                     .large_event = "relay-session-description",
                     .max_large_event_bytes = settings.limits.max_description_bytes},
      link(std::move(worker_link)),
      tokens(settings.app_secret),
      hmac(settings.app_secret),
      service(homes_of(link), secrets_of(*this), service_settings_of(settings), outbox),
      far_sessions(link, settings.limits, apps) {}

signaling::PeerId SharedByClients::add_peer(ClientSession& client) {
  const signaling::PeerId peer = service.add_peer(random_nonce(random));
  clients.set(peer, client);
  return peer;
}

void SharedByClients::remove_peer(const signaling::PeerId& peer) {
  clients.clear(peer);
  service.remove_peer(peer, now.steady);
}

}  // namespace heliograph::gateway
