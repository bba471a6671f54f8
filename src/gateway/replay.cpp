#include "gateway/replay.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace heliograph::gateway {
namespace {

constexpr std::size_t kSmallestBlock = 512;
constexpr std::size_t kLargestBlock = 16UL * 1024;

std::size_t attachment_bytes(const signaling::SharedAttachments& attachments) {
  std::size_t bytes = 0;
  if (attachments) {
    for (const std::string& attachment : *attachments) bytes += attachment.size();
  }
  return bytes;
}

}  // namespace

void Replay::keep(std::string_view event, const signaling::SharedAttachments& attachments) {
  if (!kept_) kept_ = std::make_unique<Kept>();
  const Header header{static_cast<std::uint32_t>(event.size()), attachments != nullptr};
  char* const out = make_room(*kept_, sizeof header + event.size());
  std::memcpy(out, &header, sizeof header);
  std::memcpy(out + sizeof header, event.data(), event.size());
  if (attachments) kept_->attachments.push_back(attachments);
  kept_->bytes += sizeof header + event.size() + attachment_bytes(attachments);
  ++kept_->events;
  ++last_;
}

char* Replay::make_room(Kept& kept, std::size_t bytes) {
  const std::size_t last = kept.blocks.empty() ? 0 : kept.blocks.back().capacity;
  if (kept.blocks.empty() || last - kept.blocks.back().end < bytes) {
    const std::size_t next = std::clamp(4 * last, kSmallestBlock, kLargestBlock);
    const std::size_t capacity = std::max(next, bytes);
    kept.blocks.push_back(
        {.bytes = std::make_unique_for_overwrite<char[]>(capacity), .capacity = capacity});
  }
  Block& block = kept.blocks.back();
  char* const room = block.bytes.get() + block.end;
  block.end += bytes;
  return room;
}

Replay::Header Replay::read_header(const char* from) {
  Header header;
  std::memcpy(&header, from, sizeof header);
  return header;
}

bool Replay::skip() {
  if (kept_count() > 0) return false;
  skipped_ = ++last_;
  return true;
}

void Replay::ping_sent() {
  if (kept_) kept_->behind_ping = kept_->events;
}

void Replay::ping_answered() {
  if (kept_) forget(kept_->behind_ping);
}

bool Replay::can_resume_after(std::uint64_t number) const {
  const std::uint64_t forgotten = last_ - kept_count();
  const bool misses_the_skipped_alone = number + 1 == skipped_ && skipped_ == forgotten;
  return number <= last_ && (number >= forgotten || misses_the_skipped_alone);
}

void Replay::resume_after(std::uint64_t number) {
  if (!kept_) return;
  const std::uint64_t forgotten = last_ - kept_count();
  kept_->behind_ping = 0;
  if (number > forgotten) forget(number - forgotten);
}

void Replay::forget(std::uint64_t count) {
  if (count == kept_->events) return forget_all();
  kept_->behind_ping -= std::min(kept_->behind_ping, count);
  for (; count > 0; --count) forget_first();
}

// Whoever is sent much is likely to be sent more: its last block is kept until it is not.
void Replay::forget_all() {
  if (kept_->bytes < kLargestBlock) return kept_.reset();
  Block last = std::move(kept_->blocks.back());
  last.begin = last.end = 0;
  kept_->blocks.clear();
  kept_->blocks.push_back(std::move(last));
  kept_->attachments.clear();
  kept_->events = kept_->behind_ping = kept_->bytes = 0;
}

void Replay::forget_first() {
  Block& block = kept_->blocks.front();
  const Header header = read_header(block.bytes.get() + block.begin);
  const std::size_t bytes = sizeof header + header.length;
  kept_->bytes -= bytes;
  if (header.has_attachments) {
    kept_->bytes -= attachment_bytes(kept_->attachments.front());
    kept_->attachments.pop_front();
  }
  --kept_->events;
  block.begin += bytes;
  if (block.begin == block.end) kept_->blocks.erase(kept_->blocks.begin());
}

void Replay::drop() {
  kept_.reset();
  skipped_ = 0;
}

}  // namespace heliograph::gateway
