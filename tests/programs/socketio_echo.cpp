// What the Socket.IO 5 protocol document asks of a server under test: on /socket.io/ the namespaces
// `/` and `/custom` are open, tell a client the auth it came with, answer `message` by
// `message-back` and `message-with-ack` by an ack.

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "program.hpp"
#include "socketio/decoder.hpp"
#include "socketio/packet.hpp"

namespace {

using namespace heliograph;
using gateway::Channel;
using gateway::CloseReason;
using gateway::Message;
using programs::send_text;

// Texts that follow an answer after a moment. The protocols' own test suites listen for one message
// at a time, and miss the second of two that arrive in one read.
class Afterwards {
 public:
  void send(const void* client, Channel& channel, std::string text, const base::Now& now) {
    texts_.push_back({client, &channel, std::move(text), now.steady + kMoment});
  }
  void forget(const void* client) {
    std::erase_if(texts_, [&](const Text& text) { return text.client == client; });
  }
  base::TimePoint deadline() const {
    return texts_.empty() ? base::TimePoint::max() : texts_.front().due;
  }
  void elapse(const base::Now& now) {
    for (; !texts_.empty() && texts_.front().due <= now.steady; texts_.pop_front()) {
      send_text(*texts_.front().channel, texts_.front().text);
    }
  }

 private:
  static constexpr std::chrono::milliseconds kMoment{5};
  struct Text {
    const void* client;
    Channel* channel;
    std::string text;
    base::TimePoint due;
  };
  std::deque<Text> texts_;
};

class SocketIoClient final : public gateway::Client {
 public:
  SocketIoClient(Channel& channel, Afterwards& afterwards, const base::Now& now)
      : channel_(channel),
        afterwards_(afterwards),
        connect_deadline_(now.steady + std::chrono::milliseconds(1000)) {}
  ~SocketIoClient() override { afterwards_.forget(this); }
  SocketIoClient(const SocketIoClient&) = delete;
  SocketIoClient& operator=(const SocketIoClient&) = delete;

  void on_message(const Message& message, const base::Now& now) override {
    now_ = now;
    const socketio::Received received = message.binary
                                            ? decoder_.binary(message.data, outline_, limits_)
                                            : decoder_.text(message.data, outline_, limits_);
    std::visit([this](const auto& packet) { on_packet(packet); }, received);
  }

  base::TimePoint deadline() const override { return connect_deadline_; }

 private:
  void on_packet(const socketio::Connect& connect) {
    if (connect.nsp != "/" && connect.nsp != "/custom") {
      std::string error;
      socketio::append_header(error, socketio::PacketType::kConnectError, connect.nsp, {});
      return send_text(channel_, error += R"({"message":"Invalid namespace"})");
    }
    connect_deadline_ = base::TimePoint::max();
    namespaces_.emplace(connect.nsp);
    std::string accept;
    socketio::append_header(accept, socketio::PacketType::kConnect, connect.nsp, {});
    send_text(channel_, accept += fmt::format(R"({{"sid":"{}"}})", ++last_id_));
    std::string auth;
    socketio::append_header(auth, socketio::PacketType::kEvent, connect.nsp, {});
    auth += fmt::format(R"(["auth",{}])", connect.auth.empty() ? "{}" : connect.auth);
    afterwards_.send(this, channel_, std::move(auth), now_);
  }

  void on_packet(const socketio::Disconnect& disconnect) {
    const auto found = namespaces_.find(disconnect.nsp);
    if (found != namespaces_.end()) namespaces_.erase(found);
  }

  void on_packet(const socketio::Event& event) {
    if (!namespaces_.contains(event.nsp)) return channel_.close(CloseReason::kEventBeforeConnect);
    const json::Value& name_value = event.arguments.elements()[0].value;
    const std::string_view raw_name = name_value.text;
    const std::string name = json::decode_string(name_value).value_or("");
    // The arguments behind the name, with their comma where there are any.
    std::string_view rest = event.text;
    rest.remove_prefix(static_cast<std::size_t>(raw_name.end() - rest.begin()));
    if (name == "message") {
      answer(event, socketio::PacketType::kEvent, {}, fmt::format(R"(["message-back"{})", rest));
    } else if (name == "message-with-ack" && event.id) {
      if (rest.starts_with(',')) rest.remove_prefix(1);
      answer(event, socketio::PacketType::kAck, event.id, fmt::format("[{}", rest));
    }
  }

  void on_packet(const socketio::Malformed&) { channel_.close(CloseReason::kMalformedPacket); }
  template <class Other>
  void on_packet(const Other&) {}

  void answer(const socketio::Event& event, socketio::PacketType type,
              std::optional<std::uint64_t> id, std::string_view json) {
    std::string text;
    if (!event.attachments) {
      socketio::append_header(text, type, event.nsp, id);
      return send_text(channel_, text += json);
    }
    const auto binary_type = type == socketio::PacketType::kEvent
                                 ? socketio::PacketType::kBinaryEvent
                                 : socketio::PacketType::kBinaryAck;
    socketio::append_header(text, binary_type, event.nsp, id,
                            static_cast<std::uint32_t>(event.attachments->size()));
    send_text(channel_, text += json);
    for (const std::string& attachment : *event.attachments) channel_.send_binary(attachment);
  }

  Channel& channel_;
  Afterwards& afterwards_;
  base::Now now_;
  base::TimePoint connect_deadline_;
  socketio::Decoder decoder_;
  socketio::DecoderLimits limits_{.max_event_bytes = 1'000'000};
  json::Outline outline_;
  std::set<std::string, std::less<>> namespaces_;
  int last_id_ = 0;
};

class SocketIoApplication final : public gateway::Application {
 public:
  std::unique_ptr<gateway::Client> open(Channel& channel, const base::Now& now) override {
    channel.admit();
    return std::make_unique<SocketIoClient>(channel, afterwards_, now);
  }
  base::TimePoint deadline() const override { return afterwards_.deadline(); }
  void elapse(const base::Now& now) override { afterwards_.elapse(now); }

 private:
  Afterwards afterwards_;
};

}  // namespace

int main(int argc, char** argv) {
  return programs::serve_application(argc, argv, "/socket.io/",
                                     [] { return std::make_unique<SocketIoApplication>(); });
}
