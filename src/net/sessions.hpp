#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "auth/crypto.hpp"
#include "base/log.hpp"
#include "engineio/settings.hpp"
#include "net/address.hpp"
#include "net/session.hpp"

namespace heliograph::net {

class LoopTurn;

/// The Engine.IO sessions of one worker, found by the slot in their id.
class Sessions {
 public:
  Sessions(LoopTurn& turn, std::uint16_t worker, const engineio::Settings& settings,
           std::size_t max_unsent_bytes, base::Log& log);
  ~Sessions();

  /// `address`: the client's.
  Session& create(engineio::Transport transport, const IpAddress& address);
  /// Nothing where no session of this worker has exactly this id, or it is closing and has no
  /// request of its client to wait for any more.
  Session* find(const SessionId& id);
  void erase(Session& session);
  void close_all(gateway::CloseReason reason);
  /// The worker's time has fallen behind that of its clients by so much.
  void on_stall(base::Duration stall);

  LoopTurn& turn() { return turn_; }
  const engineio::Settings& settings() const { return settings_; }
  std::size_t max_unsent_bytes() const { return max_unsent_bytes_; }
  base::Log& log() { return log_; }

 private:
  LoopTurn& turn_;
  std::uint16_t worker_;
  const engineio::Settings& settings_;
  std::size_t max_unsent_bytes_;
  base::Log& log_;
  auth::RandomPool random_;
  std::vector<std::unique_ptr<Session>> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace heliograph::net
