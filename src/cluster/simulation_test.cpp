// Random clients on two or three nodes of two workers each, over a store of which and of whose
// connections anything may go wrong. base/testing/simulated_seeds.hpp says how to choose the seeds.
// Long because one class drives the nodes, plays the clients and checks what they hear.
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/testing/simulated_seeds.hpp"
#include "cluster/room_record.hpp"
#include "cluster/testing/simulated_node.hpp"
#include "cluster/testing/store_model.hpp"
#include "signaling/testing/client_model.hpp"

namespace heliograph::cluster::testing {
namespace {

using namespace std::chrono_literals;
using signaling::ClientModel;
using signaling::PeerId;
using signaling::PeerIdText;
using signaling::ReadEvent;
using signaling::require;
using Kind = SimulatedNode::Kind;
using Standing = ClientModel::Standing;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kSeeds = 1'000;  // each takes twenty times as long
#else
constexpr std::uint64_t kSeeds = 10'000;
#endif
constexpr std::uint16_t kWorkers = 2;
constexpr std::size_t kSteps = 250;
constexpr std::ptrdiff_t kCapacity = 3;  // the only one that owners set
constexpr std::size_t kMostPeers = 9;
constexpr std::array kRooms = {"north", "south", "\\\\\\\""};
constexpr std::chrono::milliseconds kPatience = 1'500ms;
constexpr std::chrono::milliseconds kLinger = 2s;

// How often things go wrong, in steps of a thousand.
struct Weather {
  std::size_t cuts = 0;
  std::size_t stalls = 0;
  std::size_t deaths = 0;
  std::size_t sleeps = 0;
  std::size_t stops = 0;    // of nodes that leave in order
  std::size_t returns = 0;  // of dead nodes while others remove them
  std::size_t losses = 0;
  std::size_t refusals = 0;     // of commands
  std::size_t failovers = 0;    // to another server
  std::size_t inbox = 100'000;  // entries at most
  std::chrono::milliseconds lease = 6s;
  std::size_t nodes = 3;
  bool is_fair() const {
    const std::size_t of_nodes = deaths + sleeps + stops + returns;
    return cuts + stalls + of_nodes + losses + refusals + failovers == 0 && inbox > 1000;
  }
};

Weather weather_of(std::mt19937_64& random) {
  const auto some = [&](std::size_t most) { return random() % 2 == 0 ? random() % most : 0; };
  Weather weather{.cuts = some(40), .stalls = some(20), .deaths = some(8), .sleeps = some(8)};
  weather.stops = some(6);
  weather.refusals = some(12);
  weather.failovers = some(8);
  if (random() % 4 == 0) weather.losses = random() % 8;
  if (random() % 8 == 0) weather.inbox = 2 + random() % 6;
  // Short ones run out more often, and so nodes are removed and come back.
  static constexpr std::array kLeases = {800ms, 2'000ms, 6'000ms};
  weather.lease = kLeases[random() % kLeases.size()];
  if (random() % 5 == 0) {  // nodes die and come back while others are busy with their death
    weather.deaths = random() % 60;
    weather.returns = random() % 20;
    weather.stalls = random() % 60;
    weather.lease = kLeases[0];
    weather.nodes = 2 + random() % 2;  // of two, one comes back at once if the other is away
  }
  if (random() % 8 == 0) weather = {};
  return weather;
}

class Simulation {
 public:
  Simulation(std::uint64_t seed, std::ostream* story)
      : random_(seed),
        weather_(weather_of(random_)),
        store_(
            {.kind = random_() % 2 == 0 ? StoreModel::Kind::kCluster : StoreModel::Kind::kSentinel,
             .lease = weather_.lease,
             .max_inbox_entries = weather_.inbox}),
        nodes_(weather_.nodes),
        story_(story),
        opens_(random_() % 2 == 0) {
    limits_.max_rooms_per_peer = 4;
    limits_.join_request_timeout = 20s;
    limits_.room_linger = kLinger;
  }

  void run() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) start(i);
    settle();
    const std::size_t haste = 20 + below(75);  // how soon what is under way comes, in percent
    for (std::size_t step = 0; step < kSteps; ++step) {
      trouble();
      if (below(100) >= haste || !take_any_step()) act();
      listen();
      unsure_leave();
    }
    check_in_quiet();
    everybody_leaves();
  }

 private:
  enum class Ask { kCreate, kJoin, kLeave, kAnswer, kUpdate, kInfo, kRelay, kBroadcast };

  // What a client emitted, and what came of it; its number is the event's payload or body.
  struct Asked {
    std::string by;
    Ask kind = Ask::kRelay;
    std::string room;
    std::string to;
    bool wants_acknowledgement = false;
    bool is_acknowledged = false;
    bool is_ok = false;
    unsigned outcomes = 0;                // answers to a Create or Join, deliveries of a relay
    std::string error;                    // the acknowledgement where it is not ok
    std::set<std::string> receivers;      // of a broadcast
    std::pair<unsigned, unsigned> stays;  // of both ends of a relay, where both were inside; or 0
    bool has_dead_ticket = false;         // it shows one, and that cannot count
  };

  struct Client {
    std::string name;
    PeerId peer;
    std::size_t node = 0;
    ClientModel model;
    std::map<std::string, unsigned> stays;  // by room: another one each time that it comes in
    bool is_away = false;                   // without a connection, it says nothing
    bool wants_tickets = true;
    std::map<std::string, std::string> tickets;  // by room: the last that it was given
    std::set<std::string> unsure_tickets{};      // rooms
  };
  using Clients = std::map<std::string, Client>;  // by id

