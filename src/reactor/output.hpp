#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/block_pool.hpp"

namespace heliograph::reactor {

/// The output of a connection: appended bytes, and between them bytes that are sent from memory
/// that others hold as well.
class Output {
 public:
  Output() { appended_.reserve(kBytes); }

  /// The string to append to.
  std::string& appended() { return appended_; }
  /// Goes behind all that was appended or lent so far, and does not change until it is sent.
  void lend(std::string_view bytes, const base::BlockRef& memory);
  /// The number of unsent bytes.
  std::size_t size() const { return appended_.size() - appended_sent_ + lent_bytes_; }

  /// Writes once as much as the socket takes. False if the socket is broken.
  bool write_to(int socket);

  /// Memory that it holds, in bytes, also what others hold as well.
  std::size_t memory() const {
    return appended_.capacity() + loans_.capacity() * sizeof(Loan) + lent_bytes_;
  }
  /// Notes what its owner counts for it, in bytes; returns what it counted before.
  std::size_t count(std::size_t bytes) { return std::exchange(counted_, bytes); }

  /// Whether it holds little enough memory to be kept for the next one.
  bool is_small() const;

 private:
  static constexpr std::size_t kBytes = 4096;  // what a new one holds
  static constexpr std::size_t kMaxKeptBytes = 64UL * 1024;
  static constexpr std::size_t kMaxKeptLoans = 256;

  struct Loan {
    std::size_t place;  // in appended_: what is before it goes out first
    std::string_view bytes;
    base::BlockRef memory;
  };
  void sent(std::size_t bytes);
  void clear();
  void drop_sent();

  std::string appended_;
  std::size_t appended_sent_ = 0;
  std::vector<Loan> loans_;
  std::size_t lent_bytes_ = 0;  // of all loans
  std::size_t counted_ = 0;     // see count()
};

}  // namespace heliograph::reactor
