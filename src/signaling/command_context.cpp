#include "signaling/command_context.hpp"

namespace heliograph::signaling {

void refuse(Outbox& outbox, const PeerId& sender, const CommandContext& context,
            const Refusal& refusal, const RefusedEvent& refused) {
  if (context.ack) return outbox.acknowledge(sender, *context.ack, error_arguments(refusal));
  if (!context.refused_as.empty()) outbox.report(sender, refusal, refused);
}

}  // namespace heliograph::signaling
