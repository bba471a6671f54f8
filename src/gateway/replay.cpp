#include "gateway/replay.hpp"

#include <algorithm>

namespace heliograph::gateway {
namespace {

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
  kept_->text += event;
  kept_->entries.push_back({event.size(), attachments});
  kept_->bytes += sizeof(Entry) + event.size() + attachment_bytes(attachments);
  ++last_;
}

bool Replay::skip() {
  if (kept_) return false;
  skipped_ = ++last_;
  return true;
}

void Replay::ping_sent() {
  if (kept_) kept_->behind_ping = kept_->entries.size();
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

void Replay::forget(std::size_t count) {
  if (count == kept_->entries.size()) return kept_.reset();
  const auto end = kept_->entries.begin() + static_cast<std::ptrdiff_t>(count);
  std::size_t length = 0;
  for (auto entry = kept_->entries.begin(); entry != end; ++entry) {
    length += entry->length;
    kept_->bytes -= sizeof(Entry) + entry->length + attachment_bytes(entry->attachments);
  }
  kept_->entries.erase(kept_->entries.begin(), end);
  kept_->text.erase(0, length);
  kept_->behind_ping -= std::min(kept_->behind_ping, count);
}

void Replay::drop() {
  kept_.reset();
  skipped_ = 0;
}

}  // namespace heliograph::gateway
