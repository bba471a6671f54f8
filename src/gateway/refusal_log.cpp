#include "gateway/refusal_log.hpp"

#include <string>

#include "signaling/command.hpp"

namespace heliograph::gateway {
namespace {

// Enough to recognise a room by; the longest names are no reason for long lines.
constexpr std::size_t kMaxRoomBytes = 64;

// The text of the first member of this name. Codes and names of events hold no escapes.
std::string_view member_of(std::string_view json, std::string_view key) {
  const std::size_t found = json.find(key);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = json.substr(found + key.size());
  return rest.substr(0, rest.find('"'));
}

std::string_view request_for_log(std::string_view event) {
  return event == kConnectForLog ? kConnectForLog : signaling::known_event(event);
}

}  // namespace

void log_refusal(base::Log* log, std::string_view told, const signaling::PeerId& peer,
                 const Channel* channel) {
  const bool is_refusal =
      told.starts_with(R"([{"ok":false)") || told.starts_with(R"(["request-error")");
  if (!log || !is_refusal) return;
  const std::string_view code = member_of(told, R"("code":")");
  if (!log->admits(base::LogLevel::kDebug, "refused", code)) return;
  const std::string address = channel ? channel->address() : std::string{};
  const std::string_view event = signaling::known_event(member_of(told, R"("event":")"));
  log->write(base::LogLevel::kDebug, "refused",
             {base::optional_field("request", event),
              {"code", code},
              {"peer", std::string_view(signaling::PeerIdText(peer))},
              base::optional_field("address", address)});
}

void log_refusal(base::Log* log, const LoggedRefusal& refusal) {
  const std::string_view code = signaling::text(refusal.error).code;
  if (!log || !log->admits(base::LogLevel::kDebug, "refused", code)) return;
  std::string peer;
  if (refusal.peer) peer = std::string_view(signaling::PeerIdText(*refusal.peer));
  std::string address;
  if (refusal.channel) address = refusal.channel->address();
  log->write(base::LogLevel::kDebug, "refused",
             {base::optional_field("request", request_for_log(refusal.event)),
              {"code", code},
              base::optional_field("peer", peer),
              base::optional_field("room", refusal.room.substr(0, kMaxRoomBytes)),
              base::optional_field("address", address)});
}

void log_dropped_requests(base::Log* log, const signaling::PeerId& peer, std::size_t count) {
  if (count == 0 || !log || !log->admits(base::LogLevel::kWarn, "join requests dropped")) return;
  log->write(base::LogLevel::kWarn, "join requests dropped",
             {{"peer", std::string_view(signaling::PeerIdText(peer))}, {"count", count}});
}

}  // namespace heliograph::gateway
