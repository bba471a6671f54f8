#include "load/client.hpp"

#include <cerrno>
#include <optional>
#include <span>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load/event_loop.hpp"
#include "load/event_text.hpp"
#include "load/load_error.hpp"

namespace heliograph::load {
namespace {

// The key and the answer of RFC 6455 section 1.3.
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

// 127.0.0.1 … 127.0.0.16 take turns, so that no test runs out of ports.
constexpr std::uint32_t kSourceAddresses = 16;

void require(bool holds, std::string_view what, std::string_view seen = {}) {
  if (!holds) {
    std::string message(what);
    if (!seen.empty()) {
      message.append(": ").append(seen.substr(0, 300));
    }
    throw LoadError(message);
  }
}

std::string error_text(int error) { return std::generic_category().message(error); }

int open_socket(std::size_t index) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  require(descriptor >= 0, "no socket could be opened");
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
  sockaddr_in source{};
  source.sin_family = AF_INET;
  source.sin_addr.s_addr =
      htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(index) % kSourceAddresses);
  require(bind(descriptor, reinterpret_cast<sockaddr*>(&source), sizeof(source)) == 0,
          "a source address could not be bound");
  return descriptor;
}

// The headers a browser sends, so that parsing them costs the server what it will cost.
std::string upgrade_request(const sockaddr_in& address, Dialect dialect) {
  const std::string port = std::to_string(ntohs(address.sin_port));
  const bool echo = dialect == Dialect::kEcho;
  std::string request = "GET ";
  request.append(echo ? "/" : "/socket.io/?EIO=4&transport=websocket").append(" HTTP/1.1\r\n");
  request.append("Host: 127.0.0.1:").append(port).append("\r\n");
  request.append("Connection: Upgrade\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n");
  request.append("User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ");
  request.append("(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36\r\nUpgrade: websocket\r\n");
  request.append("Origin: http://127.0.0.1:").append(port).append("\r\n");
  request.append("Sec-WebSocket-Version: 13\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n");
  request.append("Accept-Language: en-GB,en;q=0.9\r\nSec-WebSocket-Key: ").append(kKey);
  request.append("\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
  return request.append("\r\n");
}

}  // namespace

Client::Client(EventLoop& loop, const Target& target, ClientHandler& handler, std::size_t index)
    : loop_(loop), target_(target), handler_(&handler), index_(index) {}

Client::~Client() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

void Client::start() {
  require(state_ == State::kClosed, "a client was started twice");
  unsent_.clear();
  unread_.clear();
  waits_for_room_ = false;
  descriptor_ = open_socket(index_);
  state_ = State::kConnecting;
  const sockaddr_in& address = node_address();
  const int result =
      connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  require(result == 0 || errno == EINPROGRESS, "connect failed", error_text(errno));
  loop_.add(descriptor_, EPOLLIN | EPOLLOUT, *this);
}

const sockaddr_in& Client::node_address() const {
  return target_.addresses[index_ % target_.addresses.size()];
}

void Client::send(std::string_view text) { queue(Opcode::kText, text); }

void Client::close() {
  if (target_.dialect == Dialect::kSignaling) {
    queue(Opcode::kText, "41");
  }
  constexpr std::string_view kNormalClosure("\x03\xe8", 2);
  queue(Opcode::kClose, kNormalClosure);
  state_ = State::kClosing;
}

void Client::queue(Opcode opcode, std::string_view payload) {
  append_client_frame(unsent_, opcode, payload, loop_.next_mask());
  if (!flush_requested_) {
    flush_requested_ = true;
    loop_.flush_later(*this);
  }
}

void Client::flush() {
  flush_requested_ = false;
  if (descriptor_ < 0 || unsent_.empty()) {
    return;
  }
  const ssize_t sent = ::send(descriptor_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    require(errno == EAGAIN || errno == EPIPE || errno == ECONNRESET, "send failed",
            error_text(errno));
    if (errno != EAGAIN) {
      return;  // the read side will tell
    }
  }
  unsent_.erase(0, sent < 0 ? 0 : static_cast<std::size_t>(sent));
  if (unsent_.empty() == waits_for_room_) {
    waits_for_room_ = !waits_for_room_;
    loop_.modify(descriptor_, waits_for_room_ ? EPOLLIN | EPOLLOUT : EPOLLIN, *this);
  }
}

void Client::handle(std::uint32_t events) {
  if (state_ == State::kConnecting) {
    request_upgrade();
    return;
  }
  if ((events & EPOLLOUT) != 0) {
    flush();
  }
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0) {
    receive();
  }
}

