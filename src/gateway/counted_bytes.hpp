#pragma once

#include <cstddef>
#include <utility>

namespace heliograph::gateway {

/// Bytes that one object holds, which are part of a total as long as it holds them. The total
/// outlives the object.
class CountedBytes {
 public:
  explicit CountedBytes(std::size_t& total) : total_(&total) {}
  CountedBytes(const CountedBytes&) = delete;
  CountedBytes(CountedBytes&& other) noexcept
      : total_(other.total_), bytes_(std::exchange(other.bytes_, 0)) {}
  CountedBytes& operator=(const CountedBytes&) = delete;
  CountedBytes& operator=(CountedBytes&& other) noexcept {
    set(0);
    total_ = other.total_;
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }
  ~CountedBytes() { set(0); }

  void set(std::size_t bytes) {
    *total_ -= bytes_;
    *total_ += bytes;
    bytes_ = bytes;
  }
  void operator+=(std::size_t bytes) {
    *total_ += bytes;
    bytes_ += bytes;
  }
  void operator-=(std::size_t bytes) {
    *total_ -= bytes;
    bytes_ -= bytes;
  }
  operator std::size_t() const { return bytes_; }

 private:
  std::size_t* total_;
  std::size_t bytes_ = 0;
};

}  // namespace heliograph::gateway
