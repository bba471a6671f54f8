#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/error.hpp"
#include "signaling/peer_id.hpp"
#include "signaling/refusal.hpp"
#include "signaling/text.hpp"

namespace heliograph::signaling {

/// Binary attachments of an event, shared by all who still have to receive it; null if it has
/// none.
using SharedAttachments = std::shared_ptr<const std::vector<std::string>>;

/// The bytes of all attachments together.
std::size_t bytes_of(const SharedAttachments& attachments);

/// The JSON of an event, whole or in three pieces: a long body, which is somewhere already, is
/// copied once, to where the event goes. The last piece is never empty.
struct EventText {
  std::string_view head;
  std::string_view body;
  std::string_view tail;

  EventText(std::string_view whole) : tail(whole) {}
  EventText(const std::string& whole) : tail(whole) {}
  /// `put_in` put into `around` at `place`.
  EventText(std::string_view around, std::size_t place, std::string_view put_in)
      : head(around.substr(0, place)), body(put_in), tail(around.substr(place)) {}

  std::string whole() const;
};

/// Writes `["name",{…}]`, the JSON of a server event, or `[{"ok":true,…}]`, the arguments of an
/// acknowledgement, field by field in the order of the calls. It is whole when end() was called.
class EventWriter {
 public:
  EventWriter(std::string& out, std::string_view name);
  static EventWriter acknowledgement(std::string& out) { return EventWriter(out); }
  EventWriter& text(std::string_view field, std::string_view value);  // UTF-8, gets escaped
  EventWriter& optional_text(std::string_view field, std::string_view value);  // not if empty
  EventWriter& id(std::string_view field, const PeerId& peer);
  EventWriter& raw(std::string_view field, Raw json);
  EventWriter& optional_raw(std::string_view field, Raw json);  // nothing if `json` is empty
  void end();

 private:
  explicit EventWriter(std::string& out);
  void key(std::string_view field);
  std::string& out_;
  bool first_;
};

/// Arguments of an acknowledgement, `[{"ok":true}]`.
std::string ok_arguments();
/// `[{"ok":true,"<field>":"<value>"}]`
std::string ok_arguments(std::string_view field, std::string_view value);

inline constexpr std::string_view kJoinReject = "room-join-reject";

/// Events that only tell a message, kJoinReject also the code of the refusal: `auth-reject`,
/// `room-create-reject`, a refused join, `unauthorized`.
std::string message_event(std::string_view name, const Refusal& refusal, Raw payload);
std::string message_event(std::string_view name, Error error, Raw payload);

}  // namespace heliograph::signaling
