#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "load/event_loop.hpp"
#include "load/event_text.hpp"
#include "load/lane.hpp"
#include "load/load_error.hpp"
#include "load/scenarios.hpp"

namespace heliograph::load {
namespace {

constexpr std::size_t kCallsAtOnce = 32;
constexpr int kCandidatesEach = 5;

// Two clients that call each other again and again, in a new room each time.
class Call : public ClientHandler {
 public:
  Call(EventLoop& loop, const Target& target, std::size_t number)
      : host_(loop, target, *this, 2 * number), guest_(loop, target, *this, 2 * number + 1) {
    start();
  }

  std::uint64_t calls() const { return calls_; }
  // The call that is on is the last one.
  void finish() { finishing_ = true; }
  bool is_over() const { return over_; }

  void on_ready(Client& client) override {
    if (&client == &host_) {
      send(host_, "room-create-request");
    } else {
      ask_to_join();
    }
  }

  void on_message(Client& client, std::string_view text) override {
    const std::optional<Event> event = read_event(text);
    const bool known =
        event && (&client == &host_ ? host_heard(*event, text) : guest_heard(*event, text));
    if (!known) {
      throw LoadError("unexpected in a call: " + std::string(text.substr(0, 300)));
    }
  }

  void on_closed(Client&) override {
    if (++closed_ == 2) {
      ++calls_;
      if (finishing_) {
        over_ = true;
      } else {
        start();
      }
    }
  }

 private:
  struct Lanes {
    Lane offer;
    Lane answer;
    Lane from_host;  // candidates
    Lane from_guest;
  };

  void start() {
    room_ = "call-" + std::to_string(host_.index() / 2) + "-" + std::to_string(calls_);
    lanes_.reset();
    closed_ = 0;
    steps_to_join_ = 2;
    candidates_to_guest_ = 0;
    host_.start();
    guest_.start();
  }

  // When the room is there and the guest is ready, whichever comes last.
  void ask_to_join() {
    if (--steps_to_join_ == 0) {
      send(guest_, "room-join-request");
    }
  }

  void make_lanes() {
    const Body description = make_body(BodyKind::kSessionDescription);
    const Body candidate = make_body(BodyKind::kIceCandidate);
    lanes_ = std::make_unique<Lanes>(Lanes{Lane::relay(description, room_, host_, guest_),
                                           Lane::relay(description, room_, guest_, host_),
                                           Lane::relay(candidate, room_, host_, guest_),
                                           Lane::relay(candidate, room_, guest_, host_)});
  }

  Lanes& lanes() {
    if (!lanes_) {
      throw LoadError("a relay came before the guest had joined");
    }
    return *lanes_;
  }

  bool host_heard(const Event& event, std::string_view text) {
    if (event.name == "room-create-accept") {
      ask_to_join();
    } else if (event.name == "room-join-request") {
      accept_guest();
    } else if (event.name == "room-user-join") {
      make_lanes();
      lanes().offer.send();
    } else if (event.name == "session-description") {
      lanes().answer.check(text);
    } else if (event.name == "ice-candidate") {
      lanes().from_guest.check(text);
      lanes().from_host.send();
    } else if (event.name == "room-user-leave") {
      host_.close();
    } else {
      return false;
    }
    return true;
  }

  bool guest_heard(const Event& event, std::string_view text) {
    if (event.name == "room-join-accept") {
      return event.argument.find(host_.peer_id()) != std::string_view::npos;
    }
    if (event.name == "session-description") {
      lanes().offer.check(text);
      lanes().answer.send();
      lanes().from_guest.send();
      return true;
    }
    if (event.name != "ice-candidate") {
      return false;
    }
    lanes().from_host.check(text);
    if (++candidates_to_guest_ < kCandidatesEach) {
      lanes().from_guest.send();
    } else {
      guest_.close();
    }
    return true;
  }

  ObjectText about_room(const Client& client) const {
    return ObjectText().text("auth", client.session_token()).text("room", room_);
  }

  void send(Client& client, std::string_view event) {
    client.send(event_text(event, about_room(client)));
  }

  void accept_guest() {
    const std::string& guest = guest_.peer_id();
    host_.send(
        event_text("room-join-accept", about_room(host_).text("peer_id", guest).text("to", guest)));
  }

  Client host_;
  Client guest_;
  std::string room_;
  std::unique_ptr<Lanes> lanes_;
  int closed_ = 0;
  int steps_to_join_ = 0;
  int candidates_to_guest_ = 0;
  std::uint64_t calls_ = 0;
  bool finishing_ = false;
  bool over_ = false;
};

}  // namespace

Report run_call(const Run& run) {
  EventLoop loop;
  std::vector<std::unique_ptr<Call>> calls;
  calls.reserve(kCallsAtOnce);
  for (std::size_t number = 0; number < kCallsAtOnce; ++number) {
    calls.push_back(std::make_unique<Call>(loop, run.target, number));
  }
  const auto done = [&] {
    std::uint64_t sum = 0;
    for (const auto& call : calls) {
      sum += call->calls();
    }
    return sum;
  };
  Report report;
  report.add("", measure(loop, run.server, run.window, done));
  for (const auto& call : calls) {
    call->finish();
  }
  const auto all_over = [&] {
    return std::ranges::all_of(calls, [](const auto& call) { return call->is_over(); });
  };
  turn_until(loop, "waiting for the last calls", all_over, done);
  return report;
}

}  // namespace heliograph::load
