// Random clients on three workers, with messages between the workers arriving in any order that
// worker_message.hpp allows. base/testing/simulated_seeds.hpp says how to choose the seeds.
// Long because one class plays the clients, orders the messages and checks the rooms.
#include <array>
#include <ostream>
#include <random>

#include "base/testing/simulated_seeds.hpp"
#include "signaling/testing/client_model.hpp"
#include "signaling/testing/service_fixture.hpp"

namespace heliograph::signaling {
namespace {

// What is to be shown of a join request is looked at after that time, whether or not it is there.
constexpr std::chrono::seconds kAskedAgain{2};
constexpr std::uint64_t kSeeds = 2000;
constexpr std::size_t kSteps = 250;
constexpr std::ptrdiff_t kCapacity = 3;  // the only one that owners set
constexpr std::size_t kMostPeers = 12;
constexpr std::size_t kMostRoomsPerPeer = 4;
constexpr std::array kRooms = {"north", "south", "east", "west", "@p1", "\\\\\\\""};
constexpr std::array kStrangeIds = {"", "north", "AAAAAAAAAAAAAAAAAAAA", "____________________"};

using Standing = ClientModel::Standing;

class Simulation {
 public:
  Simulation(std::uint64_t seed, std::ostream* story)
      : random_(seed),
        node_(3, {.max_rooms_per_peer = kMostRoomsPerPeer}),
        story_(story),
        opens_(random_() % 2 == 0) {}

  void run() {
    const std::size_t haste = 1 + below(60);  // how soon messages arrive, in percent
    for (std::size_t step = 0; step < kSteps; ++step) {
      const auto arrivals = node_.arrivals();
      if (!arrivals.empty() && below(100) < haste) {
        arrive(one_of(arrivals));
      } else {
        act();
      }
      listen();
    }
    check_in_quiet();
    everybody_leaves();
  }

 private:
  enum class Kind { kCreate, kJoin, kLeave, kAnswer, kUpdate, kRelay, kBroadcast };

  // What a client emitted, and what came of it; its number is the event's payload or body.
  struct Asked {
    std::string by;
    Kind kind;
    std::string room;
    std::string to;
    bool wants_acknowledgement = false;
    bool is_acknowledged = false;
    bool is_ok = false;
    unsigned outcomes = 0;            // answers to a Create or Join, deliveries of a relay
    std::set<std::string> receivers;  // of a broadcast
    std::string error;                // the acknowledgement where it is not ok
    bool has_dead_ticket = false;     // it shows one, and that cannot count
  };

  std::size_t below(std::size_t limit) { return random_() % limit; }
  template <typename List>
  typename List::value_type one_of(const List& list) {
    return list[below(list.size())];
  }

  template <typename... Words>
  void tell(const Words&... words) {
    if (story_) (*story_ << ... << words) << '\n';
  }

  void act() {
    if (names_.empty() || (below(100) < 8 && names_.size() < kMostPeers)) return connect();
    const std::string client = one_of(names_);
    if (away_.contains(client)) return below(4) == 0 ? disconnect(client) : pass_time();
    switch (below(20)) {
      case 0:
        if (below(2) == 0) return pass_time();
        return below(2) == 0 ? disconnect(client) : lose(client);
      case 1:
        return introduce(client);
      case 2:
      case 3:
      case 4:
        return create(client);
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
        return say(client, Kind::kLeave, "room-leave-request", any_room(), "");
      case 13:
        return kick(client);
      case 14:
        return update(client);
      case 15:
        return say(client, Kind::kBroadcast, "relay-message", any_room(), "");
      case 16:
        return below(8) == 0 ? check_in_quiet() : pass_time();
      default:
        return relay(client);
    }
  }

  void connect() {
    const std::string name = "p" + std::to_string(++connected_);
    const auto worker = static_cast<std::uint16_t>(below(node_.worker_count()));
    tell(name, " connects to worker ", worker);
    node_.connect(name, worker);
    names_.push_back(name);
    models_.emplace(name, ClientModel("@" + name));
    if (below(8) != 0) node_.give_tickets(name, "app");
  }

