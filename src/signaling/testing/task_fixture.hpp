#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "signaling/task.hpp"

namespace heliograph::signaling {

/// For tests: the peer of this number.
inline PeerId peer(std::uint64_t nonce) { return {.home = {}, .slot = 0, .nonce = nonce}; }

/// For tests: a request of this peer to the room `north`, without its action.
inline Task task_of(std::uint64_t sender,
                    base::TimePoint now = base::TimePoint(std::chrono::hours(1))) {
  Task task{.request = {}, .now = now};
  task.request.from = peer(sender);
  task.request.room = "north";
  return task;
}

/// For tests: "event to nonces" of each update ("nothing" if it has no event), "A replaces B", "A
/// is asked to go", and of acknowledgements and request errors the text.
inline std::vector<std::string> lines_of(const std::vector<RoomEffect>& effects) {
  std::vector<std::string> lines;
  for (const RoomEffect& effect : effects) {
    if (const auto* answer = std::get_if<Acknowledgement>(&effect)) {
      lines.push_back(answer->arguments);
    } else if (const auto* error = std::get_if<RequestError>(&effect)) {
      lines.push_back(error->event);
    } else if (const auto* vacate = std::get_if<Vacate>(&effect)) {
      lines.push_back(std::to_string(vacate->peer.nonce) + " is asked to go");
    } else if (const auto* replaced = std::get_if<Replaced>(&effect)) {
      lines.push_back(std::to_string(replaced->successor.nonce) + " replaces " +
                      std::to_string(replaced->peer.nonce));
    } else {
      const auto& update = std::get<RoomUpdate>(effect);
      const std::size_t end = update.event.find('"', 2);
      std::string line = update.event.empty() ? "nothing" : update.event.substr(2, end - 2);
      for (const PeerId& to : update.to) line += " " + std::to_string(to.nonce);
      lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace heliograph::signaling
