-- A server hands a match over to the fullest server that has room for it; if there is none, the match waits.
--
-- ARGV: the server; the match; the epoch; of the checkpoint the version, the tick and the bytes
local server, id, epoch = ARGV[1], ARGV[2], tonumber(ARGV[3])
local version, tick, bytes = tonumber(ARGV[4]), ARGV[5], ARGV[6]

local match = hash('match:' .. id)
if match.last == server and tonumber(match.handed or 0) == epoch + 1 then
    -- It is done, and the answer was lost.
    return match.server == NOBODY and { 'waiting', '' } or { 'to', match.server }
end
if not match.server or is_fenced(id, match, server, epoch) then
    return { 'fenced', '' }
end

local best
for _, other in ipairs(ready_servers()) do
    other.matches = redis.call('ZCARD', 'matches:' .. other.id)
    if other.id ~= server and other.version >= version and other.matches < other.capacity then
        local is_better = not best or other.matches > best.matches
            or other.matches == best.matches and other.id < best.id
        best = is_better and other or best
    end
end
keep_checkpoint(id, epoch + 1, version, tick, bytes)
move(id, match, best and best.id or NOBODY, epoch + 1)
redis.call('HSET', 'match:' .. id, 'last', server, 'handed', epoch + 1)
return best and { 'to', best.id } or { 'waiting', '' }
