#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "engineio/packet.hpp"
#include "engineio/poll_queue.hpp"
#include "engineio/session_state.hpp"
#include "engineio/settings.hpp"
#include "gateway/application.hpp"
#include "http/exchange.hpp"
#include "http/proxies.hpp"
#include "reactor/loop_turn.hpp"
#include "reactor/timer_wheel.hpp"
#include "socketio/packet.hpp"
#include "transport/address_table.hpp"
#include "transport/session_id.hpp"
#include "transport/websocket_protocol.hpp"

namespace heliograph::transport {

class Session;

/// The table that a session is in, and the state that it shares with the others there.
class SessionOwner : private reactor::EndOfTurn {
 public:
  SessionOwner(reactor::LoopTurn& turn, const engineio::Settings& settings, base::Log& log)
      : turn_(turn), settings_(settings), log_(log) {
    turn.at_end(*this);
  }
  SessionOwner(const SessionOwner&) = delete;
  SessionOwner& operator=(const SessionOwner&) = delete;
  ~SessionOwner() override = default;

  reactor::LoopTurn& turn() const { return turn_; }
  const engineio::Settings& settings() const { return settings_; }
  base::Log& log() const { return log_; }

  /// At the end of the turn the session's waiting poll is answered with all that is queued.
  void will_answer_poll(Session& session) { polls_.push_back(&session); }
  /// At the end of the turn the session is ended and destroyed.
  void will_end(Session& session) { ending_.push_back(&session); }

  /// The session waits for its CONNECT from now on.
  virtual void begin_waiting(const Session& session) = 0;
  /// One session fewer waits.
  virtual void end_waiting() = 0;
  /// A session that polled was lost; `client`: Client::name_for_log().
  virtual void note_lost(const SessionId& id, std::string client) = 0;
  /// Destroys the session, which has ended.
  virtual void erase(Session& session) = 0;

 private:
  bool end_turn() override;

