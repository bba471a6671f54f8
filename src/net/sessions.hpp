#pragma once

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
#include "net/address_table.hpp"
#include "net/proxies.hpp"
#include "net/session.hpp"

namespace heliograph::net {

class LoopTurn;

/// The Engine.IO sessions of one worker, found by the slot in their id.
class Sessions {
 public:
  struct Limits {
    std::size_t max_unsent_bytes;
    std::size_t max_waiting;  // sessions that wait for a CONNECT; of more the oldest ends
  };
  Sessions(LoopTurn& turn, std::uint16_t worker, const engineio::Settings& settings,
           const Limits& limits, base::Log& log);
  ~Sessions();

  Session& create(engineio::Transport transport, const ClientAddress& client,
                  AddressTable::SessionPlace place);
  /// Nothing where no session of this worker has exactly this id, or it is closing and has no
  /// request of its client to wait for any more.
  Session* find(const SessionId& id);
  void erase(Session& session);
  /// A session that polled was lost; `client`: Client::name_for_log().
  void note_lost(const SessionId& id, std::string client);
  /// The client of such a session, once, for a while; nothing if there was none of this id.
  std::optional<std::string> take_lost(const SessionId& id);
  /// The session waits for its CONNECT from now on, and has stopped to.
  void begin_waiting(const Session& session);
  void end_waiting() { --waiting_count_; }
  void close_all(gateway::CloseReason reason);
  /// The worker's time has fallen behind that of its clients by so much.
  void on_stall(base::Duration stall);

  LoopTurn& turn() { return turn_; }
  const engineio::Settings& settings() const { return settings_; }
  std::size_t max_unsent_bytes() const { return limits_.max_unsent_bytes; }
  base::Log& log() { return log_; }

 private:
  Session* find_waiting(const SessionId& id);
  void end_oldest_waiting();

  LoopTurn& turn_;
  std::uint16_t worker_;
  const engineio::Settings& settings_;
  Limits limits_;
  base::Log& log_;
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

}  // namespace heliograph::net