  struct Heard {
    std::string by;
    std::optional<std::uint64_t> ack;
    std::string text;
  };

  std::size_t below(std::size_t limit) { return random_() % limit; }
  template <typename List>
  auto one_of(const List& list) {
    return *std::next(list.begin(), static_cast<std::ptrdiff_t>(below(list.size())));
  }

  template <typename... Words>
  void tell(const Words&... words) {
    if (!story_) return;
    (*story_ << (now_ - base::TimePoint{}) / 1ms << " ");
    (*story_ << ... << words) << '\n';
  }
  std::string with_names(std::string text) const {
    for (const auto& [id, name] : names_) {
      for (auto at = text.find(id); at != std::string::npos; at = text.find(id)) {
        text.replace(at, id.size(), "@" + name);
      }
    }
    return text;
  }

  // --- nodes

  void start(std::size_t index) {
    tell("node ", index + 1, " starts");
    nodes_[index] = std::make_unique<SimulatedNode>(
        SimulatedNode::Settings{.id = static_cast<std::uint32_t>(index + 1),
                                .workers = kWorkers,
                                .limits = limits_,
                                // If nothing goes wrong, nothing may fail, however long it takes.
                                .timing = {.heartbeat = weather_.lease / 3,
                                           .lease = weather_.lease,
                                           .patience = weather_.is_fair() ? 1h : kPatience}},
        SimulatedNode::World{.now = now_, .store = store_, .random = [this] { return random_(); }},
        ClientEvents{.hear = [this](const PeerId& to, std::optional<std::uint64_t> ack,
                                    std::string_view text) { hear(to, ack, text); },
                     .closed = [this](const PeerId& peer) { closed(peer); },
                     .is_away =
                         [this](const PeerId& peer) {
                           const auto client = clients_.find(std::string(PeerIdText(peer)));
                           return client != clients_.end() && client->second.is_away;
                         },
                     .closed_replaced =
                         [this](const signaling::Replace& replace) {
                           replaced_.emplace(replace.peer, replace.successor);
                           closed(replace.peer);
                         },
                     .replaced = [this](const signaling::Replaced& answer) { replaced(answer); }});
  }

