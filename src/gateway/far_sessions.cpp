#include "gateway/far_sessions.hpp"

#include <memory>
#include <utility>

namespace heliograph::gateway {

bool FarSessions::open(Channel& channel, const ReturnRequest& request, const Allowance& allowance,
                       std::function<void(std::span<const HeldMessage>)> go_on) {
  const auto& [node, worker] = request.peer.home;
  if (node != shared_.workers.node || worker >= shared_.workers.count) return false;
  auto session = std::make_unique<FarSession>(shared_, ++last_link_, channel, request, allowance);
  FarSession& asking = *session;
  auto former = channel.replace_client(std::move(session));
  if (!former) return false;
  asking.ask(request, {.client = std::move(former), .go_on = std::move(go_on)});
  return true;
}

void FarSessions::on_mail(const mail::ReturnRefused& mail) {
  FarSession* const session = find(mail.link);
  if (!session || session->channel().is_closing()) return;
  auto [former, messages] = session->end_asking();
  // It goes when the call is over.
  const auto refused = session->channel().replace_client(std::move(former.client));
  former.go_on(messages);
}

FarSession* FarSessions::find(const Link& link) const {
  const auto found = shared_.by_link.find(link.number);
  return found == shared_.by_link.end() ? nullptr : found->second;
}

}  // namespace heliograph::gateway