  void disconnect(const std::string& name) {
    tell(name, " disconnects");
    node_.disconnect(name);
    forget(name);
  }

  // Its tickets may still be shown by others.
  void forget(const std::string& name) {
    models_.erase(name);
    std::erase(names_, std::string(name));
  }

  // Until it is asked to make room, it stays where it is and says nothing.
  void lose(const std::string& name) {
    tell(name, " loses its connection");
    node_.lose(name);
    away_.insert(name);
  }

  void forget_who_made_room() {
    std::erase_if(away_, [&](const std::string& name) {
      if (node_.is_connected(name)) return false;
      forget(name);
      return true;
    });
  }

  void pass_time() {
    const auto worker = static_cast<std::uint16_t>(below(node_.worker_count()));
    node_.pass_time(std::chrono::seconds(below(20)));
    tell("worker ", worker, " looks at its clock");
    node_.service(worker).expire(node_.now());
  }

  void introduce(const std::string& name) { node_.set_peerinfo(name, std::to_string(below(10))); }

  void arrive(TestNode::Link link) {
    tell("a message from worker ", link.from, " to worker ", link.to);
    node_.arrive(link);
  }

  // Listens after each message, so that what is heard is heard in the order in which it came about.
  void settle() {
    listen();
    for (auto arrivals = node_.arrivals(); !arrivals.empty(); arrivals = node_.arrivals()) {
      arrive(one_of(arrivals));
      listen();
    }
  }

  // With a ticket, if that is not empty.
  void join(const std::string& client, const std::string& room, const std::string& ticket) {
    ticket_ = ticket;
    emit(client, Kind::kJoin, "room-join-request", room, "");
    ticket_.clear();
  }

  // Anybody's, good or not.
  std::string any_ticket() {
    if (all_tickets_.empty() || below(8) == 0) return "forged";
    return one_of(all_tickets_);
  }

  void create(const std::string& client) {
    emit(client, Kind::kCreate, "room-create-request", below(16) == 0 ? "" : any_room(), "");
  }

  void answer(const std::string& client) {
    const char* event = below(3) == 0 ? "room-join-reject" : "room-join-accept";
    for (const auto& [room, view] : models_.at(client).rooms()) {
      if (view.candidates.empty() || below(4) == 0) continue;
      return say(client, Kind::kAnswer, event, room,
                 one_of(std::vector(view.candidates.begin(), view.candidates.end())));
    }
    emit(client, Kind::kAnswer, event, any_room(), any_id());
  }

  void kick(const std::string& client) {
    for (const auto& [room, view] : models_.at(client).rooms()) {
      if (view.standing != Standing::kInside || below(4) == 0) continue;
      return kick(client, room, one_of(view.members));
    }
    kick(client, any_room(), any_id());
  }

  void kick(const std::string& client, const std::string& room, const std::string& whom) {
    kicked_.insert({room, whom});
    emit(client, Kind::kAnswer, "room-kick-request", room, whom);
  }

  void update(const std::string& client) {
    static constexpr std::array kSettings = {R"("locked":true)",       R"("locked":false)",
                                             R"("admission":"open")",  R"("admission":"open")",
                                             R"("admission":"owner")", R"("admission":"password")",
                                             R"("capacity":null)",     R"("capacity":3)"};
    do {
      settings_ = one_of(kSettings);
    } while (!opens_ && settings_.find("open") != std::string::npos);
    say(client, Kind::kUpdate, "room-update-request", any_room(), "");
  }

  void relay(const std::string& client) {
    for (const auto& [room, view] : models_.at(client).rooms()) {
      if (view.standing != Standing::kInside || below(4) == 0) continue;
      return say(client, Kind::kRelay, "relay-ice-candidate", room, one_of(view.members));
    }
    emit(client, Kind::kRelay, "relay-ice-candidate", any_room(), any_id());
  }

  std::string any_room() { return one_of(kRooms); }

  std::string any_id() {
    return below(8) == 0 ? one_of(kStrangeIds) : "@p" + std::to_string(1 + below(connected_));
  }

