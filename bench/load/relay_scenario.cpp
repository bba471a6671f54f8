#include <memory>

#include "load/crowd.hpp"
#include "load/event_loop.hpp"
#include "load/gathering.hpp"
#include "load/scenarios.hpp"
#include "load/traffic.hpp"

namespace heliograph::load {
namespace {

// Clients in their rooms, ready to talk.
class Stage {
 public:
  Stage(EventLoop& loop, const Run& run, const RelayShape& shape)
      : crowd_(loop, run.target),
        gathering_(loop, crowd_, shape.room_size),
        lanes_(fill(run, shape)),
        rally_(loop, lanes_, crowd_) {}

  Rally& rally() { return rally_; }

 private:
  Lanes fill(const Run& run, const RelayShape& shape) {
    const Body body = make_body(shape.body);
    if (run.target.dialect == Dialect::kEcho) {
      crowd_.grow_to(shape.rooms);
      return Lanes::of_echo(body, crowd_);
    }
    crowd_.grow_to(shape.rooms * shape.room_size);
    gathering_.gather();
    return Lanes::of_rooms(body, crowd_, shape.room_size);
  }

  Crowd crowd_;
  Gathering gathering_;
  Lanes lanes_;
  Rally rally_;
};

// Members of rooms of two, two on each bystander, who hear nothing once they are gathered.
class Silence {
 public:
  Silence(EventLoop& loop, const Run& run, const RelayShape& shape)
      : crowd_(loop, run.bystanders), gathering_(loop, crowd_, 2, shape.rooms) {
    crowd_.grow_to(2 * run.bystanders.addresses.size());
    gathering_.gather();
  }

 private:
  Crowd crowd_;
  Gathering gathering_;
};

Measurement measure_rally(EventLoop& loop, const Run& run, const RelayShape& shape, Rally& rally) {
  const bool echo = run.target.dialect == Dialect::kEcho;
  rally.start(echo ? 1 : shape.room_size, shape.starters, shape.in_flight);
  const Measurement result =
      measure(loop, run.server, run.window, [&] { return rally.received(); });
  rally.finish();
  return result;
}

}  // namespace

Report run_relay(const Run& run, const RelayShape& shape) {
  EventLoop loop;
  const Silence silence(loop, run, shape);
  Stage stage(loop, run, shape);
  Report report;
  report.add("", measure_rally(loop, run, shape, stage.rally()));
  return report;
}

Report run_relay_beside_idle(const Run& run, const RelayShape& shape, std::size_t idle) {
  EventLoop loop;
  Stage stage(loop, run, shape);
  Crowd idlers(loop, run.target);
  const Measurement alone = measure_rally(loop, run, shape, stage.rally());
  idlers.grow_to(idle);
  const Measurement beside = measure_rally(loop, run, shape, stage.rally());
  Report report;
  report.add("alone_", alone);
  report.add("beside_", beside);
  report.add("ratio", beside.microseconds_per_work() / alone.microseconds_per_work());
  return report;
}

}  // namespace heliograph::load
