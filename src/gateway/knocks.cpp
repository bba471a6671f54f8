#include "gateway/knocks.hpp"

#include <algorithm>
#include <utility>

namespace heliograph::gateway {
namespace {

using News = signaling::Stranger::News;

std::size_t size_of(const Knocks::Held& knock) {
  return sizeof knock + knock.room.size() + knock.event.size() +
         signaling::bytes_of(knock.attachments);
}

}  // namespace

std::size_t Knocks::hold(Held knock) {
  const auto earlier = std::ranges::find_if(held_, [&](const Held& held) {
    return held.stranger.peer == knock.stranger.peer && held.room == knock.room;
  });
  if (earlier != held_.end()) {
    const News before = earlier->stranger.news;
    forget(earlier);
    // The client has not heard the first. Or it has, and has not heard that the stranger had gone.
    if (before == News::kFirst && knock.stranger.news == News::kNoMore) return 0;
    if (before == News::kFirst) knock.stranger.news = News::kFirst;
    if (before == News::kNoMore && knock.stranger.news == News::kFirst) {
      knock.stranger.news = News::kAgain;
    }
  }
  bytes_ += size_of(knock);
  held_.push_back(std::move(knock));
  std::size_t dropped = 0;
  for (; bytes_ > kMostBytes && held_.size() > 1; ++dropped) forget(held_.begin());
  return dropped;
}

std::optional<Knocks::Held> Knocks::take() {
  if (held_.empty()) return std::nullopt;
  Held oldest = std::move(held_.front());
  bytes_ -= size_of(oldest);
  held_.pop_front();
  return oldest;
}

void Knocks::drop() {
  held_.clear();
  bytes_.set(0);
}

void Knocks::forget(std::list<Held>::iterator knock) {
  bytes_ -= size_of(*knock);
  held_.erase(knock);
}

}  // namespace heliograph::gateway
