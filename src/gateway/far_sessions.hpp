#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "gateway/far_session.hpp"

namespace heliograph::gateway {

/// The far sessions of this worker, found by their links. Each is owned by its channel.
class FarSessions {
 public:
  FarSessions(const WorkerLink& workers, const signaling::Limits& limits, Apps& apps)
      : shared_{.workers = workers, .limits = limits, .apps = apps} {}

  /// Puts a FarSession on the channel, in the place of the Client that is there, and asks the
  /// peer's worker whether the client may return. If not, that Client takes its place again, and
  /// `go_on` is called. False, and nothing has happened, if this node has no such worker.
  bool open(Channel& channel, const ReturnRequest& request, const Allowance& allowance,
            std::function<void(std::span<const HeldMessage>)> go_on);

  void on_mail(const mail::ReturnGranted& mail, const base::Now& now) {
    if (FarSession* const session = find(mail.link)) session->on_mail(mail, now);
  }
  void on_mail(const mail::ReturnRefused& mail);
  void on_mail(const mail::ToClient& mail) { pass_on(mail); }
  void on_mail(const mail::CloseClient& mail) { pass_on(mail); }
  void on_mail(const mail::PingClient& mail) { pass_on(mail); }
  void on_mail(const mail::Taken& mail) { pass_on(mail); }

  /// From now on other workers are not told of sessions that close.
  void stop() { shared_.is_stopping = true; }
  std::size_t held_bytes() const { return shared_.held_bytes; }
  /// Calls `act(session)` for each.
  template <class Act>
  void each(const Act& act) const {
    for (const auto& [link, session] : shared_.by_link) act(*session);
  }

 private:
  /// Null if it has been closed.
  FarSession* find(const Link& link) const;
  template <class Each>
  void pass_on(const Each& mail) {
    if (FarSession* const session = find(mail.link)) session->on_mail(mail);
  }

  SharedByFarSessions shared_;
  std::uint32_t last_link_ = 0;
};

}  // namespace heliograph::gateway
