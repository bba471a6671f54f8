#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/crypto.hpp"
#include "base/log.hpp"
#include "engineio/settings.hpp"
#include "http/proxies.hpp"
#include "reactor/loop_turn.hpp"
#include "transport/address_table.hpp"
#include "transport/session.hpp"

namespace heliograph::transport {

/// The Engine.IO sessions of one worker, found by the slot in their id. Must outlive the last turn
/// of the loop.
class Sessions final : public SessionOwner {
 public:
  /// `max_waiting`: sessions that wait for a CONNECT; beyond this the oldest ends.
  Sessions(reactor::LoopTurn& turn, std::uint16_t worker, const engineio::Settings& settings,
           std::size_t max_waiting, base::Log& log);
  ~Sessions() override;

  Session& create(engineio::Transport transport, const http::ClientAddress& client,
                  AddressTable::SessionPlace place);
  /// Nothing if no session of this worker has exactly this id, or if it is closing and waits for no
  /// request of its client any more.
  Session* find(const SessionId& id);
  /// The client of a session that polled and was lost, once, for a while; nothing if there was none
  /// of this id.
  std::optional<std::string> take_lost(const SessionId& id);
  void close_all(gateway::CloseReason reason);
  /// The worker's time has fallen behind that of its clients by this much.
  void on_stall(base::Duration stall);

  void begin_waiting(const Session& session) override;
  void end_waiting() override { --waiting_count_; }
  void note_lost(const SessionId& id, std::string client) override;
  void erase(Session& session) override;

 private:
  Session* find_waiting(const SessionId& id);
  void end_oldest_waiting();

  std::uint16_t worker_;
  std::size_t max_waiting_;
  auth::RandomPool random_;
  std::vector<std::unique_ptr<Session>> slots_;
  std::vector<std::uint32_t> free_;
  struct Lost {
    SessionId id;
    std::string client;
    base::TimePoint until;
  };
  std::deque<Lost> lost_;          // in the order of `until`
  std::deque<SessionId> waiting_;  // in the order of their coming; some do not wait any more
  std::size_t waiting_count_ = 0;  // of those that do
};

}  // namespace heliograph::transport
