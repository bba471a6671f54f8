#include "gateway/replay.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engineio/packet.hpp"
#include "socketio/packet.hpp"

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

KeptMessage Replay::keep(std::span<const std::string_view> message,
                         const signaling::SharedAttachments& attachments, base::BlockPool& pool) {
  std::size_t payload = 1;  // the type of the Engine.IO packet
  for (const std::string_view part : message) payload += part.size();
  if (!kept_) kept_ = std::make_unique<Kept>();
  if (kept_->room_left < websocket::kMaxHeaderBytes + payload) {
    add_block(*kept_, websocket::kMaxHeaderBytes + payload, pool);
  }

  char* const frame = kept_->room;
  char* at = frame + websocket::write_header(frame, websocket::Opcode::kText, payload);
  const std::string_view packet(at, payload);
  *at++ = static_cast<char>(engineio::PacketType::kMessage);
  for (const std::string_view part : message) at += part.copy(at, part.size());
  const auto bytes = static_cast<std::size_t>(at - frame);
  kept_->room = at;
  kept_->room_left -= bytes;
  kept_->bytes += bytes;
  if (attachments) {
    kept_->bytes += attachment_bytes(attachments);
    kept_->attachments.push_back(attachments);
  }
  ++kept_->events;
  ++last_;
  return {kept_->frames.back().block, message_in(packet), {frame, bytes}};
}

bool Replay::has_attachments(std::string_view message) {
  return message.front() == static_cast<char>(socketio::PacketType::kBinaryEvent);
}

void Replay::add_block(Kept& kept, std::size_t bytes, base::BlockPool& pool) {
  std::size_t last = 0;
  if (!kept.frames.empty()) {
    Frames& frames = kept.frames.back();
    last = frames.block->capacity();
    frames.end = last - kept.room_left;
  }
  const std::size_t next = std::clamp(4 * last, kSmallestBlock, base::BlockPool::kBlockBytes);
  kept.frames.push_back({.block = pool.take(std::max(next, bytes))});
  kept.room = kept.frames.back().block->bytes();
  kept.room_left = kept.frames.back().block->capacity();
}

Replay::Mark Replay::end_of(const Kept& kept) {
  return {.events = kept.events,
          .bytes = kept.bytes,
          .attachments = kept.attachments.size(),
          .blocks = kept.frames.size() - 1,
          .at = kept.frames.back().block->capacity() - kept.room_left};
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
  Mark mark{.at = kept_->frames.front().begin};
  for (; mark.events < number - forgotten; ++mark.events) {
    if (mark.at == kept_->frames[mark.blocks].end && mark.blocks + 1 < kept_->frames.size()) {
      ++mark.blocks;
      mark.at = 0;
    }
    const char* const frame = kept_->frames[mark.blocks].block->bytes() + mark.at;
    const std::string_view payload = websocket::payload_of(frame);
    const auto bytes = static_cast<std::size_t>(payload.data() + payload.size() - frame);
    mark.at += bytes;
    mark.bytes += bytes;
    if (has_attachments(message_in(payload))) {
      mark.bytes += attachment_bytes(kept_->attachments[mark.attachments++]);
    }
  }
  forget_before(mark);
}

void Replay::forget_before(const Mark& mark) {
  if (mark.events == kept_->events) return kept_.reset();
  if (mark.events == 0) return;
  kept_->frames.erase(kept_->frames.begin(),
                      kept_->frames.begin() + static_cast<std::ptrdiff_t>(mark.blocks));
  kept_->frames.front().begin = mark.at;
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
