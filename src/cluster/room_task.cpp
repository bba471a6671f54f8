#include "cluster/room_task.hpp"

#include <string_view>
#include <utility>

#include "signaling/event.hpp"

namespace heliograph::cluster {
namespace {

using signaling::Answers;
using signaling::Error;
using signaling::PassedOn;
using signaling::PeerId;
using signaling::RemoteRelay;
using signaling::RoomRequest;
using signaling::RoomUpdate;
using signaling::Vacated;
using signaling::WorkerMessage;
namespace action = signaling::room_action;

using Messages = std::vector<WorkerMessage>;

constexpr Error kError = Error::kClusterUnavailable;

// A client that asks for anything else waits to hear that it is done or refused.
AwaitedAnswer awaited_by(const auto&) { return AwaitedAnswer::kAcknowledgement; }
AwaitedAnswer awaited_by(const action::Create&) { return AwaitedAnswer::kToEntry; }
AwaitedAnswer awaited_by(const action::Join&) { return AwaitedAnswer::kToEntry; }
AwaitedAnswer awaited_by(const action::Leave& leave) {
  return leave.has_gone ? AwaitedAnswer::kNone : AwaitedAnswer::kToLeave;
}
// Nobody waits for these.
AwaitedAnswer awaited_by(const action::ChangePeerinfo&) { return AwaitedAnswer::kNone; }
AwaitedAnswer awaited_by(const action::TimeOut&) { return AwaitedAnswer::kNone; }
AwaitedAnswer awaited_by(const action::ShowRequests&) { return AwaitedAnswer::kNone; }
AwaitedAnswer awaited_by(const action::ReportGuesses&) { return AwaitedAnswer::kNone; }
AwaitedAnswer awaited_by(const action::EndLinger&) { return AwaitedAnswer::kNone; }
AwaitedAnswer awaited_by(const action::NodeGone&) { return AwaitedAnswer::kNone; }
AwaitedAnswer awaited_by(const action::PeersGone&) { return AwaitedAnswer::kNone; }

AwaitedAnswer awaited_by(const RoomRequest& request) {
  return std::visit([](const auto& action) { return awaited_by(action); }, request.action);
}
AwaitedAnswer awaited_by(const RemoteRelay&) { return AwaitedAnswer::kAcknowledgement; }
AwaitedAnswer awaited_by(const Vacated&) { return AwaitedAnswer::kNone; }

const std::string& room_in(const RoomRequest& request) { return request.room; }
const std::string& room_in(const RemoteRelay& relay) { return relay.room; }
const std::string& room_in(const Vacated& vacated) { return vacated.request.room; }

const PeerId& sender_in(const RoomRequest& request) { return request.from; }
const PeerId& sender_in(const RemoteRelay& relay) { return relay.from; }
const PeerId& sender_in(const Vacated& vacated) { return vacated.request.from; }

WorkerMessage settlement(const RoomRequest& request, Answers answers, std::string event) {
  return RoomUpdate{.to = {request.from},
                    .room = request.room,
                    .membership = signaling::Membership::kUnchanged,
                    .answers = answers,
                    .event = std::move(event),
                    .attachments = request.attachments};
}

void add_refusal(Messages& messages, const auto& refused) {
  auto refusal = signaling::refusal_of(refused, {.error = kError});
  if (!refusal) return;
  std::visit([&](auto& message) { messages.emplace_back(std::move(message)); }, *refusal);
}

Messages refusal_messages_of(const RoomRequest& request, std::uint32_t) {
  Messages messages;
  switch (awaited_by(request)) {
    case AwaitedAnswer::kToEntry: {
      const bool creates = std::holds_alternative<action::Create>(request.action);
      const std::string_view name = creates ? "room-create-reject" : "room-join-reject";
      messages.push_back(settlement(request, Answers::kEntry,
                                    signaling::message_event(name, kError, request.payload)));
      break;
    }
    case AwaitedAnswer::kToLeave:
      messages.push_back(settlement(request, Answers::kLeave, {}));
      break;
    case AwaitedAnswer::kAcknowledgement:
    case AwaitedAnswer::kNone:
      break;
  }
  add_refusal(messages, request);
  return messages;
}

Messages refusal_messages_of(const RemoteRelay& relay, std::uint32_t node) {
  Messages messages;
  if (relay.to.home.node == node) add_refusal(messages, relay);
  return messages;
}

Messages refusal_messages_of(const Vacated&, std::uint32_t) { return {}; }

bool wants_passed_on(const RoomRequest& request) { return request.wants_passed_on; }
bool wants_passed_on(const RemoteRelay&) { return true; }
bool wants_passed_on(const Vacated&) { return false; }

}  // namespace

AwaitedAnswer awaited_answer(const RoomTask& task) {
  return std::visit([](const auto& what) { return awaited_by(what); }, task);
}

const std::string& room_name(const RoomTask& task) {
  return std::visit([](const auto& what) -> const std::string& { return room_in(what); }, task);
}

const PeerId& sender_of(const RoomTask& task) {
  return std::visit([](const auto& what) -> const PeerId& { return sender_in(what); }, task);
}

std::optional<std::uint32_t> gone_node(const RoomTask& task) {
  const auto* request = std::get_if<RoomRequest>(&task);
  const auto* gone = request ? std::get_if<action::NodeGone>(&request->action) : nullptr;
  return gone ? std::optional(gone->node) : std::nullopt;
}

std::vector<WorkerMessage> refusal_messages(const RoomTask& task, std::uint32_t node) {
  return std::visit([&](const auto& what) { return refusal_messages_of(what, node); }, task);
}

std::optional<PassedOn> passed_on(const RoomTask& task) {
  const bool is_wanted = std::visit([](const auto& what) { return wants_passed_on(what); }, task);
  if (!is_wanted) return std::nullopt;
  return PassedOn{sender_of(task), room_name(task)};
}

}  // namespace heliograph::cluster
