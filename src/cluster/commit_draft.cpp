#include "cluster/commit_draft.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace heliograph::cluster {
namespace {

using signaling::RemoteRelay;
using signaling::Room;
using signaling::RoomRequest;
using signaling::Vacated;
namespace action = signaling::room_action;

Commit::Life life_of(const std::optional<Room>& before, const std::optional<Room>& after) {
  if (!after) return Commit::Life::kIsNone;
  return before ? Commit::Life::kGoesOn : Commit::Life::kBegins;
}

std::vector<std::uint32_t> without(const std::set<std::uint32_t>& nodes,
                                   const std::set<std::uint32_t>& others) {
  std::vector<std::uint32_t> rest;
  std::ranges::set_difference(nodes, others, std::back_inserter(rest));
  return rest;
}

}  // namespace

CommitDraft::CommitDraft(std::string room, const StoredRoom& known, const Terms& terms)
    : room_(std::move(room)),
      known_(known),
      terms_(terms),
      before_(room_of(known.fields, terms.unix_offset)),
      nodes_before_(nodes_of(before_)),
      listed_(nodes_before_),
      directory_(terms.limits),
      deliveries_(terms.origin) {
  if (before_) directory_.put(room_, Room(before_->parts()));
}

bool CommitDraft::carry_out(const RoomTask& task, std::uint64_t wait_number, base::TimePoint now) {
  const bool waits =
      std::visit([&](const auto& what) { return add(what, wait_number, now); }, task);
  if (const auto report = passed_on(task)) deliveries_.add(report->to.home, *report);
  if (const auto node = gone_node(task)) take_out(*node);
  return waits;
}

bool CommitDraft::add(const RoomRequest& request, std::uint64_t wait_number, base::TimePoint now) {
  bool waits = false;
  for (signaling::RoomEffect& effect : directory_.carry_out(request, now)) {
    if (auto* vacate = std::get_if<signaling::Vacate>(&effect)) {
      std::get<action::Join>(vacate->request.action).wait_number = wait_number;
      waits = true;
    }
    deliveries_.add(std::move(effect));
  }
  return waits;
}

bool CommitDraft::add(RemoteRelay relay, std::uint64_t, base::TimePoint) {
  relay.by_home = false;
  const signaling::Address home = relay.to.home;
  deliveries_.add(home, std::move(relay));
  return false;
}

bool CommitDraft::add(const Vacated& vacated, std::uint64_t, base::TimePoint) {
  deliveries_.add(vacated.request.from.home, vacated);
  return false;
}

void CommitDraft::take_out(std::uint32_t node) {
  listed_.insert(node);
  if (node == terms_.origin.node) return;
  deliveries_.leave_out(node);
  gone_.push_back(node);
}

CommitDraft::Result CommitDraft::finish(base::TimePoint deadline) {
  const std::optional<Room> after = directory_.take(room_);
  const std::set<std::uint32_t> nodes_after = nodes_of(after);
  RoomFields fields = after ? fields_of(*after, terms_.unix_offset) : RoomFields{};
  Commit commit{.room = room_,
                .serial = terms_.origin.serial,
                .version = known_.version,
                .new_version = known_.version,
                .change = difference(known_.fields, fields),
                .joined = without(nodes_after, nodes_before_),
                .left = without(listed_, nodes_after),
                .gone = std::move(gone_),
                .deliveries = deliveries_.take(),
                .life = life_of(before_, after),
                .news = {},
                .restores = false,
                .deadline = deadline};
  const bool changes = !commit.change.set.empty() || !commit.change.erased.empty();
  if (changes) commit.new_version = next_version();
  return {std::move(commit), std::move(fields)};
}

// "COUNT-NODE-EPOCH-SERIAL": like no other version of any room of this name.
std::string CommitDraft::next_version() const {
  const BatchOrigin& origin = terms_.origin;
  const std::uint64_t count = std::max(count_of(known_.version), terms_.changes);
  return fmt::format("{}-{:x}-{:x}-{:x}", count + 1, origin.node, origin.epoch, origin.serial);
}

}  // namespace heliograph::cluster
