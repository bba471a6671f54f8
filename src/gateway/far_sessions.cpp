#include "gateway/far_sessions.hpp"

#include <string>

namespace heliograph::gateway {
namespace {

// Of an event that is refused unread: its header and its name are in front.
constexpr std::size_t kRefusedBytes = 1024;

}  // namespace

std::uint32_t FarSessions::open(ClientSession& client, Channel& channel,
                                const ReturnRequest& request) {
  const signaling::Address& home = request.peer.home;
  if (home.node != workers_.node || home.worker >= workers_.count) return 0;
  sessions_[++last_link_] = {.client = &client, .channel = &channel, .home = home.worker};
  workers_.post(home.worker,
                mail::Return{{workers_.index, last_link_}, request, channel.limited_address()});
  return last_link_;
}

void FarSessions::carry(std::uint32_t link, const Message& message,
                        std::optional<std::chrono::milliseconds> refused) {
  FarSession& session = sessions_.at(link);
  const std::string_view data = refused ? message.data.substr(0, kRefusedBytes) : message.data;
  session.under_way += weight(data.size());
  under_way_ += weight(data.size());
  workers_.post(
      session.home,
      mail::FromClient{{workers_.index, link}, message.binary, std::string(data), refused});
  if (session.under_way <= kMostUnderWay || session.is_paused) return;
  session.is_paused = true;
  session.channel->pause();
}

void FarSessions::on_mail(const mail::Taken& taken) {
  FarSession* const session = far_session(taken.link);
  if (!session) return;
  session->under_way -= taken.weight;
  under_way_ -= taken.weight;
  if (session->under_way > kMostUnderWay || !session->is_paused) return;
  session->is_paused = false;
  session->channel->resume();
}

void FarSessions::ping_sent(std::uint32_t link) {
  FarSession& session = sessions_.at(link);
  session.before_ping = session.sent;
}

void FarSessions::ping_answered(std::uint32_t link) {
  const FarSession& session = sessions_.at(link);
  workers_.post(session.home, mail::Confirmed{{workers_.index, link}, session.before_ping});
}

void FarSessions::close(std::uint32_t link, CloseReason reason) {
  const auto session = sessions_.extract(link);
  under_way_ -= session.mapped().under_way;
  if (is_stopping_) return;
  workers_.post(session.mapped().home, mail::ClientGone{{workers_.index, link}, reason});
}

ClientSession* FarSessions::find(const Link& link) {
  const FarSession* const session = far_session(link);
  return session ? session->client : nullptr;
}

ClientSession* FarSessions::take_out(const Link& link) {
  const auto session = sessions_.extract(link.number);
  return session ? session.mapped().client : nullptr;
}

void FarSessions::on_mail(const mail::ToClient& message) {
  FarSession* session = far_session(message.link);
  if (!session) return;
  ++session->sent;
  if (message.binary) return session->channel->send_binary(message.data);
  const std::string_view text = message.data;
  session->channel->send_text({&text, 1});
}

void FarSessions::on_mail(const mail::CloseClient& close) {
  if (FarSession* session = far_session(close.link)) session->channel->close(close.reason);
}

void FarSessions::on_mail(const mail::PingClient& ping) {
  FarSession* session = far_session(ping.link);
  if (session && session->channel->ping()) session->before_ping = session->sent;
}

FarSessions::FarSession* FarSessions::far_session(const Link& link) {
  const auto found = sessions_.find(link.number);
  return found == sessions_.end() ? nullptr : &found->second;
}

}  // namespace heliograph::gateway
