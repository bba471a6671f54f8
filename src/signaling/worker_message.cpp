#include "signaling/worker_message.hpp"

namespace heliograph::signaling {
namespace {

using Told = std::optional<std::variant<Acknowledgement, RequestError>>;

}  // namespace

Told refusal_of(const RoomRequest& request, const Refusal& refusal) {
  if (request.ack) return Acknowledgement{request.from, *request.ack, error_arguments(refusal)};
  if (request.event == ClientEvent::kNone) return std::nullopt;
  const RefusedEvent refused{.event = text(request.event), .room = request.room};
  return RequestError{request.from, request_error(refusal, refused)};
}

Told refusal_of(const RemoteRelay& relay, const Refusal& refusal) {
  if (relay.ack) return Acknowledgement{relay.from, *relay.ack, error_arguments(refusal)};
  if (relay.as == ClientEvent::kNone) return std::nullopt;
  const PeerIdText to(relay.to);
  const RefusedEvent refused{.event = text(relay.as), .room = relay.room, .to = to};
  return RequestError{relay.from, request_error(refusal, refused)};
}

}  // namespace heliograph::signaling