  void say(const std::string& client, Kind kind, const std::string& event, const std::string& room,
           const std::string& to) {
    emit(client, kind, event, room, to);
  }

  // Gives the number of what is asked.
  std::size_t emit(const std::string& client, Kind kind, const std::string& event,
                   const std::string& room, const std::string& to) {
    const std::size_t number = asked_.size();
    Asked asked{.by = client, .kind = kind, .room = room, .to = to, .receivers = {}, .error = {}};
    const bool is_told_by_it_only = kind == Kind::kJoin || kind == Kind::kLeave;
    asked.wants_acknowledgement = is_told_by_it_only || below(4) != 0;
    asked_.push_back(asked);
    const std::string field = kind == Kind::kRelay       ? "ice_candidate"
                              : kind == Kind::kBroadcast ? "data"
                                                         : "payload";
    std::string text =
        "[\"" + event + "\",{\"room\":\"" + room + "\",\"" + field + "\":" + std::to_string(number);
    if (!to.empty() || kind == Kind::kRelay || kind == Kind::kAnswer) {
      text += ",\"to\":\"" + to + "\"";
    }
    if (kind == Kind::kUpdate) text += "," + settings_;
    if (!ticket_.empty()) text += R"(,"ticket":")" + ticket_ + "\"";
    if (kind == Kind::kLeave) ++leaves_[{client, room}];
    asked_.back().has_dead_ticket = !ticket_.empty() && !may_count(ticket_);
    text += "}]";
    tell(client, " says ", text);
    node_.emit(client, text, asked.wants_acknowledgement ? std::optional(number) : std::nullopt);
    return number;
  }

  void listen() {
    hear_all();
    forget_who_made_room();
  }

  void hear_all() {
    for (auto& [name, model] : models_) {
      for (const Heard& heard : node_.take_heard(name)) {
        tell(name, " hears ", heard.ack ? "acknowledgement " + std::to_string(*heard.ack) : "", " ",
             heard.arguments);
        note_ticket(name, heard.arguments);
        if (heard.ack) {
          hear_acknowledgement(name, model, *heard.ack, heard.arguments);
        } else {
          hear_event(name, model, ReadEvent(heard.arguments));
        }
      }
    }
  }

  void hear_acknowledgement(const std::string& name, ClientModel& model, std::size_t number,
                            const std::string& arguments) {
    Asked& asked = asked_.at(number);
    require(asked.by == name && asked.wants_acknowledgement && !asked.is_acknowledged,
            "An acknowledgement that nobody waits for");
    asked.is_acknowledged = true;
    const bool ok = arguments.starts_with(R"([{"ok":true)");
    if (!ok) asked.error = arguments;
    if (asked.kind == Kind::kJoin && ok) {
      if (asked.outcomes == 0) {  // else it went in without asking
        model.waits(asked.room);
        conclude(asked, true);
      }
    }
    if (asked.kind == Kind::kLeave && ok) {
      if (leaves_[{name, asked.room}] == 1 ||
          model.view(asked.room).standing != Standing::kOutside) {
        model.taken_out(asked.room);
      }
      end_ticket(name, asked.room);
    }
    const bool has_outcome = asked.kind == Kind::kCreate || asked.kind == Kind::kJoin;
    if (has_outcome) require(asked.outcomes == 1 && asked.is_ok == ok, "Not what was acknowledged");
  }

  // The last that each client was given of each room. The one before counts no more.
  void note_ticket(const std::string& name, std::string_view text) {
    const auto value = [&](std::string_view field) {
      const std::size_t at = text.find(field);
      if (at == std::string_view::npos) return std::string();
      const std::string_view rest = text.substr(at + field.size());
      return std::string(rest.substr(0, rest.find("\",\"")).substr(0, rest.find("\"}")));
    };
    const std::string ticket = value(R"("ticket":")");
    const std::string room = value(R"("room":")");
    if (ticket.empty()) return;
    std::string& last = tickets_[{name, room}];
    if (last == ticket) return;
    if (!last.empty()) dead_tickets_.insert(last);
    last = ticket;
    all_tickets_.push_back(ticket);
  }

