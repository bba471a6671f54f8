#pragma once

#include <cstddef>
#include <cstdint>

#include "auth/crypto.hpp"
#include "auth/secrets.hpp"
#include "auth/tokens.hpp"
#include "base/json.hpp"
#include "base/now.hpp"
#include "gateway/absent_clients.hpp"
#include "gateway/application.hpp"
#include "gateway/apps.hpp"
#include "gateway/far_sessions.hpp"
#include "gateway/knock_watch.hpp"
#include "gateway/peer_deadlines.hpp"
#include "gateway/peer_table.hpp"
#include "gateway/replay.hpp"
#include "gateway/settings.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/service.hpp"
#include "socketio/decoder.hpp"

namespace heliograph::gateway {

class ClientSession;

/// Everything that the clients of one worker share: settings and keys, the time, the signalling
/// service, the clients by their peers, and the counts of bytes held for them. The Hub owns it,
/// each ClientSession refers to it, and only the worker's thread uses it. Its members are public,
/// because the way of a message uses most of them.
struct SharedByClients {
  /// `outbox` outlives it; the constructor does not call it. Throws std::runtime_error if OpenSSL
  /// fails.
  SharedByClients(HubSettings hub_settings, WorkerLink worker_link, signaling::Outbox& outbox);
  SharedByClients(const SharedByClients&) = delete;
  SharedByClients& operator=(const SharedByClients&) = delete;
  ~SharedByClients() = default;

  /// Makes a new peer, which `client` serves.
  signaling::PeerId add_peer(ClientSession& client);
  /// Takes a peer of this worker out of its rooms, and its client out of `clients`.
  void remove_peer(const signaling::PeerId& peer);
  /// Whether this node may act for its peers. A node that has slept must not go on with what other
  /// nodes have ended meanwhile.
  bool may_serve() const { return !link.may_serve || link.may_serve(now.real, times_peers_gone); }
  /// Of what is kept for returns.
  std::size_t kept_bytes() const { return replay_memory.bytes + absent.bytes(); }
  /// Whether more is kept for returns than RecoverySettings::max_total_bytes allows this worker.
  bool keeps_too_much() const { return kept_bytes() > max_kept_bytes; }

  ReplayMemory replay_memory;  // first: all clients that are absent have some
  const HubSettings settings;
  const std::size_t max_kept_bytes;  // this worker's part
  const socketio::DecoderLimits decoder_limits;
  const WorkerLink link;
  const auth::Tokens tokens;
  const auth::SecretHmac hmac;
  auth::RandomPool random;
  signaling::Service service;
  Apps apps;
  json::Outline outline;               // scratch of all decoders
  base::Now now;                       // of the call that is being carried out
  std::uint32_t times_peers_gone = 0;  // see mail::PeersGone
  PeerTable<ClientSession> clients;    // those with a peer here
  FarSessions far_sessions;            // those with a peer on another worker
  KnockWatch knock_watch;
  PeerDeadlines sign_in_ends;  // when waiting auth-requests are answered at the latest

  std::size_t unfinished_bytes = 0;  // of events that are not complete, or wait
  std::size_t knock_bytes = 0;       // of what strangers said to clients who are behind
  // Set when keeps_too_much(): Hub::elapse() then gives up the clients with the most kept events.
  bool has_to_keep_less = false;

  AbsentClients absent;  // last: when they are destroyed, they use what is above
};

}  // namespace heliograph::gateway
