#include "gateway/refusal_log.hpp"

#include <cstddef>
#include <string>

#include "signaling/command.hpp"

namespace heliograph::gateway {
namespace {

// Enough to recognise a room by; the longest names are no reason for long lines.
constexpr std::size_t kMaxRoomBytes = 64;

}  // namespace

void log_refusal(base::Log* log, const LoggedRefusal& refusal) {
  const std::string_view code = signaling::text(refusal.error).code;
  if (!log || !log->admits(base::LogLevel::kDebug, "refused", code)) return;
  std::string peer;
  if (refusal.peer) peer = std::string_view(signaling::PeerIdText(*refusal.peer));
  std::string address;
  if (refusal.channel) address = refusal.channel->address();
  log->write(base::LogLevel::kDebug, "refused",
             {base::optional_field("request", signaling::known_event(refusal.event)),
              {"code", code},
              base::optional_field("peer", peer),
              base::optional_field("room", refusal.room.substr(0, kMaxRoomBytes)),
              base::optional_field("address", address)});
}

}  // namespace heliograph::gateway
