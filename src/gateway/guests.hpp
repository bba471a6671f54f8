#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "gateway/application.hpp"
#include "gateway/client_session.hpp"
#include "gateway/mail.hpp"

namespace heliograph::gateway {

struct SharedByClients;

/// The clients whose peers live on this worker and whose connections are on another one: see
/// mail.hpp.
class Guests {
 public:
  explicit Guests(SharedByClients& shared) : shared_(shared) {}
  Guests(const Guests&) = delete;
  Guests& operator=(const Guests&) = delete;
  ~Guests();

  /// Brings a guest in, if it can be sent all that its peer has missed.
  void on_mail(const mail::Return& mail, const base::Now& now);
  void on_mail(const mail::FromClient& message, const base::Now& now);
  void on_mail(const mail::Confirmed& confirmed);
  /// Closes those that have left a message unfinished for too long.
  void elapse(const base::Now& now);
  base::TimePoint deadline() const {
    return deadlines_.empty() ? base::TimePoint::max() : deadlines_.begin()->first;
  }
  /// Gives back the guest whose session has ended, without a channel; null if it is not known.
  std::unique_ptr<ClientSession> take_out(const Link& link);

 private:
  // Sends a guest's messages to its front by mail.
  class FarChannel final : public Channel {
   public:
    FarChannel(const WorkerLink& workers, const mail::Return& guest)
        : workers_(workers), link_(guest.link), limited_address_(guest.limited_address) {}
    void send_text(std::span<const std::string_view> parts) override;
    void send_binary(std::string_view bytes) override;
    bool ping() override;
    void close(CloseReason reason) override;
    bool is_closing() const override { return is_closing_; }
    base::IpAddress limited_address() const override { return limited_address_; }

    /// Whether `count` messages include all that were sent before the last mark. If so, the mark
    /// moves to the last message.
    bool confirms(std::uint64_t count);

   private:
    const WorkerLink& workers_;
    Link link_;
    base::IpAddress limited_address_;
    std::uint64_t sent_ = 0;
    std::uint64_t mark_ = 0;
    bool awaits_answer_ = false;
    bool is_closing_ = false;
  };
  struct Guest {
    Guest(SharedByClients& shared, const mail::Return& mail, const base::Now& now);
    FarChannel channel;
    std::unique_ptr<ClientSession> client;
    base::TimePoint deadline = base::TimePoint::max();  // as it stands in deadlines_
    std::size_t taken = 0;                              // by weight, and not told to its front yet
  };
  void count_taken(const Link& link, Guest& guest, std::size_t bytes);
  void watch(const Link& link, Guest& guest, base::TimePoint deadline);

  SharedByClients& shared_;
  std::map<Link, Guest> guests_;
  std::set<std::pair<base::TimePoint, Link>> deadlines_;  // of the guests that have one
};

}  // namespace heliograph::gateway