  reactor::LoopTurn& turn_;
  const engineio::Settings& settings_;
  base::Log& log_;
  std::vector<Session*> polls_;
  std::vector<Session*> ending_;
};

/// An Engine.IO session with the transports that carry it and the application's Client on top.
/// Owned by its SessionOwner. close() may be called from anywhere; the session ends, is taken
/// out of the table and destroyed when the loop turn ends.
class Session final : public gateway::Channel,
                      public WebSocketHandler,
                      private http::Responder,
                      private reactor::Timer {
 public:
  /// `place`: among the sessions of the client's address; null if they are not counted.
  Session(SessionOwner& owner, const SessionId& id, engineio::Transport transport,
          const http::ClientAddress& client, AddressTable::SessionPlace place);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const SessionId& id() const { return id_; }
  engineio::Transport transport() const { return state_.transport(); }

  /// Sends the open packet and puts the application's Client on top.
  void open(gateway::Application& application);

  /// The WebSocket that carries the session from now on; before open().
  void attach(WebSocketProtocol& websocket) { websocket_ = &websocket; }
  /// Bytes that a POST of it may have.
  std::size_t max_body_bytes() const;
  /// Whether the session may be probed for an upgrade. If so, attach_probe() must follow.
  bool begin_probe();
  void attach_probe(WebSocketProtocol& websocket);

  /// A long-polling GET, which is answered now or later. False if it has to be refused.
  bool on_poll(http::Exchange& get);
  /// The body by which a page says goodbye, maybe beside a POST that is under way: a Socket.IO
  /// DISCONNECT, and an Engine.IO close.
  static constexpr std::array kGoodbyeCharacters = {
      static_cast<char>(engineio::PacketType::kMessage),
      static_cast<char>(socketio::PacketType::kDisconnect), engineio::kSeparator,
      static_cast<char>(engineio::PacketType::kClose)};
  static constexpr std::string_view kGoodbye{kGoodbyeCharacters.data(), kGoodbyeCharacters.size()};

  enum class ExpectedBody : bool { kPackets, kGoodbye };
  /// A long-polling POST whose body is still to come. False if another one is under way and this is
  /// no goodbye; the session then closes.
  bool begin_post(http::Exchange& exchange, ExpectedBody body);
  /// A complete POST. It is answered now; if it closes the session, when that is over. False if it
  /// breaks the protocol; the session then closes.
  bool on_post(http::Exchange& exchange, std::string_view body);
  /// Says what is wrong with a request that one of these has refused.
  std::string_view refusal() const;
  /// Closes the session if its time is over; false if it is closing.
  bool is_alive();
  /// Whether it is closing and still answers polls: the client has closed it by a POST and the GET
  /// that it may have sent beside that POST, over another connection, has not come yet; or the
  /// server has closed it and more packets are queued than one answer takes.
  bool awaits_last_polls() const;

  void send_text(std::span<const std::string_view> parts) override;
  void send_kept(const gateway::KeptMessage& kept) override;
  void send_binary(std::string_view bytes) override;
  bool ping() override;
  std::size_t unsent() const override;
  std::size_t held_bytes() const override;
  void admit() override;
  void pause() override;
  void resume() override;
  bool is_admitted() const { return is_admitted_; }
  /// Whether its client has yet to send its first CONNECT.
  bool is_waiting() const { return is_waiting_; }
  void close(gateway::CloseReason reason) override;
  bool is_closing() const override { return is_closing_; }
  std::unique_ptr<gateway::Client> replace_client(std::unique_ptr<gateway::Client> next) override {
    return std::exchange(client_, std::move(next));
  }
  std::string address() const override { return reactor::text(address_); }
  base::IpAddress limited_address() const override {
    return is_limited_ ? address_ : base::IpAddress{};
  }

  void on_message(WebSocketProtocol& from, const gateway::Message& message) override;
  void pinged(WebSocketProtocol& from) override;
  void lost(WebSocketProtocol& websocket, gateway::CloseReason reason) override;

  /// The server's time has fallen behind the client's by this much, which may need a ping.
  void on_stall(base::Duration stall);

  /// For the loop turn's end.
  void answer_poll();
  void end();

 private:
  void client_gone(http::Exchange& exchange) override;
  void time_over() override;
  void belong(http::Exchange& exchange);
  void elapse();
  void arm();
  void arm_earlier();
  base::TimePoint deadline() const;
  bool is_closed_by_post() const;
  bool owes_packets() const;
  bool ignore_post(http::Exchange& exchange);
  bool on_goodbye(http::Exchange& exchange);
  bool needs_another_poll();
  void linger();
  void end_waiting();
  void log_start();
  void log_end();
  bool on_packet(const engineio::Packet& packet);
  void on_probe_packet(const engineio::Packet& packet);
  void end_probe();
  void upgrade();
  void send_ping();
  void send_packet(engineio::PacketType type, std::string_view data = {});
  void queue(engineio::PacketType type, std::span<const std::string_view> parts);
  void queued();
  std::size_t queued_bytes() const { return queue_ ? queue_->size() : 0; }
  void count_queue(std::size_t before);

  static_assert(static_cast<unsigned>(gateway::CloseReason::kGoingAway) < 32);

  SessionOwner& owner_;
  SessionId id_;
  // Most sessions are idle, so each byte counts: what follows takes the place that state_ leaves.
  [[no_unique_address]] engineio::SessionState state_;
  gateway::CloseReason close_reason_ : 5 = {};
  bool is_closing_ : 1 = false;
  bool answers_poll_ : 1 = false;  // this turn
  bool is_lingering_ : 1 = false;  // until the last poll comes
  bool is_admitted_ : 1 = false;
  bool is_waiting_ : 1 = false;
  bool is_paused_ : 1 = false;   // the client is not read from
  bool holds_post_ : 1 = false;  // post_ is complete, and is answered when that is over
  bool is_limited_ : 1;          // by its client's address
  std::uint32_t opened_at_;      // in seconds of the steady clock
  base::IpAddress address_;
  AddressTable::SessionPlace place_;
  gateway::Application* application_ = nullptr;
  std::unique_ptr<gateway::Client> client_;
  WebSocketProtocol* websocket_ = nullptr;
  WebSocketProtocol* probe_ = nullptr;
  http::Exchange* poll_ = nullptr;  // the GET that waits
  http::Exchange* post_ = nullptr;  // the POST that is not complete, or that closed the session
  std::unique_ptr<engineio::PollQueue> queue_;  // null if nothing waits
};

}  // namespace heliograph::transport
