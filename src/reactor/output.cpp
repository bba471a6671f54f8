#include "reactor/output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>

namespace heliograph::reactor {
namespace {

// The pieces that one write is to send.
class Pieces {
 public:
  void add(std::string_view bytes) {
    if (bytes.empty()) return;
    // sendmsg only reads, though iovec does not say so.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    pieces_[count_++] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  bool have_room_for_two() const { return count_ + 2 <= pieces_.size(); }
  ssize_t send_to(int socket) {
    constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
    if (count_ == 1) return ::send(socket, pieces_[0].iov_base, pieces_[0].iov_len, kFlags);
    msghdr message{};
    message.msg_iov = pieces_.data();
    message.msg_iovlen = count_;
    return ::sendmsg(socket, &message, kFlags);
  }

 private:
  std::array<iovec, 64> pieces_;
  std::size_t count_ = 0;
};

}  // namespace

void Output::lend(std::string_view bytes, const base::BlockRef& memory) {
  lent_bytes_ += bytes.size();
  if (!loans_.empty()) {
    Loan& last = loans_.back();
    const bool goes_on = last.memory == memory && last.place == appended_.size() &&
                         last.bytes.data() + last.bytes.size() == bytes.data();
    if (goes_on) {
      last.bytes = {last.bytes.data(), last.bytes.size() + bytes.size()};
      return;
    }
  }
  loans_.push_back({appended_.size(), bytes, memory});
}

bool Output::write_to(int socket) {
  Pieces pieces;
  std::size_t at = appended_sent_;
  auto loan = loans_.begin();
  for (; loan != loans_.end() && pieces.have_room_for_two(); ++loan) {
    pieces.add(std::string_view(appended_).substr(at, loan->place - at));
    pieces.add(loan->bytes);
    at = loan->place;
  }
  if (loan == loans_.end() && pieces.have_room_for_two()) {
    pieces.add(std::string_view(appended_).substr(at));
  }
  const ssize_t count = pieces.send_to(socket);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  sent(static_cast<std::size_t>(count));
  return true;
}

void Output::sent(std::size_t bytes) {
  if (bytes == size()) return clear();
  auto loan = loans_.begin();
  for (; loan != loans_.end(); ++loan) {
    const std::size_t before = std::min(bytes, loan->place - appended_sent_);
    appended_sent_ += before;
    bytes -= before;
    const std::size_t lent = std::min(bytes, loan->bytes.size());
    loan->bytes.remove_prefix(lent);
    lent_bytes_ -= lent;
    bytes -= lent;
    if (!loan->bytes.empty()) break;
  }
  loans_.erase(loans_.begin(), loan);
  if (loans_.empty()) appended_sent_ += bytes;
  drop_sent();
}

// For a client that reads, but never all.
void Output::drop_sent() {
  if (appended_sent_ < kMaxKeptBytes || appended_sent_ < appended_.size() / 2) return;
  for (Loan& loan : loans_) loan.place -= appended_sent_;
  appended_.erase(0, appended_sent_);
  appended_sent_ = 0;
}

void Output::clear() {
  appended_.clear();
  appended_sent_ = 0;
  loans_.clear();
  lent_bytes_ = 0;
}

bool Output::is_small() const {
  return appended_.capacity() <= kMaxKeptBytes && loans_.capacity() <= kMaxKeptLoans;
}

}  // namespace heliograph::reactor
