#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cluster/bus_message.hpp"
#include "cluster/store.hpp"
#include "signaling/worker_message.hpp"

// For tests: messages as lines of text. Peers go by their nonce: "p7".
namespace heliograph::cluster::testing {

// Nodes: the one that is tested, and others.
inline constexpr std::uint32_t kHere = 1;
inline constexpr std::uint32_t kThere = 2;
inline constexpr std::uint32_t kElsewhere = 3;

inline std::string name_of(const signaling::PeerId& peer) {
  return "p" + std::to_string(peer.nonce);
}

// Of `["name",{…}]`.
inline std::string event_name(std::string_view event) {
  const std::size_t end = event.find('"', 2);
  return std::string(end == std::string_view::npos ? event : event.substr(2, end - 2));
}

// "ok", or the code of the error.
inline std::string outcome(std::string_view arguments) {
  constexpr std::string_view kCode = R"("code":")";
  const std::size_t code = arguments.find(kCode);
  if (code == std::string_view::npos) return "ok";
  const std::string_view rest = arguments.substr(code + kCode.size());
  return std::string(rest.substr(0, rest.find('"')));
}

inline std::string line_of(const signaling::RoomUpdate& update) {
  constexpr std::string_view kStandings[] = {"outside", "waiting", "inside", "as it was"};
  constexpr std::string_view kAnswers[] = {"", ", answers an entry", ", answers a leave"};
  std::string line;
  for (const signaling::PeerId& to : update.to) line += name_of(to) + " ";
  line += update.event.empty() ? "is" : event_name(update.event) + ":";
  line.append(" ").append(kStandings[static_cast<std::size_t>(update.membership)]);
  return line.append(kAnswers[static_cast<std::size_t>(update.answers)]);
}
inline std::string line_of(const signaling::Acknowledgement& answer) {
  return name_of(answer.to) + " ack " + std::to_string(answer.id) + ": " +
         outcome(answer.arguments);
}
inline std::string line_of(const signaling::RequestError& error) {
  return name_of(error.to) + " request-error: " + outcome(error.event);
}
inline std::string line_of(const signaling::RemoteRelay& relay) {
  return name_of(relay.to) + " relay " + event_name(relay.event) + " of " + name_of(relay.from);
}
inline std::string line_of(const signaling::PassedOn& passed) {
  return name_of(passed.to) + " passed on";
}
inline std::string line_of(const signaling::Replace& replace) {
  return name_of(replace.successor) + " is to replace " + name_of(replace.peer);
}
inline std::string line_of(const signaling::Replaced& answer) {
  return name_of(answer.successor) + " replaces " + name_of(answer.peer);
}
inline std::string line_of(const signaling::RoomRequest& request) {
  return "a request of " + name_of(request.from);
}
inline std::string line_of(const signaling::WorkerMessage& message) {
  return std::visit([](const auto& body) { return line_of(body); }, message);
}

inline std::vector<std::string> lines_of(std::string_view bytes) {
  const auto batch = read_batch(bytes);
  if (!batch) return {"no batch"};
  std::vector<std::string> lines;
  for (const BusMessage& item : batch->messages) lines.push_back(line_of(item.message));
  return lines;
}

/// All that is delivered to this node.
inline std::vector<std::string> lines_to(std::uint32_t node,
                                         const std::vector<Delivery>& deliveries) {
  for (const Delivery& delivery : deliveries) {
    if (delivery.node == node) return lines_of(delivery.batch);
  }
  return {};
}

inline signaling::PeerId peer(std::uint32_t node, std::uint64_t nonce, std::uint16_t worker = 0) {
  return {{node, worker}, 0, nonce};
}

inline signaling::RoomRequest request(const signaling::PeerId& from, signaling::RoomAction action) {
  signaling::RoomRequest request;
  request.from = from;
  request.room = "north";
  request.action = std::move(action);
  return request;
}

inline signaling::RemoteRelay relay(const signaling::PeerId& from, const signaling::PeerId& to,
                                    std::string_view event = "message") {
  signaling::RemoteRelay relay;
  relay.from = from;
  relay.to = to;
  relay.room = "north";
  relay.event = "[\"" + std::string(event) + "\",{}]";
  return relay;
}

}  // namespace heliograph::cluster::testing
