#pragma once

#include <string_view>

// The scripts that run inside Redis. Each is atomic there; none of them knows a rule of the rooms.
// All keys of a cluster share one hash tag, and so one slot of a Redis Cluster.
namespace heliograph::cluster_redis::scripts {

/// KEYS: nodes, leases, dead, store, hold, changes, inbox, held. ARGV: id, epoch, lease in ms, a
/// name for the store should it need one, the name of the store that has lost what the node wrote,
/// or an empty string, and how many changes that one had seen. Answers TAKEN, or the store's name,
/// its time in ms, how many changes it has seen, and the id to read the inbox after. A node whose
/// lease has run out, but which nobody has removed yet, is replaced. So is one that was taken for
/// dead if no live node can remove it. A store that has lost something gets another name, so that
/// all nodes hear of it, and for a second, or half of a short lease, no room is changed: all nodes
/// restore what they know. This happens once for each loss, however late the last of them comes.
/// The count of changes goes on from more than any node can know of.
inline constexpr std::string_view kRegister = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 then
  if redis.call('ZCOUNT', KEYS[2], '(' .. now, '+inf') > 0 then return 'TAKEN' end
  redis.call('HDEL', KEYS[3], ARGV[1])
end
local lease = redis.call('ZSCORE', KEYS[2], ARGV[1])
local epoch = redis.call('HGET', KEYS[1], ARGV[1])
if lease and tonumber(lease) > now and epoch ~= ARGV[2] and epoch ~= 'lost' then
  return 'TAKEN'
end
local name = redis.call('GET', KEYS[4])
if not name or name == ARGV[5] then
  name = ARGV[4]
  redis.call('SET', KEYS[4], name)
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
local first = '0'
if ARGV[5] ~= '' then
  if redis.call('GET', KEYS[8]) ~= name then
    redis.call('SET', KEYS[8], name)
    redis.call('SET', KEYS[5], '1', 'PX', math.min(1000, math.ceil(ARGV[3] / 2)))
  end
  local past = tonumber(ARGV[6]) + 1000000
  if tonumber(redis.call('GET', KEYS[6]) or '0') < past then
    redis.call('SET', KEYS[6], string.format('%.0f', past))
  end
else
  redis.call('DEL', KEYS[7])
  first = redis.call('XADD', KEYS[7], '*', 'b', '')
end
return {name, tostring(now), redis.call('GET', KEYS[6]) or '0', first}
)";

/// KEYS: nodes, leases, dead, store, changes. ARGV: id, epoch, lease in ms, the store's name, the
/// prefix of the key of a node's remover, that of its inbox, '1' if other nodes may be taken for
/// dead. Answers LOST if this is not the same store as before, FENCED if the node has been removed,
/// or its time in ms, the time until the next lease runs out, how many changes it has seen, an
/// array of the nodes that hold a lease, or held one that nobody may end yet, and the dead nodes
/// that the caller must remove. It begins with a write that changes nothing, so that a replica,
/// whose data may be old, answers READONLY instead.
inline constexpr std::string_view kRenew = R"(
redis.call('PERSIST', KEYS[4])
if redis.call('GET', KEYS[4]) ~= ARGV[4] then return 'LOST' end
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'FENCED' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
if ARGV[7] == '1' then
  for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)) do
    redis.call('HSET', KEYS[3], node, redis.call('HGET', KEYS[1], node) or '')
    redis.call('HDEL', KEYS[1], node)
    redis.call('ZREM', KEYS[2], node)
    redis.call('DEL', ARGV[6] .. node)
  end
end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local answer = {tostring(now), tostring(first[2] - now), redis.call('GET', KEYS[5]) or '0',
                redis.call('ZRANGE', KEYS[2], 0, -1)}
for _, node in ipairs(redis.call('HKEYS', KEYS[3])) do
  local remover = ARGV[5] .. node
  if redis.call('SET', remover, ARGV[1], 'NX', 'PX', ARGV[3]) or
     redis.call('GET', remover) == ARGV[1] then
    answer[#answer + 1] = node
  end
end
return answer
)";

/// KEYS: dead, the node's rooms, its inbox. ARGV: the dead node. Forgets it, unless it is still in
/// some room; answers 0 in that case. A node that has come back meanwhile keeps its inbox.
inline constexpr std::string_view kForget = R"(
if redis.call('SCARD', KEYS[2]) > 0 then return 0 end
if redis.call('HDEL', KEYS[1], ARGV[1]) == 1 then redis.call('DEL', KEYS[3]) end
return 1
)";

/// KEYS: nodes, leases, inbox, dead, the node's rooms. ARGV: id, epoch. The node goes; its peers
/// have left their rooms before. Rooms that it would have closed are left to the node that removes
/// the dead.
inline constexpr std::string_view kLeave = R"(
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'FENCED' end
if redis.call('SCARD', KEYS[5]) > 0 then redis.call('HSET', KEYS[4], ARGV[1], ARGV[2]) end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
return 'DONE'
)";