  void end_ticket(const std::string& name, const std::string& room) {
    const auto ticket = tickets_.extract({name, room});
    if (ticket) dead_tickets_.insert(ticket.mapped());
  }

  bool may_count(const std::string& ticket) const {
    return ticket != "forged" && !dead_tickets_.contains(ticket);
  }

  // Who went in without having waited: the door was open, or its ticket is good.
  void check_entry(const Asked& asked) const {
    require(!asked.has_dead_ticket || opens_, "Let in with a ticket that counts no more");
  }

  static void conclude(Asked& asked, bool ok) {
    require(++asked.outcomes == 1, "A second answer to one request");
    asked.is_ok = ok;
  }

  void hear_event(const std::string& name, ClientModel& model, const ReadEvent& event) {
    const bool is_refusal = event.name() == "room-create-reject" ||
                            (event.name() == "room-join-reject" && !event.has("room"));
    if (is_refusal) return hear_refusal(name, model, event);
    const std::string room = event.text("room");
    if (event.name() == "room-create-accept") return hear_created(name, model, room, event);
    if (event.name() == "room-update") {
      return require(model.is_inside(room), "Told of the settings of a room of others");
    }
    const std::string peer = event.text("peer_id");
    if (event.name() == "room-join-accept") {
      require(peer == "@" + name, "Somebody else's admission");
      Asked& asked = asked_.at(event.number("payload"));
      if (asked.kind == Kind::kJoin && asked.outcomes == 0) {
        conclude(asked, true);
        const bool is_owner = event.has("owner");
        if (model.is_inside(room)) {
          return model.admitted_again(room, event.texts("peers"), is_owner);
        }
        check_entry(asked);
        model.waits(room);
      }
      model.admitted(room, event.texts("peers"), event.has("owner"));
    } else if (event.name() == "room-join-reject") {
      require(peer == "@" + name, "Somebody else's rejection");
      model.turned_away(room);
    } else if (event.name() == "room-kick") {
      require(peer == "@" + name, "Somebody else was taken out");
      model.taken_out(room);
      end_ticket(name, room);
    } else if (model.hear_of(peer, room, event)) {
      return;
    } else if (event.name() == "message") {
      hear_broadcast(name, model, room, peer, event);
    } else {
      hear_relay(name, model, room, peer, event);
    }
  }

  void hear_refusal(const std::string& name, ClientModel& model, const ReadEvent& event) {
    Asked& asked = asked_.at(event.number("payload"));
    const Kind kind = event.name() == "room-create-reject" ? Kind::kCreate : Kind::kJoin;
    require(asked.by == name && asked.kind == kind, "A refusal of something else");
    conclude(asked, false);
    const std::string message = event.text("message");
    if (message == text(Error::kRoomNotFound).message) {
      require(model.view(asked.room).standing == Standing::kOutside, "One's own room is not found");
    }
  }

  void hear_created(const std::string& name, ClientModel& model, const std::string& room,
                    const ReadEvent& event) {
    Asked& asked = asked_.at(event.number("payload"));
    require(asked.by == name && asked.kind == Kind::kCreate, "Somebody else's room");
    conclude(asked, true);
    if (!model.is_owner(room)) model.created(room);
  }

  void hear_relay(const std::string& name, ClientModel& model, const std::string& room,
                  const std::string& peer, const ReadEvent& event) {
    Asked& asked = asked_.at(event.number("ice_candidate"));
    require(asked.kind == Kind::kRelay && asked.room == room && asked.to == "@" + name &&
                "@" + asked.by == peer,
            "A relay went astray");
    conclude(asked, true);
    // What somebody sent who was just being taken out may come after the news of that.
    if (!kicked_.contains({room, peer})) model.relayed_by(room, peer);
  }

  void hear_broadcast(const std::string& name, ClientModel& model, const std::string& room,
                      const std::string& peer, const ReadEvent& event) {
    Asked& asked = asked_.at(event.number("data"));
    require(asked.kind == Kind::kBroadcast && asked.room == room && "@" + asked.by == peer,
            "A broadcast went astray");
    require(name != asked.by && asked.receivers.insert("@" + name).second, "A broadcast too many");
    model.relayed_by(room, peer);
  }

