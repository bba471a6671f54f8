#include "gateway/replay.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace heliograph::gateway {
namespace {

constexpr std::size_t kSmallestBlock = 512;

std::size_t attachment_bytes(const signaling::SharedAttachments& attachments) {
  std::size_t bytes = 0;
  if (attachments) {
    for (const std::string& attachment : *attachments) bytes += attachment.size();
  }
  return bytes;
}

}  // namespace

void Replay::keep(const signaling::EventText& event,
                  const signaling::SharedAttachments& attachments, BlockPool& pool) {
  if (!kept_) kept_ = std::make_unique<Kept>();
  const Header header{static_cast<std::uint32_t>(event.size()), attachments != nullptr};
  const std::size_t bytes = sizeof header + event.size();
  if (kept_->room_left < bytes) add_block(*kept_, bytes, pool);
  std::memcpy(kept_->room, &header, sizeof header);
  kept_->room += sizeof header;
  for (const std::string_view part : {event.head, event.body, event.tail}) {
    std::memcpy(kept_->room, part.data(), part.size());
    kept_->room += part.size();
  }
  kept_->room_left -= bytes;
  kept_->bytes += bytes;
  if (attachments) {
    kept_->bytes += attachment_bytes(attachments);
    kept_->attachments.push_back(attachments);
  }
  ++kept_->events;
  ++last_;
}

void Replay::add_block(Kept& kept, std::size_t bytes, BlockPool& pool) {
  std::size_t last = 0;
  if (!kept.blocks.empty()) {
    last = kept.blocks.back().capacity;
    kept.blocks.back().end = last - kept.room_left;
  }
  const std::size_t next = std::clamp(4 * last, kSmallestBlock, BlockPool::kBlockBytes);
  const std::size_t capacity = std::max(next, bytes);
  kept.blocks.push_back({.bytes = pool.take(capacity), .capacity = capacity});
  kept.room = kept.blocks.back().bytes.get();
  kept.room_left = capacity;
}

Replay::Mark Replay::end_of(const Kept& kept) {
  if (kept.blocks.empty()) return {};
  return {.events = kept.events,
          .bytes = kept.bytes,
          .attachments = kept.attachments.size(),
          .blocks = kept.blocks.size() - 1,
          .at = kept.blocks.back().capacity - kept.room_left};
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
  if (kept_) kept_->ping = end_of(*kept_);
}

void Replay::ping_answered() {
  if (kept_) forget_before(std::exchange(kept_->ping, {}));
}

bool Replay::can_resume_after(std::uint64_t number) const {
  const std::uint64_t forgotten = last_ - kept_count();
  const bool misses_the_skipped_alone = number + 1 == skipped_ && skipped_ == forgotten;
  return number <= last_ && (number >= forgotten || misses_the_skipped_alone);
}

void Replay::resume_after(std::uint64_t number) {
  if (!kept_) return;
  kept_->ping = {};
  const std::uint64_t forgotten = last_ - kept_->events;
  if (number <= forgotten) return;
  Mark mark{.events = number - forgotten, .at = kept_->blocks.front().begin};
  for (std::uint64_t i = 0; i < mark.events; ++i) {
    const Block* block = &kept_->blocks[mark.blocks];
    if (mark.at == block->end && mark.blocks + 1 < kept_->blocks.size()) {
      block = &kept_->blocks[++mark.blocks];
      mark.at = block->begin;
    }
    const Header header = read_header(block->bytes.get() + mark.at);
    mark.at += sizeof header + header.length;
    mark.bytes += sizeof header + header.length;
    if (header.has_attachments) {
      mark.bytes += attachment_bytes(kept_->attachments[mark.attachments++]);
    }
  }
  forget_before(mark);
}

void Replay::forget_before(const Mark& mark) {
  if (mark.events == kept_->events) return kept_.reset();
  if (mark.events == 0) return;
  kept_->blocks.erase(kept_->blocks.begin(),
                      kept_->blocks.begin() + static_cast<std::ptrdiff_t>(mark.blocks));
  kept_->blocks.front().begin = mark.at;
  kept_->attachments.erase(
      kept_->attachments.begin(),
      kept_->attachments.begin() + static_cast<std::ptrdiff_t>(mark.attachments));
  kept_->events -= mark.events;
  kept_->bytes -= mark.bytes;
}

void Replay::drop() {
  kept_.reset();
  skipped_ = 0;
}

}  // namespace heliograph::gateway
