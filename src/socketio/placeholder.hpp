#pragma once

#include <cstdint>
#include <string_view>

namespace heliograph::socketio {

// A placeholder is an object with a member `_placeholder`; it stands for the attachment whose index
// is its member `num` (Socket.IO protocol 5, "Packet encoding"). Both functions take text that is
// already known to be valid JSON, compare names decoded, and take time linear in its length.

// True if any object anywhere in the text is a placeholder.
bool mentions_placeholder(std::string_view json_text);

// True if the `num` of each placeholder is a whole number below `attachments`, in plain digits.
// Some clients close the connection over any other, so none may be passed on to a peer.
bool placeholders_are_valid(std::string_view json_text, std::uint32_t attachments);

}  // namespace heliograph::socketio