  // When nothing is on its way, and no room waits for anybody, all agree.
  void check_in_quiet() {
    settle();
    if (below(2) == 0) come_back_in_quiet();
    pass_all_workers(Limits{}.room_linger);
    for (const Asked& asked : asked_) {
      if (!models_.contains(asked.by)) continue;
      require(asked.wants_acknowledgement == asked.is_acknowledged, "No acknowledgement");
      const bool needs_outcome = asked.kind == Kind::kCreate || asked.kind == Kind::kJoin;
      if (needs_outcome) require(asked.outcomes == 1, "No answer");
      if (asked.kind == Kind::kRelay && asked.is_acknowledged) {
        require(asked.error.empty() == (asked.outcomes == 1), "Not what was acknowledged");
      }
    }
    std::set<std::string> rooms;
    for (const auto& [name, model] : models_) {
      for (const auto& [room, view] : model.rooms()) {
        if (view.standing != Standing::kOutside && rooms.insert(room).second) check_room(room);
      }
    }
    require(node_.room_count() == rooms.size(), "There are rooms that nobody is in");
    require(node_.peer_count() == models_.size(), "There are peers that have gone");
    for (const std::string& name : names_) check_relations(name);
    for (int i = 0; i < 10 && !names_.empty(); ++i) check_relay(any_room());
    for (int i = 0; i < 3 && !names_.empty(); ++i) check_broadcast(any_room());
  }

  void pass_all_workers(base::Duration duration) {
    node_.pass_time(duration);
    node_.expire();
    settle();
  }

  // A member that has just gone without saying so is let in again by its ticket, in its old role.
  void come_back_in_quiet() {
    for (const std::string& name : names_) {
      for (const auto& [room, view] : models_.at(name).rooms()) {
        const auto ticket = tickets_.find({name, room});
        if (view.standing != Standing::kInside || ticket == tickets_.end()) continue;
        const std::array copies{name, room, ticket->second};  // all of them go meanwhile
        return come_back_in_quiet(copies[0], copies[1], copies[2]);
      }
    }
  }

  void come_back_in_quiet(const std::string& name, const std::string& room,
                          const std::string& ticket) {
    const bool was_owner = models_.at(name).is_owner(room);
    if (below(2) == 0) {
      lose(name);
    } else {
      disconnect(name);
      settle();
    }
    connect();
    const std::string newcomer = names_.back();
    join(newcomer, room, ticket);
    settle();
    if (asked_.back().error.find("\"room-full\"") != std::string::npos) {
      const auto is_inside = [&](auto& item) { return item.second.is_inside(room); };
      return require(std::ranges::count_if(models_, is_inside) >= kCapacity, "Room is left");
    }
    ClientModel& model = models_.at(newcomer);
    require(model.is_inside(room), "A good ticket does not let in");
    const bool is_alone = model.view(room).members.size() == 1;
    require(model.is_owner(room) == (was_owner || is_alone), "A ticket makes somebody else of it");
  }

  void check_room(const std::string& room) {
    std::set<std::string> owners;
    std::set<std::string> members;
    for (auto& [name, model] : models_) {
      if (model.is_inside(room)) members.insert("@" + name);
      if (model.is_owner(room)) owners.insert("@" + name);
    }
    require(!owners.empty(), "A room without an owner");
    const ClientModel::View& truth = models_.at(owners.begin()->substr(1)).view(room);
    require(std::set(truth.members.begin(), truth.members.end()) == members,
            "The owner does not know who is in its room");
    for (auto& [name, model] : models_) {
      const ClientModel::View& view = model.view(room);
      if (view.standing == Standing::kInside) {
        require(view.members == truth.members, "Members see different rooms");
        require(std::ranges::includes(owners, view.owners), "Members see different owners");
        check_owner(name, room, owners.contains("@" + name));
      } else if (view.standing == Standing::kWaiting) {
        for (const std::string& owner : owners) {
          require(models_.at(owner.substr(1)).view(room).candidates.contains("@" + name),
                  "A candidate whom an owner does not see");
        }
      }
    }
  }