/// KEYS: nodes, hold, changes, leases, dead, the room, then the rooms of nodes that have joined it,
/// of those that have left it, and the inboxes. ARGV: id, epoch, the version that the change was
/// computed from, the new one, the serial, '1' to restore, the room's name, the deadline in ms of
/// the store's time or an empty string, '+' if a room begins and '-' if it no longer exists or
/// never did, the prefix of the keys of inboxes, a batch for all of these if a restored room takes
/// the place of another one, the nodes that must be dead; how many fields are set, erased, nodes
/// have joined, left, inboxes are filled; then fields with their values, fields to erase, batches.
/// Answers how many changes the store has seen, FENCED, LATER, LIVES, or the current room if it has
/// another version. A node that gets no answer asks again, so each room remembers the last commit
/// of each node that did anything. This stays for a while after the room has ended, and so does its
/// version, so that a node that slept does not restore the room. If several nodes restore a room
/// while no room may be changed, the one that knows most changes prevails; later, the one that was
/// there before. A node that has peers in a restored room, and has not come back itself, gets a
/// short lease. Each inbox entry also carries the count of changes, so a node that has heard of a
/// change can tell if a copy of the store lacks it.
inline constexpr std::string_view kCommit = R"(
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'FENCED' end
local room, from, to, mark = KEYS[6], ARGV[3], ARGV[4], 't:' .. ARGV[1]
local known = redis.call('HMGET', room, 'v', mark)
local found = known[1] or ''
if ARGV[6] == '1' then
  local function count(version) return tonumber(version:match('^%d+')) end
  local holds = redis.call('EXISTS', KEYS[2]) == 1
  if found ~= '' and (not holds or count(found) >= count(from)) then
    return redis.call('HGETALL', room)
  end
  if found ~= '' then
    for _, node in ipairs(redis.call('HKEYS', KEYS[1])) do
      if node ~= ARGV[1] then redis.call('XADD', ARGV[10] .. node, '*', 'b', ARGV[11]) end
    end
  end
  redis.call('DEL', room)
  found = ''
elseif known[2] == ARGV[5] then
  return tonumber(redis.call('GET', KEYS[3]) or '0')
elseif redis.call('EXISTS', KEYS[2]) == 1 then
  return 'LATER'
elseif found ~= from then
  return redis.call('HGETALL', room)
end
for node in ARGV[12]:gmatch('%d+') do
  if redis.call('HEXISTS', KEYS[5], node) == 0 then return 'LIVES' end
end
if ARGV[8] ~= '' then
  local time = redis.call('TIME')
  if time[1] * 1000 + math.floor(time[2] / 1000) > tonumber(ARGV[8]) then return 'LATER' end
end
local at = 17
if to ~= found then
  for _ = 1, ARGV[13] do
    redis.call('HSET', room, ARGV[at + 1], ARGV[at + 2])
    at = at + 2
  end
  for _ = 1, ARGV[14] do
    at = at + 1
    redis.call('HDEL', room, ARGV[at])
  end
  redis.call('HSET', room, 'v', to)
end
if ARGV[6] == '1' then redis.call('HSET', room, 'r', to) end
if to ~= found or ARGV[17] ~= '0' then redis.call('HSET', room, mark, ARGV[5]) end
if ARGV[9] == '-' then
  redis.call('PEXPIRE', room, 60000)
elseif ARGV[9] == '+' then
  redis.call('PERSIST', room)
  redis.call('HDEL', room, 'r')
end
at = 17 + 2 * ARGV[13] + ARGV[14]
local changes = redis.call('INCR', KEYS[3])
local key = 6
for _ = 1, ARGV[15] do
  key = key + 1
  redis.call('SADD', KEYS[key], ARGV[7])
  local node = KEYS[key]:match('%d+$')
  if ARGV[6] == '1' and redis.call('HSETNX', KEYS[1], node, 'lost') == 1 then
    local time = redis.call('TIME')
    redis.call('ZADD', KEYS[4], time[1] * 1000 + 5000, node)
  end
end
for _ = 1, ARGV[16] do
  key = key + 1
  redis.call('SREM', KEYS[key], ARGV[7])
end
for _ = 1, ARGV[17] do
  key, at = key + 1, at + 1
  redis.call('XADD', KEYS[key], '*', 'b', ARGV[at], 'c', changes)
end
return changes
)";

/// KEYS: nodes, hold, the inbox. ARGV: id, epoch, how many entries an inbox may hold, the node
/// whose inbox it is, the batch. Answers DONE, FENCED, GONE or FULL.
inline constexpr std::string_view kSend = R"(
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'FENCED' end
if redis.call('HEXISTS', KEYS[1], ARGV[4]) == 0 and redis.call('EXISTS', KEYS[2]) == 0 then
  return 'GONE'
end
if redis.call('XLEN', KEYS[3]) >= tonumber(ARGV[3]) then return 'FULL' end
redis.call('XADD', KEYS[3], '*', 'b', ARGV[5])
return 'DONE'
)";

}  // namespace heliograph::cluster_redis::scripts
