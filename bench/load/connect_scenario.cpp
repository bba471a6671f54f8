#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "load/event_loop.hpp"
#include "load/load_error.hpp"
#include "load/scenarios.hpp"

namespace heliograph::load {
namespace {

constexpr std::size_t kAtOnce = 64;

// As long as a CONNECT and an auth-request.
constexpr std::size_t kEchoedSizes[] = {280, 320};

class Visitors : public ClientHandler {
 public:
  Visitors(EventLoop& loop, const Target& target) : dialect_(target.dialect), echoes_(kAtOnce) {
    for (std::size_t index = 0; index < kAtOnce; ++index) {
      clients_.push_back(std::make_unique<Client>(loop, target, *this, index));
      clients_.back()->start();
    }
  }

  std::uint64_t visits() const { return visits_; }
  // Nobody comes again; returns when all have gone as they should.
  void finish(EventLoop& loop) {
    finishing_ = true;
    turn_until(
        loop, "waiting for the last to leave", [&] { return gone_ == kAtOnce; },
        [&] { return gone_; });
  }

  void on_ready(Client& client) override {
    if (dialect_ == Dialect::kEcho) {
      echoes_[client.index()] = 0;
      client.send(std::string(kEchoedSizes[0], 'e'));
    } else {
      client.close();
    }
  }

  void on_message(Client& client, std::string_view text) override {
    std::size_t& echo = echoes_[client.index()];
    if (dialect_ != Dialect::kEcho || text != std::string(kEchoedSizes[echo], 'e')) {
      throw LoadError("unexpected while connecting: " + std::string(text.substr(0, 300)));
    }
    if (++echo < std::size(kEchoedSizes)) {
      client.send(std::string(kEchoedSizes[echo], 'e'));
    } else {
      client.close();
    }
  }

  void on_closed(Client& client) override {
    ++visits_;
    if (finishing_) {
      ++gone_;
    } else {
      client.start();
    }
  }

 private:
  Dialect dialect_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<std::size_t> echoes_;
  std::uint64_t visits_ = 0;
  std::size_t gone_ = 0;
  bool finishing_ = false;
};

}  // namespace

Report run_connect(const Run& run) {
  EventLoop loop;
  Visitors visitors(loop, run.target);
  Report report;
  report.add("", measure(loop, run.server, run.window, [&] { return visitors.visits(); }));
  visitors.finish(loop);
  return report;
}

}  // namespace heliograph::load