  std::vector<std::size_t> live_nodes() const {
    std::vector<std::size_t> live;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i]) live.push_back(i);
    }
    return live;
  }

  bool take_any_step() {
    std::vector<std::pair<std::size_t, SimulatedNode::Step>> steps;
    for (const std::size_t i : live_nodes()) {
      for (const SimulatedNode::Step step : nodes_[i]->steps()) steps.emplace_back(i, step);
    }
    if (steps.empty()) return false;
    const auto [node, step] = steps[below(steps.size())];
    if (story_) tell("node ", node + 1, ": ", describe(step));
    nodes_[node]->perform(step);
    check_leases();
    end_if_left(node);
    return true;
  }

  void end_if_left(std::size_t index) {
    if (!nodes_[index]->has_left()) return;
    tell("node ", index + 1, " has left");
    nodes_[index].reset();
  }

  // A node that others have removed must have stopped serving before, unless the store was away.
  void check_leases() {
    for (const std::size_t i : live_nodes()) {
      nodes_[i]->look_whether_removed();
      const base::TimePoint end = nodes_[i]->workers().serves_until();
      const bool counts_on_lease = end != base::TimePoint::max() && now_ <= end;
      const bool is_removed = store_.is_removed(nodes_[i]->id(), nodes_[i]->epoch());
      require(!counts_on_lease || !is_removed, "A node serves that others have removed");
    }
  }

  static std::string describe(SimulatedNode::Step step) {
    static constexpr std::array kWords = {"the store acts", "an answer comes",    "connection",
                                          "does a task",    "looks at the clock", "worker"};
    std::string words = kWords[static_cast<std::size_t>(step.kind)];
    return words + " " + std::to_string(step.index);
  }

  void trouble() {
    if (chance(weather_.cuts)) cut();
    if (chance(weather_.stalls)) {
      SimulatedNode* const node = any_node();
      if (node) node->set_stalled(!node->is_stalled());
      if (node) tell("node ", node->id(), node->is_stalled() ? " is stalled" : " goes on");
    }
    if (chance(weather_.deaths)) die_or_start(below(nodes_.size()));
    if (chance(weather_.sleeps)) {
      SimulatedNode* const node = any_node();
      if (node) node->set_asleep(!node->is_asleep());
      if (node) tell("node ", node->id(), node->is_asleep() ? " sleeps" : " wakes");
    }
    if (chance(weather_.stops)) stop();
    if (chance(weather_.returns)) return_meanwhile();
    if (chance(weather_.losses)) lose_everything();
    if (chance(weather_.refusals)) {
      const std::size_t count = 1 + below(4);
      tell("the store refuses the next ", count, " commands");
      store_.refuse_next(count);
    }
    if (chance(weather_.failovers)) {
      tell("another server is the master");
      store_.fail_over();
    }
  }
  bool chance(std::size_t of_a_thousand) { return below(1000) < of_a_thousand; }

  SimulatedNode* any_node() {
    const auto live = live_nodes();
    return live.empty() ? nullptr : nodes_[one_of(live)].get();
  }

  void cut() {
    SimulatedNode* const node = any_node();
    if (!node) return;
    if (below(3) == 0) {
      tell("the connection of node ", node->id(), " for its inbox breaks");
      return node->cut_inbox();
    }
    const std::size_t carried_out = below(node->command_count() + 1);
    tell("the connection of node ", node->id(), " breaks after ", carried_out, " commands");
    node->cut(carried_out);
  }

  void die_or_start(std::size_t index) {
    if (!nodes_[index]) return start(index);
    tell("node ", index + 1, " dies");
    nodes_[index]->cut(below(nodes_[index]->command_count() + 1));
    nodes_[index].reset();
    std::erase_if(clients_, [&](const auto& client) { return client.second.node == index; });
  }

  // A node dies, others begin to remove it and are held up, it comes back and has clients again,
  // and then the others go on.
  void return_meanwhile() {
    SimulatedNode* const node = any_node();
    if (!node || live_nodes().size() == 1) return;
    const std::size_t index = node->id() - 1;
    die_or_start(index);
    for (int slice = 0; slice < 40 && !store_.has_dead(); ++slice) {
      for (int i = 0; i < 40 && !store_.has_dead() && take_any_step(); ++i) listen();
      now_ += 100ms;
    }
    for (std::size_t i = below(12); i > 0 && take_any_step(); --i) listen();
    set_stalled(true);
    now_ += weather_.lease;
    if (!nodes_[index]) start(index);
    for (int i = 0; i < 30; ++i) {
      for (int step = 0; step < 4 && take_any_step(); ++step) listen();
      act();
      listen();
    }
    set_stalled(false);
  }
  void set_stalled(bool is_stalled) {
    tell(is_stalled ? "all nodes are stalled" : "all nodes go on");
    for (const std::size_t i : live_nodes()) nodes_[i]->set_stalled(is_stalled);
  }
  void pass_slice() {
    for (int i = 0; i < 40 && take_any_step(); ++i) listen();
    now_ += 100ms;
  }

  // A node that is told to stop: its clients go, and then it leaves.
  void stop() {
    SimulatedNode* const node = any_node();
    if (!node || node->is_asleep()) return;
    tell("node ", node->id(), " stops");
    std::vector<std::string> leaving;
    for (const auto& [id, client] : clients_) {
      if (client.node + 1 == node->id()) leaving.push_back(id);
    }
    for (const std::string& id : leaving) disconnect(id);
    node->stop();
  }

  // What the store had done, and nobody has been told yet, is lost: of these rooms nothing can be
  // said any more. New ones take their names' place.
  void lose_everything() {
    tell("the store loses everything");
    for (const std::size_t i : live_nodes()) {
      const SimulatedNode& node = *nodes_[i];
      for (const auto& [serial, commit] : node.unheard()) lose(quoted(commit.room));
      for (const auto& entry : store_.read(node.id(), node.last_read(), SIZE_MAX)) {
        if (!entry.batch.empty()) lose_batch(entry.batch);
      }
    }
    for (const std::string& name : store_.room_names()) {
      for (const std::uint32_t node : nodes_of(room_of(store_.room(name).fields))) {
        if (!nodes_[node - 1] || !nodes_[node - 1]->has_place()) lose(quoted(name));
      }
    }
    // A node that is taken for dead, and does not know it, never learns it now, nor what its inbox
    // had held.
    for (const auto& [id, client] : clients_) {
      if (nodes_[client.node]->has_place()) continue;
      for (const auto& [room, view] : client.model.rooms()) {
        if (view.standing != Standing::kOutside) lose(room);
      }
    }
    store_.lose_everything();
    const bool starts_again = below(2) == 0;  // else it was told to forget all
    if (!starts_again) return;
    store_.lose_scripts();
    for (const std::size_t i : live_nodes()) nodes_[i]->cut_all();
  }
  void lose_batch(const std::string& batch) {
    const std::optional<Batch> read = read_batch(batch);
    for (const BusMessage& item : read->messages) {
      if (const auto* update = std::get_if<signaling::RoomUpdate>(&item.message))
        lose(quoted(update->room));
      if (const auto* relay = std::get_if<signaling::RemoteRelay>(&item.message))
        lose(quoted(relay->room));
      if (const auto* passed = std::get_if<signaling::PassedOn>(&item.message))
        lose(quoted(passed->room));
      if (const auto* answer = std::get_if<signaling::Acknowledgement>(&item.message)) {
        lose(asked_.at(answer->id).room);
      }
    }
  }
  void lose(const std::string& room) {
    if (lost_.insert(room).second) {
      tell("lost: ", room);
      ++generation_;
    }
  }
  // As it stands in JSON: rooms of the simulation go by that.
  static std::string quoted(const std::string& room) {
    std::string text;
    for (const char character : room) {
      if (character == '\0') text += "\\u0000";
      if (character == '"' || character == '\\') text += '\\';
      if (character != '\0') text += character;
    }
    return text;
  }
  bool is_lost(const std::string& room) const { return lost_.contains(room); }

  void calm_down() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!nodes_[i] && below(2) == 0) start(i);
      if (!nodes_[i]) continue;
      nodes_[i]->set_stalled(false);
      nodes_[i]->set_asleep(false);
    }
  }

  bool is_quiet() const {
    std::size_t count = 0;
    for (const std::size_t i : live_nodes()) {
      if (!nodes_[i]->is_quiet()) return false;
      ++count;
    }
    for (const std::string& name : store_.room_names()) {
      const auto room = room_of(store_.room(name).fields);
      if (room && room->is_empty() && !is_lost(quoted(name))) return false;  // it lingers
    }
    return !store_.has_dead() && !store_.holds(now_) && store_.node_count() == count;
  }

  // All faults are over. Time passes until nothing is left to be done, and a little longer.
  void settle(base::Duration longer = kPatience + 1s) {
    tell("all is well again");
    calm_down();
    listen();
    base::TimePoint quiet_since = base::TimePoint::max();
    std::optional<std::size_t> removals;  // until all was quiet for the first time
    for (std::size_t step = 0; step < 200'000; ++step) {
      if (live_nodes().empty()) start(0);  // the last one has left
      if (take_any_step()) {
        listen();
        unsure_leave();
        continue;
      }
      if (!is_quiet()) {
        quiet_since = base::TimePoint::max();
      } else if (quiet_since == base::TimePoint::max()) {
        quiet_since = now_;
        if (!removals) removals = store_.removal_count();
      } else if (now_ - quiet_since > longer) {
        return require(store_.removal_count() == removals,
                       "A node did not renew its lease in time");
      }
      base::TimePoint next = now_ + 1s;
      for (const std::size_t i : live_nodes()) next = std::min(next, nodes_[i]->next_timer());
      now_ = std::max(now_ + 1ms, next);
    }
    require(false, "The cluster never comes to rest");
  }

  void pass_time() {
    if (below(5) != 0) {
      now_ += std::chrono::milliseconds(below(40));
      return;
    }
    // A while in which whatever can be done is done.
    const base::TimePoint end = now_ + std::chrono::milliseconds(below(4'000));
    while (now_ < end) pass_slice();
    tell("time has passed");
  }

  // --- clients

  void act() {
    if (clients_.empty() || (below(100) < 10 && clients_.size() < kMostPeers)) return connect();
    const std::string client = one_of(clients_).first;
    if (clients_.at(client).is_away) {
      if (below(4) != 0) return pass_time();
      return below(2) == 0 ? disconnect(client) : replace(client);
    }
    switch (below(22)) {
      case 0:
        if (below(2) == 0) return pass_time();
        if (below(3) == 0) return replace(client);
        return below(2) == 0 ? disconnect(client) : lose_client(client);
      case 1:
        return introduce(client);
      case 2:
      case 3:
      case 4:
        return say(client, Ask::kCreate, "room-create-request", any_room());
      case 5:
      case 6:
      case 7:
      case 8:
        return join(client, any_room(), below(3) == 0 ? any_ticket() : std::string());
      case 9:
      case 10:
      case 11:
        return answer(client);
      case 12:
        return say(client, Ask::kLeave, "room-leave-request", any_room());
      case 13:
        return kick(client);
      case 14:
        return update(client);
      case 15:
        return say(client, Ask::kBroadcast, "relay-message", any_room());
      case 16:
        return say(client, Ask::kInfo, "room-info-request", any_room());
      case 17:
      case 18:
        return below(60) == 0 ? check_in_quiet() : pass_time();
      default:
        return relay(client);
    }
  }

  // Whom the cluster could not answer may be in a room for a while without having been told, or out
  // of one. Such clients go, and come as new ones: until they do, more can be told to them of that
  // room than they expect.
  void unsure_leave() {
    for (const std::string& id : std::exchange(unsure_, {})) {
      if (!clients_.contains(id)) continue;
      if (!is_awake(id)) unsure_.insert(id);
      disconnect(id);
    }
  }

  void connect() {
    const std::size_t index = below(nodes_.size());
    SimulatedNode* const node = nodes_[index].get();
    if (!node || !node->is_serving() || node->is_asleep() || node->is_leaving()) return;
    const auto worker = static_cast<std::uint16_t>(below(kWorkers));
    const PeerId peer = node->workers().connect(worker, ++connected_);
    const std::string id{std::string_view(PeerIdText(peer))};
    const std::string name = "p" + std::to_string(connected_);
    names_[id] = name;
    clients_.emplace(id, Client{.name = name,
                                .peer = peer,
                                .node = index,
                                .model = ClientModel(id),
                                .stays = {},
                                .wants_tickets = below(8) != 0,
                                .tickets = {}});
    tell(name, " connects to worker ", worker, " of node ", index + 1);
  }

  bool is_awake(const std::string& id) const { return !nodes_[clients_.at(id).node]->is_asleep(); }
  // Else what it says is refused at once.
  bool is_served(const std::string& id) const {
    const Client& client = clients_.at(id);
    return is_awake(id) && nodes_[client.node]->workers().may_serve(client.peer.home.worker);
  }

  void disconnect(const std::string& id) {
    if (!is_awake(id)) return;
    tell(names_[id], " disconnects");
    const Client client = std::move(clients_.extract(id).mapped());
    nodes_[client.node]->workers().disconnect(client.peer);
  }

  // A new client that was this one before takes it out.
  void replace(const std::string& id) {
    const PeerId old = clients_.at(id).peer;
    const std::uint64_t connected = connected_;
    connect();
    if (connected_ == connected) return;
    for (const auto& [other, client] : clients_) {
      if (client.name != "p" + std::to_string(connected_)) continue;
      tell(client.name, " replaces ", names_[id]);
      const PeerId peer = client.peer;
      return void(nodes_[client.node]->workers().service_of(peer).replace(old, peer, now_));
    }
  }

  void replaced(const signaling::Replaced& answer) {
    tell("an answer: ", names_[std::string(std::string_view(PeerIdText(answer.successor)))],
         " replaces ", names_[std::string(std::string_view(PeerIdText(answer.peer)))]);
    const std::pair both(answer.peer, answer.successor);
    if (++replacements_[both] < answer.answers) return;
    // If it has gone by itself, or for another one, it may still be on its way out. So may what was
    // refused because it took too long.
    if (!replaced_.contains(both) || !weather_.is_fair()) return;
    for (const std::string& name : store_.room_names()) {
      const auto room = room_of(store_.room(name).fields);
      const std::vector<PeerId> peers = room->peers();
      const bool is_gone = std::ranges::find(peers, answer.peer) == peers.end();
      require(is_gone, "A peer that was replaced is still in its room");
    }
  }

  // Until it is asked to make room, it stays where it is.
  void lose_client(const std::string& id) {
    tell(names_[id], " loses its connection");
    clients_.at(id).is_away = true;
  }

  // With a ticket, if that is not empty.
  void join(const std::string& id, const std::string& room, const std::string& ticket) {
    ticket_ = ticket;
    say(id, Ask::kJoin, "room-join-request", room);
    ticket_.clear();
  }

  // Anybody's, good or not.
  std::string any_ticket() {
    return all_tickets_.empty() || below(8) == 0 ? "forged" : one_of(all_tickets_);
  }

  // The last that each client was given of each room. The one before counts no more.
  void note_ticket(Client& client, std::string_view text) {
    const std::string ticket = value_in(text, R"("ticket":")");
    if (ticket.empty()) return;
    std::string& last = client.tickets[value_in(text, R"("room":")")];
    if (last == ticket) return;
    if (!last.empty()) dead_tickets_.insert(last);
    last = ticket;
    all_tickets_.push_back(ticket);
  }
  static std::string value_in(std::string_view text, std::string_view field) {
    const std::size_t at = text.find(field);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + field.size());
    return std::string(rest.substr(0, rest.find("\",\"")).substr(0, rest.find("\"}")));
  }
  void end_ticket(Client& client, const std::string& room) {
    const auto ticket = client.tickets.extract(room);
    if (ticket) dead_tickets_.insert(ticket.mapped());
  }

  void closed(const PeerId& peer) {
    const std::string id{std::string_view(PeerIdText(peer))};
    if (clients_.erase(id) > 0) tell(names_[id], " is sent away");
  }

  void introduce(const std::string& id) {
    if (!is_served(id)) return;
    const Client& client = clients_.at(id);
    nodes_[client.node]
        ->workers()
        .service_of(client.peer)
        .set_peerinfo(client.peer, std::to_string(below(10)), now_);
  }

  void answer(const std::string& client) {
    const char* event = below(3) == 0 ? "room-join-reject" : "room-join-accept";
    for (const auto& [room, view] : clients_.at(client).model.rooms()) {
      if (view.candidates.empty() || is_lost(room)) continue;
      return say(client, Ask::kAnswer, event, room, one_of(view.candidates));
    }
    say(client, Ask::kAnswer, event, any_room(), any_id());
  }

  void kick(const std::string& client) {
    std::string room = any_room();
    std::string whom = any_id();
    for (const auto& [name, view] : clients_.at(client).model.rooms()) {
      if (view.standing != Standing::kInside || is_lost(name) || below(4) == 0) continue;
      room = name;
      whom = one_of(view.members);
    }
    kicked_.insert({room, whom});
    say(client, Ask::kAnswer, "room-kick-request", room, whom);
  }

  void update(const std::string& client) {
    static constexpr std::array kSettings = {R"("locked":true)",       R"("locked":false)",
                                             R"("admission":"open")",  R"("admission":"open")",
                                             R"("admission":"owner")", R"("capacity":null)",
                                             R"("capacity":3)"};
    do {
      settings_ = one_of(kSettings);
    } while (!opens_ && settings_.find("open") != std::string::npos);
    say(client, Ask::kUpdate, "room-update-request", any_room());
  }

  void relay(const std::string& client) {
    for (const auto& [room, view] : clients_.at(client).model.rooms()) {
      if (view.standing != Standing::kInside || is_lost(room) || below(4) == 0) continue;
      return say(client, Ask::kRelay, "relay-ice-candidate", room, one_of(view.members));
    }
    say(client, Ask::kRelay, "relay-ice-candidate", any_room(), any_id());
  }

  std::string any_room() {
    return one_of(kRooms) + (generation_ == 0 ? std::string() : std::to_string(generation_));
  }
  std::string any_id() { return names_.empty() ? std::string(20, 'A') : one_of(names_).first; }

  unsigned stay_of(const std::string& id, const std::string& room) {
    const auto client = clients_.find(id);
    const bool is_inside = client != clients_.end() && client->second.model.is_inside(room);
    return is_inside ? client->second.stays[room] : 0;
  }

  void say(const std::string& client, Ask kind, const std::string& event, const std::string& room,
           const std::string& to = {}) {
    emit(client, kind, event, room, to);
  }

  // Gives the number of what is asked.
  std::size_t emit(const std::string& id, Ask kind, const std::string& event,
                   const std::string& room, const std::string& to) {
    const std::size_t number = asked_.size();
    if (!is_served(id)) return number;
    Asked asked{
        .by = id, .kind = kind, .room = room, .to = to, .error = {}, .receivers = {}, .stays = {}};
    if (kind == Ask::kLeave) ++leaves_[{id, room}];
    asked.has_dead_ticket =
        !ticket_.empty() && (ticket_ == "forged" || dead_tickets_.contains(ticket_));
    asked.wants_acknowledgement =
        kind == Ask::kJoin || kind == Ask::kLeave || kind == Ask::kInfo || below(4) != 0;
    if (kind == Ask::kRelay && clients_.at(id).model.sees(room, to)) {
      asked.stays = {stay_of(id, room), stay_of(to, room)};
    }
    asked_.push_back(asked);
    const std::string field = kind == Ask::kRelay       ? "ice_candidate"
                              : kind == Ask::kBroadcast ? "data"
                                                        : "payload";
    std::string text =
        "[\"" + event + "\",{\"room\":\"" + room + "\",\"" + field + "\":" + std::to_string(number);
    if (kind == Ask::kRelay || kind == Ask::kAnswer) text += ",\"to\":\"" + to + "\"";
    if (kind == Ask::kUpdate) text += "," + settings_;
    if (!ticket_.empty()) text += R"(,"ticket":")" + ticket_ + "\"";
    text += "}]";
    tell(names_[id], " says ", story_ ? with_names(text) : std::string());
    execute(clients_.at(id), text,
            asked.wants_acknowledgement ? std::optional<std::uint64_t>(number) : std::nullopt);
    return number;
  }

  void execute(const Client& client, const std::string& text, std::optional<std::uint64_t> ack) {
    json::Outline outline;
    require(outline.parse(text, 32) == json::Status::kOk, "The simulation says no JSON");
    const signaling::Request request = signaling::parse_request(outline);
    const auto* command = std::get_if<signaling::Command>(&request.command);
    require(command, "The simulation says what nobody understands");
    signaling::Service& service = nodes_[client.node]->workers().service_of(client.peer);
    signaling::Service::Context context{request.payload, nullptr, ack, now_};
    context.app = "app";
    context.wants_ticket = client.wants_tickets;
    std::visit(
        [&](const auto& asked) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(asked)>, signaling::AuthRequest>) {
            service.execute(client.peer, asked, context);
          }
        },
        *command);
  }

  // --- what clients hear

  void hear(const PeerId& to, std::optional<std::uint64_t> ack, std::string_view text) {
    const std::string id{std::string_view(PeerIdText(to))};
    heard_.push_back({id, ack, std::string(text)});
  }

  void listen() {
    for (const Heard& heard : std::exchange(heard_, {})) {
      const auto client = clients_.find(heard.by);
      if (client == clients_.end()) continue;  // it has gone since
      if (unsure_.contains(heard.by)) continue;
      if (story_) {
        tell(names_[heard.by], " hears ",
             heard.ack ? "acknowledgement " + std::to_string(*heard.ack) : "", " ",
             with_names(heard.text));
      }
      note_ticket(client->second, heard.text);
      if (heard.ack) {
        hear_acknowledgement(client->second, heard.by, *heard.ack, heard.text);
      } else {
        hear_event(client->second, heard.by, ReadEvent(heard.text));
      }
    }
  }

  void hear_acknowledgement(Client& client, const std::string& id, std::size_t number,
                            const std::string& arguments) {
    Asked& asked = asked_.at(number);
    if (is_lost(asked.room)) return;
    require(asked.by == id && asked.wants_acknowledgement, "Somebody else's acknowledgement");
    require(!asked.is_acknowledged, "A second acknowledgement");
    asked.is_acknowledged = true;
    const bool ok = arguments.starts_with(R"([{"ok":true)");
    if (!ok) asked.error = arguments;
    if (asked.kind == Ask::kJoin && ok && asked.outcomes == 0) {  // else it went in at once
      client.model.waits(asked.room);
      conclude(asked, true);
    }
    if (asked.kind == Ask::kLeave && ok) {
      if (leaves_[{id, asked.room}] == 1 ||
          client.model.view(asked.room).standing != Standing::kOutside) {
        client.model.taken_out(asked.room);
      }
      end_ticket(client, asked.room);
    }
    const bool is_unknown = arguments.find("\"cluster-unavailable\"") != std::string::npos;
    if (is_unknown && asked.kind == Ask::kLeave) unsure_.insert(id);
    // It may have been given another one, and not have been told.
    if (is_unknown) client.unsure_tickets.insert(asked.room);
    const bool has_outcome = asked.kind == Ask::kCreate || asked.kind == Ask::kJoin;
    if (has_outcome) require(asked.outcomes == 1 && asked.is_ok == ok, "Not what was acknowledged");
  }

  static void conclude(Asked& asked, bool ok) {
    require(++asked.outcomes == 1, "A second answer to one request");
    asked.is_ok = ok;
  }

  void enters(Client& client, const std::string& room) { client.stays[room] = ++last_stay_; }

  void hear_event(Client& client, const std::string& id, const ReadEvent& event) {
    ClientModel& model = client.model;
    const bool is_refusal = event.name() == "room-create-reject" ||
                            (event.name() == "room-join-reject" && !event.has("room"));
    if (is_refusal) return hear_refusal(id, model, event);
    const std::string room = event.text("room");
    if (is_lost(room)) return;
    if (event.name() == "room-create-accept") {
      Asked& asked = asked_.at(event.number("payload"));
      require(asked.by == id && asked.kind == Ask::kCreate, "Somebody else's room");
      conclude(asked, true);
      if (model.is_owner(room)) return;
      model.created(room);
      return enters(client, room);
    }
    if (event.name() == "room-update") {
      return require(model.is_inside(room), "Told of the settings of a room of others");
    }
    const std::string peer = event.text("peer_id");
    if (event.name() == "room-join-accept") {
      require(peer == id, "Somebody else's admission");
      Asked& asked = asked_.at(event.number("payload"));
      if (asked.kind == Ask::kJoin && asked.outcomes == 0) {
        conclude(asked, true);
        const bool is_owner = event.has("owner");
        if (model.is_inside(room)) {
          return model.admitted_again(room, event.texts("peers"), is_owner);
        }
        require(!asked.has_dead_ticket || opens_, "Let in with a ticket that counts no more");
        model.waits(room);
      }
      model.admitted(room, event.texts("peers"), event.has("owner"));
      enters(client, room);
    } else if (event.name() == "room-join-reject") {
      require(peer == id, "Somebody else's rejection");
      model.turned_away(room);
    } else if (event.name() == "room-kick") {
      require(peer == id, "Somebody else was taken out");
      model.taken_out(room);
      end_ticket(client, room);
    } else if (!model.hear_of(peer, room, event)) {
      hear_message(client, id, room, peer, event);
    }
  }

  void hear_refusal(const std::string& id, ClientModel& model, const ReadEvent& event) {
    Asked& asked = asked_.at(event.number("payload"));
    if (is_lost(asked.room)) return;
    const Ask kind = event.name() == "room-create-reject" ? Ask::kCreate : Ask::kJoin;
    require(asked.by == id && asked.kind == kind, "A refusal of something else");
    conclude(asked, false);
    const std::string message = event.text("message");
    if (message == text(signaling::Error::kClusterUnavailable).message) {
      clients_.at(id).unsure_tickets.insert(asked.room);
    }
    if (message == text(signaling::Error::kRoomNotFound).message) {
      require(model.view(asked.room).standing == Standing::kOutside, "One's own room is not found");
    }
  }

  void hear_message(Client& client, const std::string& id, const std::string& room,
                    const std::string& peer, const ReadEvent& event) {
    const bool is_relay = event.name() == "ice-candidate";
    const std::size_t number = event.number(is_relay ? "ice_candidate" : "data");
    Asked& asked = asked_.at(number);
    require(asked.kind == (is_relay ? Ask::kRelay : Ask::kBroadcast) && asked.room == room &&
                asked.by == peer,
            "A message went astray");
    if (is_relay) {
      require(asked.to == id, "A relay went astray");
      require(++asked.outcomes == 1, "A relay came twice");
    } else {
      require(asked.by != id && asked.receivers.insert(id).second, "A broadcast came twice");
    }
    // What somebody sent who was just being taken out may come after the news of that.
    if (kicked_.contains({room, peer})) {
      require(client.model.is_inside(room), "Somebody outside a room heard its messages");
    } else {
      client.model.relayed_by(room, peer);
    }
    // A client that is told that the outcome is unknown goes on, so its message may come late.
    if (asked.error.find("\"cluster-unavailable\"") != std::string::npos) return;
    std::size_t& last = last_heard_[{peer, id, room}];
    require(last <= number, "A message overtook another one");
    last = number;
  }

  // --- what holds when all is quiet

  void check_in_quiet() {
    settle();
    if (below(2) == 0) come_back_in_quiet();
    for (std::size_t number = 0; number < asked_.size(); ++number) check(number, asked_[number]);
    std::set<std::string> rooms;
    for (const std::string& name : store_.room_names()) {
      if (!is_lost(quoted(name))) check_room(name);
      rooms.insert(quoted(name));
    }
    for (auto& [id, client] : clients_) {
      for (const auto& [room, view] : client.model.rooms()) {
        const bool believes = view.standing != Standing::kOutside && !is_lost(room);
        if (believes) require(rooms.contains(room), "A room that only its members know of");
      }
    }
    std::size_t peers = 0;
    for (const std::size_t i : live_nodes()) peers += nodes_[i]->workers().peer_count();
    require(peers == clients_.size(), "There are peers that have gone");
  }

  // A member that has just gone without saying so is let in again by its ticket, in its old role.
  void come_back_in_quiet() {
    for (const auto& [id, client] : clients_) {
      for (const auto& [room, view] : client.model.rooms()) {
        const auto ticket = client.tickets.find(room);
        const bool is_sure = !client.unsure_tickets.contains(room) && !is_lost(room);
        const bool has_one = is_sure && ticket != client.tickets.end();
        if (!has_one || view.standing != Standing::kInside) continue;
        const std::array copies{id, room, ticket->second};  // all of them go meanwhile
        return come_back_in_quiet(copies[0], copies[1], copies[2]);
      }
    }
  }

  void come_back_in_quiet(const std::string& id, const std::string& room,
                          const std::string& ticket) {
    ClientModel& before = clients_.at(id).model;
    const bool was_owner = before.is_owner(room);
    if (before.view(room).members.size() == 1 || below(2) == 0) {
      lose_client(id);
    } else {
      disconnect(id);
      settle();
    }
    const std::uint64_t connected = connected_;
    while (connected_ == connected) connect();
    const auto newcomer = std::ranges::find(names_, "p" + std::to_string(connected_),
                                            [](const auto& item) { return item.second; });
    const std::string came = newcomer->first;
    join(came, room, ticket);
    settle();
    require(clients_.contains(came), "A client with a good ticket is sent away");
    if (asked_.back().error.find("\"room-full\"") != std::string::npos) {
      const auto is_inside = [&](auto& item) { return item.second.model.is_inside(room); };
      return require(std::ranges::count_if(clients_, is_inside) >= kCapacity, "Room is left");
    }
    ClientModel& model = clients_.at(came).model;
    require(model.is_inside(room), "A good ticket does not let in");
    const bool is_alone = model.view(room).members.size() == 1;
    require(model.is_owner(room) == (was_owner || is_alone), "A ticket makes somebody else of it");
  }

  void check(std::size_t number, const Asked& asked) {
    if (!clients_.contains(asked.by) || is_lost(asked.room)) return;
    require(asked.wants_acknowledgement == asked.is_acknowledged,
            "No acknowledgement of " + std::to_string(number));
    const bool needs_outcome = asked.kind == Ask::kCreate || asked.kind == Ask::kJoin;
    if (needs_outcome) require(asked.outcomes == 1, "No answer");
    if (asked.kind == Ask::kRelay) check_relay(asked);
  }

  void check_relay(const Asked& asked) {
    if (!clients_.contains(asked.to)) return;
    const bool is_here = asked.outcomes == 1;
    const bool is_unknown = asked.error.find("\"cluster-unavailable\"") != std::string::npos;
    if (asked.is_acknowledged && asked.error.empty()) {
      require(is_here, "A relay was acknowledged and lost");
    } else if (asked.is_acknowledged && !is_unknown) {
      require(!is_here, "A relay was refused and came");
    }
    if (is_here || is_unknown) return;
    const auto [from, to] = asked.stays;
    const bool stay = from != 0 && from == stay_of(asked.by, asked.room) && to != 0 &&
                      to == stay_of(asked.to, asked.room);
    if (stay && (asked.is_acknowledged || weather_.is_fair())) {
      require(false, "A relay between members was lost");
    }
  }

  void check_room(const std::string& name) {
    const std::string room = quoted(name);
    const auto stored = room_of(store_.room(name).fields);
    require(stored.has_value(), "A room that cannot be read");
    require(!stored->is_empty(), "A room waits for ever");
    std::set<std::string> members;
    std::set<std::string> owners;
    std::vector<std::string> order;
    for (const signaling::Member& member : stored->members()) {
      const std::string id{std::string_view(PeerIdText(member.peer))};
      order.push_back(id);
      require(members.insert(id).second, "Somebody is in a room twice");
      require(clients_.contains(id), "Somebody is in a room who has gone");
      if (member.is_owner) owners.insert(id);
    }
    std::set<std::string> candidates;
    for (const signaling::JoinRequest* request : stored->requests()) {
      const std::string id{std::string_view(PeerIdText(request->candidate))};
      candidates.insert(id);
      require(!members.contains(id), "A member that waits at the door");
      require(clients_.contains(id), "Somebody waits who has gone");
    }
    for (auto& [id, client] : clients_) {
      const ClientModel::View& view = client.model.view(room);
      const bool is_inside = view.standing == Standing::kInside;
      require(is_inside == members.contains(id), "A client is wrong about where it is");
      const bool waits = view.standing == Standing::kWaiting;
      require(waits == candidates.contains(id), "A client is wrong about where it waits");
      if (!is_inside) continue;
      require(view.members == order, "Members see different rooms");
      require(std::ranges::includes(owners, view.owners), "A second set of owners");
      const bool is_owner = owners.contains(id);
      require(is_owner == view.owners.contains(id), "An owner that does not know of it");
      for (const std::string& candidate : candidates) {
        const bool knows = !is_owner || view.candidates.contains(candidate);
        require(knows, "An owner misses a candidate");
      }
    }
  }

  void everybody_leaves() {
    while (!clients_.empty()) disconnect(clients_.begin()->first);
    settle(weather_.lease + kPatience + 1s);
    for (const std::string& name : store_.room_names()) {
      require(is_lost(quoted(name)), "Rooms are left");
    }
    for (const std::size_t i : live_nodes()) {
      require(nodes_[i]->workers().peer_count() == 0, "Peers are left");
      if (lost_.empty()) require(nodes_[i]->room_count() == 0, "A node remembers rooms");
    }
  }

  std::mt19937_64 random_;
  Weather weather_;
  base::TimePoint now_{};
  StoreModel store_;
  std::vector<std::unique_ptr<SimulatedNode>> nodes_;
  std::ostream* story_;
  signaling::Limits limits_;
  std::uint64_t connected_ = 0;
  std::map<std::string, std::string> names_;  // of all that ever were, by id
  Clients clients_;                           // who is connected
  std::vector<Heard> heard_;
  std::vector<Asked> asked_;
  std::set<std::pair<std::string, std::string>> kicked_;  // from which room whom somebody wished
  std::map<std::array<std::string, 3>, std::size_t> last_heard_;  // from, to, room
  std::set<std::string> unsure_;                                  // clients
  std::set<std::string> lost_;                                    // rooms
  unsigned generation_ = 0;
  unsigned last_stay_ = 0;
  std::string settings_;  // of the update that is being emitted
  std::string ticket_;    // of the join that is being emitted
  std::map<std::pair<std::string, std::string>, unsigned> leaves_;  // asked for, by client and room
  std::vector<std::string> all_tickets_;
  std::set<std::string> dead_tickets_;
  std::map<std::pair<PeerId, PeerId>, std::uint32_t> replacements_;  // answers so far
  std::set<std::pair<PeerId, PeerId>> replaced_;  // who were taken out, and by which successor
  bool opens_;                                    // whether rooms are opened to all
};

TEST(Simulation, KeepsItsRulesWhateverGoesWrong) {
  base::testing::simulate_seeds(
      kSeeds, [](std::uint64_t seed, std::ostream* story) { Simulation(seed, story).run(); });
}

}  // namespace
}  // namespace heliograph::cluster::testing
