#pragma once

#include <string>
#include <string_view>

#include "load/body.hpp"
#include "load/event_text.hpp"

namespace heliograph::micro {

// An event as clients send it, about 2850 bytes for a session description and 560 for a candidate:
// `["relay-…",{…}]`.
inline std::string relay_event(load::BodyKind kind, std::string_view auth, std::string_view to,
                               std::string_view room) {
  const load::Body body = load::make_body(kind);
  const std::string text = load::event_text(body.relay_event, load::ObjectText()
                                                                  .text("auth", auth)
                                                                  .text("to", to)
                                                                  .text("peer_id", to)
                                                                  .raw(body.field, body.json)
                                                                  .text("room", room));
  return text.substr(2);
}

// The same for benchmarks in which nobody is there to receive it.
inline std::string relay_event(load::BodyKind kind) {
  return relay_event(kind, std::string(250, 't'), "AAAAAAAAAAAAAAAAAAAA", "bench-0");
}

}  // namespace heliograph::micro
