#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/crypto.hpp"
#include "auth/tokens.hpp"
#include "base/json.hpp"
#include "gateway/application.hpp"
#include "signaling/limits.hpp"
#include "signaling/service.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

class ClientSession;

struct HubSettings {
  signaling::Limits limits;
  std::chrono::milliseconds connect_timeout{5'000};  // from the handshake to the CONNECT
  std::chrono::seconds token_lifetime{86'400};       // of session tokens
  std::string app_secret;
};

/// Heliograph itself on one worker: its clients and their signalling service.
class Hub final : public Application, private signaling::Outbox {
 public:
  Hub(const HubSettings& settings, WorkerLink link);
  ~Hub() override;

  std::unique_ptr<Client> open(Channel& channel, const Now& now) override;
  void receive(signaling::WorkerMessage&& mail, const Now& now) override;
  void elapse(const Now& now) override;
  base::TimePoint deadline() const override { return service_.deadline(); }

 private:
  friend class ClientSession;

  signaling::PeerId add(ClientSession& client);
  void remove(const signaling::PeerId& peer);

  void deliver(const signaling::PeerId& to, std::string_view event,
               const signaling::SharedAttachments& attachments) override;
  void acknowledge(const signaling::PeerId& to, std::uint64_t id,
                   std::string_view arguments) override;
  void post(signaling::Address to, signaling::WorkerMessage message) override;

  HubSettings settings_;
  socketio::DecoderLimits decoder_limits_;
  WorkerLink link_;
  auth::Tokens tokens_;
  auth::RandomPool random_;
  auth::HmacSha256 hmac_;
  signaling::Service service_;
  json::Outline outline_;                // scratch of all decoders
  std::vector<ClientSession*> clients_;  // by the slot in their peer id
  Now now_;                              // of the call that is being carried out
};

}  // namespace heliograph::gateway
