// What the Engine.IO 4 protocol document asks of a server under test: on /engine.io/ every message
// comes back.

#include <memory>

#include "program.hpp"

namespace {

using namespace heliograph;

class EchoClient final : public gateway::Client {
 public:
  explicit EchoClient(gateway::Channel& channel) : channel_(channel) {}
  void on_message(const gateway::Message& message, const base::Now&) override {
    if (message.binary) {
      channel_.send_binary(message.data);
    } else {
      programs::send_text(channel_, message.data);
    }
  }

 private:
  gateway::Channel& channel_;
};

class EchoApplication final : public gateway::Application {
 public:
  std::unique_ptr<gateway::Client> open(gateway::Channel& channel, const base::Now&) override {
    channel.admit();
    return std::make_unique<EchoClient>(channel);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return programs::serve_application(argc, argv, "/engine.io/",
                                     [] { return std::make_unique<EchoApplication>(); });
}
