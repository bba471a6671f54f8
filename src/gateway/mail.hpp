#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "gateway/close_reason.hpp"
#include "gateway/recovery.hpp"
#include "signaling/emission.hpp"
#include "signaling/worker_message.hpp"

namespace heliograph::gateway {

// A client that returns may reach a worker other than its peer's. Its session stays with the
// connection, at the front, and asks the peer's worker whether the client may return. If so, the
// front carries the client's messages to that worker, where the client is a guest, and the guest's
// output is carried back. If not, the client becomes a new peer at the front. A link names such a
// session at its front.

struct Link {
  std::uint16_t front = 0;
  std::uint32_t number = 0;  // from 1 on
  friend auto operator<=>(const Link&, const Link&) = default;
};

/// Bytes that a message of a client costs while it is under way between two workers.
constexpr std::size_t weight(std::size_t bytes) { return bytes + 128; }

namespace mail {

// To the guest's worker.

/// The first message of a link: the client asks to return. Answered by ReturnGranted or
/// ReturnRefused.
struct Return {
  Link link;
  ReturnRequest request;
  base::IpAddress limited_address{};  // see Channel
};
struct FromClient {
  Link link;
  bool binary = false;
  std::string data;
  /// If the client has sent too much: until it may send again. Of a long event only the beginning
  /// is there then, for the refusal.
  std::optional<std::chrono::milliseconds> refused{};
};
struct ClientGone {
  Link link;
  CloseReason reason{};
};
/// The client has got the first `count` messages that it was sent.
struct Confirmed {
  Link link;
  std::uint64_t count = 0;
};

// To the front.
/// Comes in front of all that the guest is sent.
struct ReturnGranted {
  Link link;
};
/// The link is closed.
struct ReturnRefused {
  Link link;
};
struct ToClient {
  Link link;
  bool binary = false;
  std::string data;
};
struct CloseClient {
  Link link;
  CloseReason reason{};
};
struct PingClient {
  Link link;
};
/// Messages of so much weight have been dealt with since the last time.
struct Taken {
  Link link;
  std::size_t weight = 0;
};

/// The peers of this node have been taken out of their rooms, for the `times`th time: their clients
/// must come back as new ones.
struct PeersGone {
  std::uint32_t times = 0;
};

/// This peer was told things of its rooms that do not hold any more: its client must come back as a
/// new one.
struct PeerGone {
  signaling::PeerId peer;
};

/// The client of this peer has lost its connection, and says that it will not return.
struct Goodbye {
  signaling::PeerId peer;
};

/// The nodes of the cluster whose leases have not run out, as far as this one knows.
struct LiveNodes {
  std::shared_ptr<const std::set<std::uint32_t>> nodes;
};

/// For the worker's peers that are meant.
struct Emitted {
  std::shared_ptr<const signaling::Emission> emission;
};

}  // namespace mail

/// Mail that workers' applications send each other, or are sent by the node, in the order that
/// worker_message.hpp asks for.
using Mail =
    std::variant<signaling::WorkerMessage, mail::Return, mail::FromClient, mail::ClientGone,
                 mail::Confirmed, mail::ReturnGranted, mail::ReturnRefused, mail::ToClient,
                 mail::CloseClient, mail::PingClient, mail::Taken, mail::PeersGone, mail::PeerGone,
                 mail::Goodbye, mail::LiveNodes, mail::Emitted>;

/// About how many bytes the mail takes while it waits in an inbox.
std::size_t weight(const Mail& mail);

}  // namespace heliograph::gateway
