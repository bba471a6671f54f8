#include "cluster/participant.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <variant>

namespace heliograph::cluster {
namespace {

namespace action = membership_action;

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

}  // namespace

Participant::Participant(const Settings& settings, Store& store, Link& link, Workers& workers)
    : random_(settings.random),
      link_(link),
      workers_(workers),
      membership_({.node = settings.node.id,
                   .timing = settings.timing,
                   .leave_within = settings.leave_within}),
      node_(settings.node, store, workers) {}

// Long because it has one line for each kind of action.
void Participant::carry_out(const Membership::Actions& actions, base::TimePoint now) {
  const Overloaded perform{
      [&](const action::LoadScripts&) { link_.load_scripts(); },
      [&](const action::Register& place) { link_.enter(place); },
      [&](const action::Renew& lease) { link_.renew(lease); },
      [&](const action::ListRooms& rooms) { link_.list(rooms); },
      [&](const action::Forget& dead) { link_.forget(dead.node); },
      [&](const action::Leave&) { link_.leave(); },
      [&](const action::Reconnect& connection) { link_.reconnect(connection.why); },
      [&](const action::MoveTo& server) { link_.move_to(server); },
      [&](const action::Join& place) { node_.join(place.epoch, place.has_lost, now); },
      [&](const action::LoseStore&) {
        awaits_idle_ = false;
        node_.lose_store();
      },
      [&](const action::LosePlace&) { node_.lose_place(); },
      [&](const action::RemoveNode& dead) { node_.remove_node(dead.room, dead.node, now); },
      [&](const action::LeaveRoom& left) { node_.leave_room(left.room, now); },
      [&](const action::ServeUntil& end) { workers_.serve_until(end.time); },
      [&](const action::KnowNodes& nodes) {
        workers_.know_nodes(std::make_shared<const std::set<std::uint32_t>>(nodes.live));
      },
      [&](const action::AwaitIdle&) { awaits_idle_ = true; },
      [&](const action::Notice& notice) { link_.note(notice); },
  };
  for (const MembershipAction& action : actions) std::visit(perform, action);
  proceed(now);
}

// After everything that may have changed what the node waits for.
void Participant::proceed(base::TimePoint now) {
  if (awaits_idle_ && node_.is_idle()) {
    awaits_idle_ = false;
    return carry_out(membership_.on_idle(), now);
  }
  read(now);
}

void Participant::post(signaling::Address to, signaling::WorkerMessage message,
                       base::TimePoint now) {
  node_.post(to, std::move(message), now);
}

void Participant::leave(base::TimePoint now) { carry_out(membership_.leave(moment(now)), now); }

void Participant::on_up(base::TimePoint now) { carry_out(membership_.on_up(moment(now)), now); }

void Participant::on_down(std::string_view why, base::TimePoint now) {
  carry_out(membership_.on_down(why, moment(now)), now);
}

void Participant::on_failed(std::string_view error, base::TimePoint now) {
  carry_out(membership_.on_failed(error, moment(now)), now);
}

void Participant::on_loaded(base::TimePoint now) {
  carry_out(membership_.on_loaded(moment(now)), now);
}

void Participant::on_registered(const RegisterAnswer& answer, base::TimePoint now) {
  if (const auto* registered = std::get_if<Registered>(&answer)) {
    last_read_ = registered->inbox_begin;
    is_of_this_place_ = false;
  }
  carry_out(membership_.on_registered(answer, moment(now)), now);
}

void Participant::on_renewed(const RenewAnswer& answer, base::TimePoint now) {
  carry_out(membership_.on_renewed(answer, moment(now)), now);
}

void Participant::on_listed(std::uint32_t node, const std::vector<std::string>& rooms,
                            base::TimePoint now) {
  carry_out(membership_.on_listed(node, rooms, moment(now)), now);
}

void Participant::on_committed(std::uint64_t serial, CommitAnswer answer, base::TimePoint now) {
  const bool is_unknown = answer.kind == CommitAnswer::Kind::kFenced;
  node_.on_committed(serial, std::move(answer), now);
  is_unknown ? carry_out(membership_.on_unknown(moment(now)), now) : proceed(now);
}

void Participant::on_sent(std::uint64_t serial, SendAnswer answer, base::TimePoint now) {
  node_.on_sent(serial, answer);
  const bool is_unknown = answer == SendAnswer::kFenced;
  is_unknown ? carry_out(membership_.on_unknown(moment(now)), now) : proceed(now);
}

void Participant::flush(base::TimePoint now) {
  node_.flush();
  proceed(now);
}

void Participant::elapse(base::TimePoint now) {
  if (node_.deadline() <= now) node_.elapse(now);
  if (membership_.deadline() > now) return proceed(now);
  carry_out(membership_.elapse(moment(now)), now);
}

base::TimePoint Participant::deadline() const {
  return std::min(node_.deadline(), membership_.deadline());
}

// --- the inbox

void Participant::on_inbox_up(base::TimePoint now) {
  inbox_ = Inbox::kIdle;
  read(now);
}

void Participant::on_inbox_down() { inbox_ = Inbox::kDown; }

// Not past the lease: others may have emptied the inbox then, and some of what is for the dead may
// have come in since. Nor while rooms are restored; see Node::is_restoring().
bool Participant::may_read(base::TimePoint now) const {
  return is_member() && membership_.holds_lease(now) && !node_.is_restoring();
}

void Participant::read(base::TimePoint now) {
  if (!may_read(now) || inbox_ != Inbox::kIdle) return;
  inbox_ = Inbox::kReading;
  is_of_this_place_ = true;
  link_.read(last_read_);
}

void Participant::on_entries(std::span<const InboxEntry> entries, base::TimePoint now) {
  inbox_ = Inbox::kIdle;
  if (!may_read(now) || !is_of_this_place_) return proceed(now);  // they are read again later
  for (const InboxEntry& entry : entries) {
    last_read_ = entry.id;
    if (entry.batch.empty()) continue;
    if (!node_.on_batch(entry.batch, now)) link_.note_unreadable(entry.id);
  }
  if (!entries.empty()) link_.trim(last_read_);
  proceed(now);
}

}  // namespace heliograph::cluster
