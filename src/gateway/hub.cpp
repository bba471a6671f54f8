#include "gateway/hub.hpp"

#include <array>
#include <cstring>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "auth/crypto.hpp"
#include "gateway/client_session.hpp"

namespace heliograph::gateway {
namespace {

std::uint64_t random_nonce(auth::RandomPool& random) {
  std::array<unsigned char, 8> bytes{};
  random.fill(bytes);
  std::uint64_t nonce = 0;
  std::memcpy(&nonce, bytes.data(), sizeof nonce);
  return nonce;
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

}  // namespace

Hub::Hub(const HubSettings& settings, WorkerLink link)
    : settings_(settings),
      decoder_limits_{.max_json_depth = settings.limits.max_json_depth,
                      .max_event_bytes = settings.limits.max_event_bytes},
      link_(std::move(link)),
      tokens_(settings.app_secret),
      hmac_(settings.app_secret),
      service_({.self = {.node = 0, .worker = link_.index},
                .workers = link_.count,
                .make_room_name = random_uuid,
                .digest =
                    [this](std::string_view password) {
                      return std::string(auth::as_text(hmac_("room password ", password)));
                    }},
               settings.limits, *this) {}

Hub::~Hub() = default;

std::unique_ptr<Client> Hub::open(Channel& channel, const Now& now) {
  now_ = now;
  return std::make_unique<ClientSession>(*this, channel, now);
}

void Hub::receive(signaling::WorkerMessage&& mail, const Now& now) {
  now_ = now;
  service_.receive(std::move(mail), now.steady);
}

void Hub::elapse(const Now& now) {
  now_ = now;
  service_.expire(now.steady);
}

signaling::PeerId Hub::add(ClientSession& client) {
  const signaling::PeerId peer = service_.add_peer(random_nonce(random_));
  if (peer.slot >= clients_.size()) clients_.resize(peer.slot + 1);
  clients_[peer.slot] = &client;
  return peer;
}

void Hub::remove(const signaling::PeerId& peer) {
  clients_[peer.slot] = nullptr;
  service_.remove_peer(peer, now_.steady);
}

void Hub::deliver(const signaling::PeerId& to, std::string_view event,
                  const signaling::SharedAttachments& attachments) {
  clients_[to.slot]->send_event(event, attachments);
}

void Hub::acknowledge(const signaling::PeerId& to, std::uint64_t id, std::string_view arguments) {
  clients_[to.slot]->send_acknowledgement(id, arguments);
}

void Hub::post(signaling::Address to, signaling::WorkerMessage message) {
  link_.post(to.worker, std::move(message));
}

}  // namespace heliograph::gateway
