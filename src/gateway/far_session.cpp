#include "gateway/far_session.hpp"

#include <string_view>
#include <utility>

namespace heliograph::gateway {
namespace {

// Of an event that is refused unread: its header and its name are in front.
constexpr std::size_t kRefusedBytes = 1024;

// Bytes that a client may send between its CONNECT and the answer of its peer's worker.
constexpr std::size_t kMostWaiting = 64UL * 1024;

// If more is under way to the peer's worker, the client is not read from until there is less.
constexpr std::size_t kMostUnderWay = 256UL * 1024;

}  // namespace

FarSession::FarSession(SharedByFarSessions& shared, std::uint32_t link, Channel& channel,
                       const ReturnRequest& request, const Allowance& allowance)
    : shared_(shared),
      link_{.front = shared.workers.index, .number = link},
      channel_(channel),
      peer_(request.peer),
      app_(shared.apps.enter(request.app)),
      allowance_(allowance),
      waiting_(shared.held_bytes),
      under_way_(shared.held_bytes) {
  shared_.by_link.emplace(link, this);
}

FarSession::~FarSession() {
  shared_.by_link.erase(link_.number);
  shared_.apps.leave(app_);
}

void FarSession::ask(const ReturnRequest& request, Former former) {
  asking_.emplace(Asking{.former = std::move(former), .messages = {}});
  shared_.workers.post(peer_.home.worker, mail::Return{link_, request, channel_.limited_address()});
}

FarSession::Asking FarSession::end_asking() {
  Asking asked = *std::move(asking_);
  asking_.reset();
  waiting_.set(0);
  return asked;
}

// The client that it was goes.
void FarSession::on_mail(const mail::ReturnGranted& /*mail*/, const base::Now& now) {
  const Asking asked = end_asking();
  for (const auto& [binary, data] : asked.messages) {
    carry({.binary = binary, .data = data}, now);
  }
}

void FarSession::on_message(const Message& message, const base::Now& now) {
  if (asking_) return hold(message);
  carry(message, now);
}

void FarSession::hold(const Message& message) {
  waiting_ += message.data.size();
  if (waiting_ > kMostWaiting) return channel_.close(CloseReason::kEventBeforeConnect);
  asking_->messages.push_back({message.binary, std::string(message.data)});
}

void FarSession::carry(const Message& message, const base::Now& now) {
  const auto refused = allowance_.judge(shared_.limits, message, now.real);
  const std::string_view data = refused ? message.data.substr(0, kRefusedBytes) : message.data;
  under_way_ += weight(data.size());
  shared_.workers.post(peer_.home.worker,
                       mail::FromClient{link_, message.binary, std::string(data), refused});
  if (under_way_ <= kMostUnderWay || is_paused_) return;
  is_paused_ = true;
  channel_.pause();
}

void FarSession::on_mail(const mail::Taken& taken) {
  under_way_ -= taken.weight;
  if (under_way_ > kMostUnderWay || !is_paused_) return;
  is_paused_ = false;
  channel_.resume();
}

// When the peer's worker has granted the return, it also sees to the deadlines.
base::TimePoint FarSession::deadline() const {
  return asking_ ? asking_->former.client->deadline() : base::TimePoint::max();
}

CloseReason FarSession::overdue() const {
  return asking_ ? asking_->former.client->overdue() : Client::overdue();
}

// It counts for the client that it was as well, which may have to go on.
void FarSession::pinged(const base::Now& now) {
  if (asking_) asking_->former.client->pinged(now);
  if (allowance_.take_message(shared_.limits, 0, now.real)) {
    channel_.close(CloseReason::kTooManyPings);
  }
}

void FarSession::ping_answered() {
  shared_.workers.post(peer_.home.worker, mail::Confirmed{link_, before_ping_});
}

std::string FarSession::name_for_log() const {
  return std::string(std::string_view(signaling::PeerIdText(peer_)));
}

std::optional<signaling::PeerId> FarSession::on_closed(CloseReason reason) {
  if (!shared_.is_stopping) {
    shared_.workers.post(peer_.home.worker, mail::ClientGone{link_, reason});
  }
  return std::nullopt;  // the peer's worker keeps it
}

void FarSession::on_mail(const mail::ToClient& message) {
  ++sent_;
  if (message.binary) return channel_.send_binary(message.data);
  const std::string_view text = message.data;
  channel_.send_text({&text, 1});
}

void FarSession::on_mail(const mail::PingClient& /*ping*/) {
  if (channel_.ping()) before_ping_ = sent_;
}

}  // namespace heliograph::gateway