void Client::request_upgrade() {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
  require(error == 0, "the server refused a connection", error_text(error));
  loop_.modify(descriptor_, EPOLLIN, *this);
  state_ = State::kUpgrading;
  unsent_ = upgrade_request(node_address(), target_.dialect);
  flush();
}

void Client::receive() {
  const std::span<char> buffer = loop_.receive_buffer();
  while (descriptor_ >= 0) {
    const ssize_t received = recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == EAGAIN) {
      return;
    }
    if (received <= 0) {
      closed();
      return;
    }
    consume({buffer.data(), static_cast<std::size_t>(received)});
    if (static_cast<std::size_t>(received) < buffer.size()) {
      return;
    }
  }
}

void Client::consume(std::string_view bytes) {
  std::string joined;
  if (!unread_.empty()) {
    joined.swap(unread_);
    joined.append(bytes);
    bytes = joined;
  }
  if (state_ == State::kUpgrading) {
    bytes.remove_prefix(consume_upgrade(bytes));
  }
  while (state_ != State::kUpgrading) {
    const std::optional<ServerFrame> frame = read_server_frame(bytes);
    if (!frame) {
      break;
    }
    consume_frame(*frame);
    bytes.remove_prefix(frame->size);
  }
  unread_.assign(bytes);
}

// Returns how many bytes the server's answer had; 0 while it is incomplete.
std::size_t Client::consume_upgrade(std::string_view bytes) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::size_t end = bytes.find(kEnd);
  if (end == std::string_view::npos) {
    return 0;
  }
  const std::string_view answer = bytes.substr(0, end);
  require(answer.starts_with("HTTP/1.1 101"), "the upgrade was refused", answer);
  require(answer.find(kAccept) != std::string_view::npos, "a wrong Sec-WebSocket-Accept", answer);
  if (target_.dialect == Dialect::kSignaling) {
    state_ = State::kOpening;
  } else {
    state_ = State::kReady;
    handler_->on_ready(*this);
  }
  return end + kEnd.size();
}

void Client::consume_frame(const ServerFrame& frame) {
  switch (frame.opcode) {
    case Opcode::kText:
      consume_text(frame.payload);
      break;
    case Opcode::kPing:
      queue(Opcode::kPong, frame.payload);
      break;
    case Opcode::kClose:
      require(state_ == State::kClosing, "the server closed a connection");
      break;
    default:
      throw LoadError("the server sent an unexpected kind of frame");
  }
}

void Client::consume_text(std::string_view text) {
  if (state_ == State::kClosing) {
    return;
  }
  if (target_.dialect == Dialect::kEcho) {
    handler_->on_message(*this, text);
    return;
  }
  if (text == "2") {
    queue(Opcode::kText, "3");
    return;
  }
  if (state_ != State::kReady) {
    consume_handshake(text);
    return;
  }
  handler_->on_message(*this, text);
}

void Client::consume_handshake(std::string_view text) {
  if (state_ == State::kOpening) {
    require(text.starts_with("0{"), "not an Engine.IO open packet", text);
    ObjectText auth = ObjectText().text("token", target_.app_token);
    if (target_.asks_for_recovery) auth.raw("recovery", "true");
    queue(Opcode::kText, "40" + auth.end());
    state_ = State::kJoiningNamespace;
  } else if (state_ == State::kJoiningNamespace) {
    const auto sid = string_member(text, "sid");
    require(text.starts_with("40") && sid, "not a Socket.IO CONNECT", text);
    peer_id_ = *sid;
    const ObjectText peerinfo = ObjectText().text("name", "p" + std::to_string(index_));
    queue(
        Opcode::kText,
        event_text("auth-request",
                   ObjectText().text("token", target_.app_token).raw("peerinfo", peerinfo.end())));
    state_ = State::kAuthenticating;
  } else {
    const auto event = read_event(text);
    require(event && event->name == "auth-accept", "not an auth-accept", text);
    const auto token = string_member(event->argument, "token");
    require(token && !token->empty(), "an auth-accept without a token", text);
    session_token_ = *token;
    state_ = State::kReady;
    handler_->on_ready(*this);
  }
}

void Client::closed() {
  require(state_ == State::kClosing, "the server dropped a connection");
  ::close(descriptor_);
  descriptor_ = -1;
  state_ = State::kClosed;
  handler_->on_closed(*this);
}

}  // namespace heliograph::load
