#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "base/log.hpp"
#include "reactor/address.hpp"
#include "reactor/descriptor.hpp"
#include "reactor/event_loop.hpp"
#include "reactor/timer_wheel.hpp"

namespace heliograph::reactor {

class LoopTurn;

/// An address to listen on, as getaddrinfo gives it.
struct ListenAddress {
  sockaddr_storage address{};
  socklen_t length = 0;
};

/// Whether the machine has IPv6.
enum class Ipv6 : bool { kOff, kOn };
Ipv6 detect_ipv6();

/// The addresses to listen on for a host, a name or a number: "localhost" is 127.0.0.1 and ::1;
/// "::" is every address of both families; without IPv6 both are what IPv4 has of it. Throws
/// std::runtime_error if there is no such host.
std::vector<ListenAddress> resolve(const std::string& host, std::uint16_t port,
                                   Ipv6 ipv6 = detect_ipv6());

/// The same address with another port.
ListenAddress with_port(ListenAddress address, std::uint16_t port);

/// Throws std::system_error if another process listens on the address already: SO_REUSEPORT
/// alone would let two servers of one user share a port unnoticed.
void check_unused(const ListenAddress& address);

/// A worker's listening socket. All workers listen on the same address, each with a socket of its
/// own (SO_REUSEPORT), and the kernel spreads the clients. If there is no descriptor for a client,
/// it asks for one to be freed. If that is not possible, the client is refused: it
/// takes the place of a descriptor that is kept in reserve. If there is no memory, it waits a
/// moment and tries again; the client stays in the kernel's queue.
class Listener final : private EventSource, private Timer {
 public:
  /// `address`: the client's.
  using Accept = std::function<void(Descriptor, const base::IpAddress& address)>;
  /// Frees a descriptor by the end of the turn; false if that is not possible.
  using MakeRoom = std::function<bool()>;
  /// The bytes that a refused client gets.
  using Refusal = std::function<std::string()>;

  /// Throws std::system_error if the address cannot be listened on.
  Listener(LoopTurn& turn, const ListenAddress& address, base::Log& log, Accept accept,
           MakeRoom make_room, Refusal refusal);
  ~Listener() override;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// The address with the port that is really listened on.
  ListenAddress address() const;

  /// Stops accepting. The object has to stay until the loop turn has ended.
  void stop();

 private:
  void readable(OtherSide other_side) override;
  void time_over() override;
  bool accept_one();
  bool has_waiting() const;
  void bear_shortage(int error);
  bool refuse_one();
  void answer_refused();
  template <class Take>
  void replace_reserve(Take take);
  void pause();

  LoopTurn& turn_;
  Descriptor socket_;
  base::Log& log_;
  Accept accept_;
  MakeRoom make_room_;
  Refusal refusal_;
  Descriptor reserve_;  // in its place, the client that was refused last
  bool is_paused_ = false;
  bool is_short_ = false;  // of descriptors, and said so
};

std::uint16_t port_of(const ListenAddress& address);

}  // namespace heliograph::reactor
