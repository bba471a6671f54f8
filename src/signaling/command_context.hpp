#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/ip_address.hpp"
#include "signaling/event.hpp"
#include "signaling/outbox.hpp"
#include "signaling/refusal.hpp"
#include "signaling/text.hpp"

namespace heliograph::signaling {

/// Comes along with each command.
struct CommandContext {
  Raw payload;
  SharedAttachments attachments;
  std::optional<std::uint64_t> ack;
  base::TimePoint now;
  RefusedAs refused_as{};
  base::TimePoint real{};     // no stall holds it up: for budgets
  base::IpAddress address{};  // by which limits count; `::` if none do
  std::string_view app{};     // the client's; empty: it has no tickets
  bool wants_ticket = false;  // to be given one

  std::size_t bytes() const { return payload.size() + bytes_of(attachments); }
};

/// Tells the sender of a command, a peer of this worker, that it is refused: by its
/// acknowledgement, or else by a request-error; nothing if it gets neither.
void refuse(Outbox& outbox, const PeerId& sender, const CommandContext& context,
            const Refusal& refusal, const RefusedEvent& refused);

}  // namespace heliograph::signaling
