#include "reactor/connection.hpp"

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace heliograph::reactor {
namespace {

// How long a client may take to close its side after the server has closed its own.
constexpr std::chrono::seconds kLinger{2};
// How long it may take to read the last of what it was sent.
constexpr std::chrono::seconds kLastSend{10};

}  // namespace

Connection::Connection(ConnectionOwner& owner, Descriptor socket)
    : owner_(owner), socket_(std::move(socket)) {}

Connection::~Connection() = default;

void Connection::start(std::unique_ptr<Protocol> protocol) {
  protocol_ = std::move(protocol);
  if (!turn().loop().add(socket_.get(), *this, Interest::kRead)) abort();
}

void Connection::switch_to(std::unique_ptr<Protocol> protocol, std::string rest) {
  next_protocol_ = std::move(protocol);
  rest_ = std::move(rest);
}

Output& Connection::output_of_turn() {
  if (!is_dirty_) {
    is_dirty_ = true;
    turn().will_write(*this);
  }
  if (!output_) output_ = turn().take_output();
  return *output_;
}

bool Connection::make_room(std::size_t bytes) {
  const std::size_t max_unsent = turn().max_unsent_bytes();
  if (unsent() + bytes <= max_unsent) return true;
  return !waits_writable_ && write_some() && unsent() + bytes <= max_unsent;
}

void Connection::close_after_sending(Parting parting) {
  if (state_ != State::kOpen) return;
  state_ = State::kSending;
  parting_ = parting;
  set_deadline(turn().now().steady + kLastSend);
  output();  // so that flush() comes by, even with nothing to send
}

void Connection::abort() {
  is_aborted_ = true;
  output();
}

void Connection::hold(std::size_t before, std::size_t now) { turn().hold(before, now); }

void Connection::drop(Shortage shortage) {
  if (state_ == State::kOpen) protocol_->drop(shortage);
  write_some();
  abort();
}

void Connection::set_deadline(base::TimePoint when) { turn().timers().set(*this, when); }

base::TimePoint Connection::now() const { return turn().now().steady; }

void Connection::stop() {
  if (state_ == State::kOpen) protocol_->stop();
}

void Connection::time_over() {
  if (state_ == State::kOpen) {
    protocol_->time_over();
  } else {
    abort();
  }
}

void Connection::resume() {
  is_paused_ = false;
  if (state_ != State::kFinished) watch();
}

void Connection::yield() {
  if (std::exchange(is_yielding_, true)) return;
  turn().will_write_later(*this);
}

Descriptor Connection::release() {
  write_some();
  turn().loop().remove(socket_.get());
  leave();
  return std::move(socket_);
}

void Connection::readable(OtherSide other_side) {
  if (state_ == State::kFinished || is_yielding_) return;
  if (is_paused_ && state_ == State::kOpen) return;
  const std::span<char> buffer = turn().receive_buffer();
  const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) {
    const bool is_all =
        static_cast<std::size_t>(got) < buffer.size() && other_side == OtherSide::kOpen;
    if (state_ == State::kOpen) hand_over(buffer.first(static_cast<std::size_t>(got)));
    if (!is_all && state_ != State::kFinished) watch();
  } else if (got == 0) {
    end_of_input();
  } else if (errno == EINTR) {
    watch();
  } else if (errno != EAGAIN) {
    finish();
  }
}

// What was asked for before the client closed its side is still answered.
void Connection::end_of_input() {
  if (state_ == State::kLingering) return finish();
  has_ended_input_ = true;
  watch();
  output();  // flush() finishes when nothing more comes
}

void Connection::hand_over(std::span<char> bytes) {
  protocol_->on_bytes(bytes);
  take_next_protocol();
}

void Connection::take_next_protocol() {
  while (next_protocol_ && state_ == State::kOpen) {
    protocol_ = std::move(next_protocol_);
    std::string rest = std::move(rest_);
    if (!rest.empty()) protocol_->on_bytes(rest);
  }
}

void Connection::flush() {
  is_dirty_ = false;
  const bool has_yielded = std::exchange(is_yielding_, false);
  if (state_ == State::kFinished) return;
  if (has_yielded) watch();
  take_next_protocol();
  if (is_aborted_) return finish();
  if (state_ == State::kSending) protocol_->closing();
  if (!waits_writable_ && !write_some()) return finish();
  if (output_) count_output(output_->memory());
  if (waits_writable_) return;
  if (unsent() > 0) {
    if (state_ == State::kSending && parting_ == Parting::kIfItReads) return finish();
    waits_writable_ = true;
    return watch();
  }
  if (state_ == State::kOpen) protocol_->drained();
  if (is_dirty_ || is_yielding_) return;  // there is more to be sent
  if (has_ended_input_) return finish();
  if (state_ != State::kSending) return;
  if (parting_ == Parting::kAtOnce) return finish();
  linger();
}

void Connection::writable() {
  if (state_ == State::kFinished || !waits_writable_) return;
  waits_writable_ = false;
  watch();
  output();  // flush() comes by at the end of the turn
}

// Sees to it that the loop tells of what is there, and of what comes.
void Connection::watch() {
  const Interest interest = has_ended_input_  ? Interest::kWrite
                            : waits_writable_ ? Interest::kReadAndWrite
                                              : Interest::kRead;
  turn().loop().change(socket_.get(), *this, interest);
}

// One write; false if the connection is broken.
bool Connection::write_some() {
  if (unsent() > 0 && !output_->write_to(socket_.get())) return false;
  if (output_ && unsent() == 0) {
    count_output(0);
    turn().give_back(std::move(output_));
  }
  return true;
}

void Connection::count_output(std::size_t bytes) { turn().hold(output_->count(bytes), bytes); }

void Connection::linger() {
  state_ = State::kLingering;
  ::shutdown(socket_.get(), SHUT_WR);
  set_deadline(turn().now().steady + kLinger);
}

// The one place where a connection ends.
void Connection::finish() {
  if (state_ == State::kFinished) return;
  leave();
  protocol_->closed();
  socket_.reset();
}

void Connection::leave() {
  state_ = State::kFinished;
  if (output_) count_output(0);
  Timer::unlink();
  turn().forget(*this);
  owner_.has_finished(*this);
}

}  // namespace heliograph::reactor