  void check_owner(const std::string& name, const std::string& room, bool is_owner) {
    const auto number = ask(name, Kind::kAnswer, "room-join-accept", room, "AAAAAAAAAAAAAAAAAAAA");
    if (!number) return;
    const std::string code = "\"" + std::string(is_owner ? "no-join-request" : "not-owner") + "\"";
    require(asked_[*number].error.find(code) != std::string::npos, "Ownership is not as told");
  }

  void check_relations(const std::string& name) {
    const auto number = ask(name, Kind::kJoin, "room-join-request", "nowhere", "");
    const bool is_full = models_.at(name).relations() >= kMostRoomsPerPeer;
    const std::string code = is_full ? "\"too-many-rooms\"" : "\"room-not-found\"";
    require(asked_[*number].error.find(code) != std::string::npos,
            "A peer's relations are not as told");
  }

  void check_relay(const std::string& room) {
    const std::string from = one_of(names_);
    const std::string to = one_of(names_);
    const auto number = ask(from, Kind::kRelay, "relay-ice-candidate", room, "@" + to);
    if (!number) return;
    const bool both = models_.at(from).is_inside(room) && models_.at(to).is_inside(room);
    require(asked_[*number].error.empty() == both, "A relay is not as the room is");
  }

  void check_broadcast(const std::string& room) {
    const std::string from = one_of(names_);
    const std::size_t number = emit(from, Kind::kBroadcast, "relay-message", room, "");
    settle();
    std::set<std::string> others;
    for (auto& [name, model] : models_) {
      if (name != from && model.is_inside(room)) others.insert("@" + name);
    }
    if (!models_.at(from).is_inside(room)) others.clear();
    require(asked_[number].receivers == others, "A broadcast is not as the room is");
  }

  // Emits, waits and listens; nothing where the event went without an acknowledgement.
  std::optional<std::size_t> ask(const std::string& client, Kind kind, const std::string& event,
                                 const std::string& room, const std::string& to) {
    const std::size_t number = emit(client, kind, event, room, to);
    settle();
    if (!asked_[number].wants_acknowledgement) return std::nullopt;
    require(asked_[number].is_acknowledged, "No acknowledgement");
    return number;
  }

  void everybody_leaves() {
    for (const std::string& name : std::vector(names_)) disconnect(name);
    settle();
    pass_all_workers(Limits{}.room_linger);
    pass_all_workers(Limits{}.ticket_lifetime);
    require(node_.peer_count() == 0, "Peers are left");
    require(node_.room_count() == 0, "Rooms are left");
    node_.pass_time(kAskedAgain);
    node_.expire();
    require(node_.deadline() == base::TimePoint::max(), "Join requests are left");
  }

  std::mt19937_64 random_;
  TestNode node_;
  std::ostream* story_;
  bool opens_;  // whether rooms are opened to all
  std::size_t connected_ = 0;
  std::vector<std::string> names_;  // of those connected
  std::map<std::string, ClientModel> models_;
  std::vector<Asked> asked_;
  std::set<std::pair<std::string, std::string>> kicked_;  // from which room whom somebody wished
  std::string settings_;                                  // of the update that is being emitted
  std::string ticket_;                                    // of the join that is being emitted
  std::map<std::pair<std::string, std::string>, unsigned> leaves_;  // asked for, by client and room
  std::set<std::string> away_;                                      // clients without a connection
  std::map<std::pair<std::string, std::string>, std::string> tickets_;  // by client and room
  std::vector<std::string> all_tickets_;
  std::set<std::string> dead_tickets_;
};

TEST(Simulation, KeepsItsRulesWhateverComesFirst) {
  base::testing::simulate_seeds(
      kSeeds, [](std::uint64_t seed, std::ostream* story) { Simulation(seed, story).run(); });
}

}  // namespace
}  // namespace heliograph::signaling
