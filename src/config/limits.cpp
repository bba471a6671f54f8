// Long because it is one table, with a row for each limit.
#include "config/limits.hpp"

namespace heliograph::config {
namespace {

constexpr LimitNote kNotes[] = {
    {"max-buffered-bytes",
     "Connections of clients that have not been let in go first, the oldest before the others. "
     "Then the client for whom most is held, of the app for which most is held, and so on: close "
     "code 1008, `over-memory`, without recovery. The log says `over memory`.",
     "The memory that clients may take in addition to the 1 KB of each idle connection. One app "
     "may use all of it while no other needs it. Each worker has an equal part."},
    {"max-waiting-sessions",
     "The session that has waited longest for its CONNECT ends: close code 1013, `too many clients "
     "wait for a CONNECT`. Its client reconnects.",
     "More than the number of clients that may connect within a second or two, even after a "
     "restart."},
    {"max-unsent-bytes",
     "The client does not read: close code 1008, `reads too slowly`. It may be recovered.",
     "More than the largest burst to one client; larger than `MAX_DESCRIPTION_BYTES`."},
    {"recovery-peer-bytes", "The peer is not recovered: it comes back as a new one.",
     "As much as a client may be sent within `RECOVERY_WINDOW`; larger than "
     "`MAX_DESCRIPTION_BYTES`."},
    {"recovery-total-bytes",
     "The peers for which most is kept are given up. Absent ones have left; connected ones stay, "
     "but are not recovered if their connection breaks. The log says `over memory`.",
     "Half of `MAX_BUFFERED_BYTES` or less. An absent peer takes about 1 KB, and 0.5 KB and its "
     "`peerinfo` for each of its rooms."},
    {"max-payload", "WebSocket: close code 1009, `message too large`. POST: 413.",
     "Larger than `MAX_DESCRIPTION_BYTES`."},
    {"max-event-bytes", "The event is refused: `event-too-large`.",
     "The largest message that your clients send. ICE candidates have 200 bytes."},
    {"max-description-bytes", "The event is refused: `event-too-large`.",
     "A description has about 3 KB, and 1 KB more for each track; 256 KiB are 200 tracks."},
    {"max-peerinfo-bytes", "The sign-in is refused: `peerinfo-too-large`.",
     "It is repeated in most events, and kept for each room; keep it small."},
    {"max-join-payload-bytes", "The join request is refused: `event-too-large`.",
     "Owners see it: a name, a picture's address."},
    {"max-pending-requests",
     "The oldest request of the address that has most of them is rejected: `too-many-requests`. "
     "So is the ninth request of one address.",
     "As many as an owner can handle."},
    {"max-room-name-bytes", "The event is refused: `room-name-too-long`.", "A UUID has 36."},
    {"max-rooms-per-peer", "The request is refused: `too-many-rooms`.",
     "Most clients are in one or two rooms."},
    {"max-json-depth", "The event is refused: `json-too-deep`.", "Leave it."},
    {"total-events-burst",
     "Events are refused before they are read: `rate-limited`. After 1000 such refusals within 10 "
     "s: "
     "close code 1008, `too many events over the limit`, without recovery. Pings beyond it: 1008, "
     "`too many pings`.",
     "As much as a client sends at once when it joins a large room: 20 messages for each member."},
    {"total-events-per-second", "As above.",
     "Twice what your busiest client sends in the long run."},
    {"total-bytes-burst", "As above.", "As above, in bytes."},
    {"total-bytes-per-second", "As above.", "As above, in bytes."},
    {"events-burst", "The event is refused: `rate-limited`.",
     "Joins, creations and questions of one client at once."},
    {"events-per-second", "As above.", "The same in the long run."},
    {"relay-bytes-burst", "The relay is refused: `rate-limited`.",
     "Several descriptions and their candidates, to one peer."},
    {"relay-bytes-per-second", "As above.",
     "Signalling needs little. To relay game state, allow more or use a data channel."},
    {"room-bytes-burst", "The message to the room is refused: `rate-limited`.",
     "Bytes times receivers: 4 MiB are 100 messages of 400 bytes to 100 members."},
    {"room-bytes-per-second", "As above.", "The same in the long run."},
    {"max-connections-per-address",
     "A further connection, and a further session, is answered with 429.",
     "More than the number of people behind the largest network address translation that you "
     "serve."},
    {"new-sessions-burst", "A new session is answered with 429 and `Retry-After`.",
     "As above: all of them may come back at once."},
    {"new-sessions-per-second", "As above.", "The same in the long run."},
    {"max-header-bytes", "The request is answered with 431.",
     "Cookies of other services may be long."},
    {"connect-timeout", "Close code 1000, `no CONNECT in time`.", "Leave it."},
    {"header-timeout", "The request is answered with 408.", "Leave it."},
    {"message-timeout",
     "WebSocket: close code 1008, `message not complete in time`; it may be recovered. POST: 408.",
     "Longer than the pauses of your clients' networks."},
    {"keep-alive-timeout", "The HTTP connection is closed.",
     "Longer than a proxy in front of the server keeps a connection."},
    {"join-request-timeout", "The candidate gets `room-join-reject`.",
     "How long an owner may take to answer."},
    {"recovery-window", "The absent peer has left.", "Longer than a change of network takes."},
    {"ticket-lifetime", "The ticket is no longer valid: its holder has to knock.",
     "The longest time that somebody may be away from a call."},
    {"room-linger", "The server closes the room.", "Longer than a page takes to reload."},
};

constexpr FixedLimit kFixed[] = {
    {"message or POST body of a client before its CONNECT", "8 KiB",
     "close code 1009, `message too large`, or 413"},
    {"body of `POST /app`", "16 KiB", "413"},
    {"packets in one POST of long-polling", "1 000", "400, `too many packets in a body`"},
    {"attachments of one event", "16", "close code 1002, `malformed packet`"},
    {"CONNECTs to namespaces that do not exist", "10", "close code 1008, `too many CONNECTs`"},
    {"events refused with `rate-limited`", "1 000 within 10 s",
     "close code 1008, `too many events over the limit`"},
    {"bytes that wait for one worker in its inbox", "16 MiB",
     "requests to it and relays to its peers are refused: `rate-limited`"},
    {"bytes under way to another worker, from a client that came back there", "256 KiB",
     "the server does not read from the client until there is less"},
    {"wrong passwords and app tokens from one address: `POST /app`, CONNECT and `auth-request`, "
     "each counted separately",
     "10, and one more each minute",
     "`POST /app` gets 429, a wrong token `rate-limited`, for a second at first, twice as long "
     "after each further failure, up to ten minutes. A valid token is accepted all the same"},
    {"wrong room passwords from one address", "10, and one more each minute",
     "its joins with a password are refused: `rate-limited`, as above"},
    {"wrong passwords for one room", "20, and one more each second",
     "`rate-limited` for addresses that have failed lately"},
    {"new candidates for one room; from one address there",
     "64, and 10 each second; 16, and 2 each second",
     "the join request is refused: `rate-limited`"},
    {"join requests from one address that wait in one room", "8",
     "one more is refused: `too-many-requests`"},
    {"free places of one room; of all rooms of a worker", "1000; 65 536",
     "the oldest of that room, or of the room that has most, is dropped: its ticket is no longer "
     "valid. If the server is short of memory, all are dropped"},
    {"rooms of a worker that wait for a peer with a ticket", "16 384",
     "the one that has waited longest ends"},
    {"bytes of join requests that wait for an owner who reads slowly or is away", "512 KiB",
     "the oldest is not shown. The log says `join requests dropped`"},
    {"file descriptors", "as the system allows (`ulimit -n`)",
     "the oldest connection that does not belong to a client is dropped; if all do, a newcomer "
     "gets 503. The log says `cannot accept`"},
};

}  // namespace

std::span<const LimitNote> limit_notes() { return kNotes; }
std::span<const FixedLimit> fixed_limits() { return kFixed; }

}  // namespace heliograph::config
