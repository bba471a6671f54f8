#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/outbox.hpp"

namespace heliograph::signaling {

/// For tests: keeps what is put into it.
struct RecordingOutbox final : Outbox {
  struct Posted {
    Address to;
    WorkerMessage message;
  };

  void deliver(const PeerId&, const EventText& event, const SharedAttachments&) override {
    events.push_back(event.whole());
  }
  void acknowledge(const PeerId&, std::uint64_t, std::string_view arguments) override {
    answers.emplace_back(arguments);
  }
  void post(Address to, WorkerMessage message) override {
    posted.push_back({to, std::move(message)});
  }
  bool is_congested(const Address& to) const override { return to == congested; }

  std::vector<std::string> events;
  std::vector<std::string> answers;
  std::vector<Posted> posted;
  std::optional<Address> congested;
};

}  // namespace heliograph::signaling
