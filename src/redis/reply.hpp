#pragma once

#include <span>
#include <string_view>

#include <hiredis/hiredis.h>

namespace heliograph::redis {

/// Of a string, a status or an error; empty for anything else.
inline std::string_view text_of(const redisReply& reply) {
  const bool has_text = reply.type == REDIS_REPLY_STRING || reply.type == REDIS_REPLY_STATUS ||
                        reply.type == REDIS_REPLY_ERROR;
  return has_text ? std::string_view(reply.str, reply.len) : std::string_view{};
}

/// Of an array; none for anything else.
inline std::span<redisReply* const> elements_of(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ARRAY) return {};
  return {reply.element, reply.elements};
}

}  // namespace heliograph::redis
