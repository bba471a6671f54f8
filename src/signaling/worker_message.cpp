#include "signaling/worker_message.hpp"

namespace heliograph::signaling {
namespace {

using Told = std::optional<std::variant<Acknowledgement, RequestError>>;

// Bytes of a message without its texts.
constexpr std::size_t kMessageBytes = 128;

std::size_t texts_of(const RoomRequest& request) {
  std::size_t bytes = request.room.size() + request.payload.size() + bytes_of(request.attachments);
  std::visit(
      [&]<class Action>(const Action& action) {
        if constexpr (requires { action.peerinfo; }) bytes += action.peerinfo.size();
        if constexpr (requires { action.event; }) bytes += action.event.size();
      },
      request.action);
  return bytes;
}
std::size_t texts_of(const RoomUpdate& update) {
  return update.to.size() * sizeof(PeerId) + update.room.size() + update.event.size() +
         bytes_of(update.attachments);
}
std::size_t texts_of(const Acknowledgement& acknowledgement) {
  return acknowledgement.arguments.size();
}
std::size_t texts_of(const RequestError& error) { return error.event.size(); }
std::size_t texts_of(const RemoteRelay& relay) {
  return relay.room.size() + relay.event.size() + bytes_of(relay.attachments);
}
std::size_t texts_of(const PassedOn& passed) { return passed.room.size(); }
std::size_t texts_of(const Vacate& vacate) { return texts_of(vacate.request); }
std::size_t texts_of(const Vacated& vacated) { return texts_of(vacated.request); }
std::size_t texts_of(const Replace&) { return 0; }
std::size_t texts_of(const Replaced&) { return 0; }

}  // namespace

std::size_t weight(const WorkerMessage& message) {
  return kMessageBytes + std::visit([](const auto& each) { return texts_of(each); }, message);
}

Told refusal_of(const RoomRequest& request, const Refusal& refusal) {
  if (request.ack) return Acknowledgement{request.from, *request.ack, error_arguments(refusal)};
  if (request.refused_as.empty()) return std::nullopt;
  const RefusedEvent refused{.event = request.refused_as, .room = request.room};
  return RequestError{request.from, request_error(refusal, refused)};
}

Told refusal_of(const RemoteRelay& relay, const Refusal& refusal) {
  if (relay.ack) return Acknowledgement{relay.from, *relay.ack, error_arguments(refusal)};
  if (relay.refused_as.empty()) return std::nullopt;
  const PeerIdText to(relay.to);
  const RefusedEvent refused{.event = relay.refused_as, .room = relay.room, .to = to};
  return RequestError{relay.from, request_error(refusal, refused)};
}

}  // namespace heliograph::signaling
