#include "gateway/far_sessions.hpp"

#include <string>

namespace heliograph::gateway {

std::uint32_t FarSessions::open(Channel& channel, const signaling::Address& home) {
  if (home.node != workers_.node || home.worker >= workers_.count) return 0;
  sessions_[++last_link_] = {.channel = &channel, .home = home.worker};
  return last_link_;
}

void FarSessions::carry(std::uint32_t link, const Message& message) {
  workers_.post(
      sessions_.at(link).home,
      mail::FromClient{{workers_.index, link}, message.binary, std::string(message.data)});
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
  workers_.post(session.mapped().home, mail::ClientGone{{workers_.index, link}, reason});
}

void FarSessions::receive(const mail::ToClient& message) {
  FarSession* session = find(message.link);
  if (!session) return;
  ++session->sent;
  if (message.binary) return session->channel->send_binary(message.data);
  const std::string_view text = message.data;
  session->channel->send_text({&text, 1});
}

void FarSessions::receive(const mail::CloseClient& close) {
  if (FarSession* session = find(close.link)) session->channel->close(close.reason);
}

void FarSessions::receive(const mail::PingClient& ping) {
  FarSession* session = find(ping.link);
  if (session && session->channel->ping()) session->before_ping = session->sent;
}

FarSessions::FarSession* FarSessions::find(const Link& link) {
  const auto found = sessions_.find(link.number);
  return found == sessions_.end() ? nullptr : &found->second;
}

}  // namespace heliograph::gateway
