#include "micro/simulated_worker.hpp"

#include <cstdint>
#include <stdexcept>
#include <utility>

#include "auth/tokens.hpp"
#include "load/event_text.hpp"

namespace heliograph::micro {
namespace {

constexpr std::string_view kSecret = "a secret of thirty-two bytes or more";

gateway::HubSettings settings() {
  gateway::HubSettings settings;
  settings.app_secret = kSecret;
  settings.limits.events.per_second = 0;
  return settings;
}

gateway::WorkerLink alone() {
  return {.index = 0, .count = 1, .post = [](std::uint16_t, const gateway::Mail&) {
            throw std::logic_error("a lone worker sent mail");
          }};
}

std::string member(std::string_view json, std::string_view name) {
  const auto value = load::string_member(json, name);
  if (!value) {
    throw std::logic_error("the hub did not answer as expected: " + std::string(json));
  }
  return std::string(*value);
}

}  // namespace

SimulatedWorker::SimulatedWorker(std::size_t clients)
    : hub_(settings(), alone()), app_token_(auth::Tokens(kSecret).issue_app("bench")) {
  clients_.reserve(clients);
  for (std::size_t client = 0; client < clients; ++client) {
    clients_.push_back({Ear(*this), nullptr});
  }
}

SimulatedWorker::Identity SimulatedWorker::come(std::size_t client) {
  clients_[client].session = hub_.open(clients_[client].ear, now_);
  receive(client, "0" + load::ObjectText().text("token", app_token_).end());
  Identity identity;
  identity.peer_id = member(heard_, "sid");
  const std::string peerinfo = load::ObjectText().text("name", "p").end();
  const std::string request = load::event_text(
      "auth-request", load::ObjectText().text("token", app_token_).raw("peerinfo", peerinfo));
  receive(client, std::string_view(request).substr(1));
  identity.session_token = member(heard_, "token");
  return identity;
}

void SimulatedWorker::say(std::size_t client, std::string_view event) {
  said_.assign("2").append(event);
  receive(client, said_);
}

void SimulatedWorker::receive(std::size_t client, std::string_view message) {
  clients_[client].session->on_message({.binary = false, .data = message}, now_);
}

void SimulatedWorker::Ear::send_text(std::span<const std::string_view> parts) {
  worker_.heard_.clear();
  for (const std::string_view part : parts) {
    worker_.heard_.append(part);
  }
  ++worker_.messages_;
}

void SimulatedWorker::Ear::send_binary(std::string_view) {
  throw std::logic_error("the hub sent an attachment that nobody gave it");
}

void SimulatedWorker::Ear::close(gateway::CloseReason) {
  throw std::logic_error("the hub closed a client");
}

}  // namespace heliograph::micro
