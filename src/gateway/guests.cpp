#include "gateway/guests.hpp"

#include <string>
#include <utility>

#include "gateway/shared_by_clients.hpp"

namespace heliograph::gateway {
namespace {

// A guest's worker reports to the front once it has taken this many bytes. If as many could not be
// under way, the front would wait forever.
constexpr std::size_t kToldAtOnce = 32UL * 1024;

}  // namespace

// The server goes, and they with it.
Guests::~Guests() {
  for (auto& [link, guest] : guests_) guest.client->forget_peer();
}

Guests::Guest::Guest(SharedByClients& shared, const mail::Return& mail, const base::Now& now)
    : channel(shared.link, mail), client(std::make_unique<ClientSession>(shared, channel, now)) {}

void Guests::on_mail(const mail::Return& mail, const base::Now& now) {
  const Link& link = mail.link;
  const auto entry = guests_.try_emplace(link, shared_, mail, now).first;
  Guest& guest = entry->second;
  if (guest.client->resume(mail.request)) return watch(link, guest, guest.client->deadline());
  guests_.erase(entry);
  shared_.link.post(link.front, mail::ReturnRefused{link});
}

void Guests::on_mail(const mail::FromClient& message, const base::Now& now) {
  const auto found = guests_.find(message.link);
  if (found == guests_.end()) return;  // this worker has closed it
  Guest& guest = found->second;
  if (guest.channel.is_closing()) return;
  guest.client->on_carried({.binary = message.binary, .data = message.data}, message.refused, now);
  count_taken(message.link, guest, message.data.size());
  if (guest.client->peer()) return watch(message.link, guest, guest.client->deadline());
  guest.channel.close(CloseReason::kConnectTimeout);  // no guest comes back without a peer
}

void Guests::count_taken(const Link& link, Guest& guest, std::size_t bytes) {
  guest.taken += weight(bytes);
  if (guest.taken < kToldAtOnce) return;
  shared_.link.post(link.front, mail::Taken{link, std::exchange(guest.taken, 0)});
}

void Guests::watch(const Link& link, Guest& guest, base::TimePoint deadline) {
  if (guest.deadline == deadline) return;
  deadlines_.erase({guest.deadline, link});
  guest.deadline = deadline;
  if (deadline != base::TimePoint::max()) deadlines_.emplace(deadline, link);
}

void Guests::elapse(const base::Now& now) {
  while (deadline() <= now.steady) {
    const Link link = deadlines_.begin()->second;
    Guest& guest = guests_.at(link);
    const base::TimePoint due = guest.client->deadline();  // may have moved since
    if (due > now.steady) {
      watch(link, guest, due);
      continue;
    }
    watch(link, guest, base::TimePoint::max());
    guest.channel.close(guest.client->overdue());
  }
}

void Guests::on_mail(const mail::Confirmed& confirmed) {
  const auto found = guests_.find(confirmed.link);
  if (found == guests_.end()) return;
  Guest& guest = found->second;
  if (!guest.channel.confirms(confirmed.count)) return;
  guest.client->ping_answered();
  guest.client->ping_sent();
}

std::unique_ptr<ClientSession> Guests::take_out(const Link& link) {
  auto guest = guests_.extract(link);
  if (!guest) return nullptr;
  watch(link, guest.mapped(), base::TimePoint::max());
  guest.mapped().client->detach();
  return std::move(guest.mapped().client);
}

void Guests::FarChannel::send_text(std::span<const std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  // The first text is the answer to the CONNECT. When the client has that, the front must not hold
  // back any more what the client sends.
  if (sent_ == 0) workers_.post(link_.front, mail::ReturnGranted{link_});
  ++sent_;
  workers_.post(link_.front, mail::ToClient{link_, false, std::move(text)});
}

void Guests::FarChannel::send_binary(std::string_view bytes) {
  ++sent_;
  workers_.post(link_.front, mail::ToClient{link_, true, std::string(bytes)});
}

// The front knows what is sent before its ping; this side will be told by Confirmed.
bool Guests::FarChannel::ping() {
  if (!std::exchange(awaits_answer_, true)) workers_.post(link_.front, mail::PingClient{link_});
  return false;
}

void Guests::FarChannel::close(CloseReason reason) {
  if (std::exchange(is_closing_, true)) return;
  workers_.post(link_.front, mail::CloseClient{link_, reason});
}

bool Guests::FarChannel::confirms(std::uint64_t count) {
  awaits_answer_ = false;
  if (count < mark_) return false;
  mark_ = sent_;
  return true;
}

}  // namespace heliograph::gateway
