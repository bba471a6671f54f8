#include "gateway/replay.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engineio/packet.hpp"
#include "socketio/packet.hpp"

namespace heliograph::gateway {
namespace {

constexpr std::string_view kMessage = engineio::type_text(engineio::PacketType::kMessage);

std::size_t attachment_bytes(const signaling::SharedAttachments& attachments) {
  std::size_t bytes = 0;
  if (attachments) {
    for (const std::string& attachment : *attachments) bytes += attachment.size();
  }
  return bytes;
}

}  // namespace

KeptMessage Replay::keep(std::span<const std::string_view> message,
                         const signaling::SharedAttachments& attachments, ReplayMemory& memory) {
  if (!kept_) kept_ = std::make_unique<Kept>(memory.bytes);
  const websocket::KeptFrames::Frame frame =
      kept_->frames.append(websocket::Opcode::kText, kMessage, message, memory.blocks);
  kept_->bytes += frame.frame.size();
  if (attachments) {
    kept_->bytes += attachment_bytes(attachments);
    kept_->attachments.push_back(attachments);
  }
  ++kept_->events;
  ++last_;
  return {frame.memory, message_in(frame.payload), frame.frame};
}

bool Replay::has_attachments(std::string_view message) {
  return message.front() == static_cast<char>(socketio::PacketType::kBinaryEvent);
}

bool Replay::skip() {
  if (kept_count() > 0) return false;
  ++last_;
  is_skipped_ = true;
  return true;
}

void Replay::ping_sent() {
  if (!kept_) return;
  kept_->ping = {.events = kept_->events,
                 .bytes = kept_->bytes,
                 .attachments = kept_->attachments.size(),
                 .frames = kept_->frames.end()};
}

void Replay::ping_answered() {
  if (kept_) forget_before(std::exchange(kept_->ping, {}));
}

bool Replay::can_resume_after(std::uint64_t number) const {
  const bool misses_the_skipped_alone = is_skipped_ && number + 1 == forgotten();
  return number <= last_ && (number >= forgotten() || misses_the_skipped_alone);
}

void Replay::resume_after(std::uint64_t number) {
  if (!kept_) return;
  kept_->ping = {};
  if (number <= forgotten()) return;
  Mark mark{.frames = kept_->frames.begin()};
  for (; mark.events < number - forgotten(); ++mark.events) {
    const std::string_view payload = kept_->frames.next(mark.frames);
    if (has_attachments(message_in(payload))) {
      mark.bytes += attachment_bytes(kept_->attachments[mark.attachments++]);
    }
  }
  mark.bytes += mark.frames.bytes;
  forget_before(mark);
}

void Replay::forget_before(const Mark& mark) {
  if (mark.events == 0) return;
  is_skipped_ = false;
  if (mark.events == kept_->events) return kept_.reset();
  kept_->frames.forget_before(mark.frames);
  kept_->attachments.erase(
      kept_->attachments.begin(),
      kept_->attachments.begin() + static_cast<std::ptrdiff_t>(mark.attachments));
  kept_->events -= mark.events;
  kept_->bytes -= mark.bytes;
}

void Replay::drop() {
  kept_.reset();
  is_skipped_ = false;
}

}  // namespace heliograph::gateway
