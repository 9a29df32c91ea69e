-- Gives a server matches to go on with: first those that are its own and that it has not reported yet, then some that have no server.
--
-- ARGV: the server; the newest version of a checkpoint that it reads; how many matches it has room for
local server, version, room = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

-- So many are taken over at once, and an answer has mostly so many bytes: who reads slowly is cut off at 2 MB.
local AT_ONCE, MOST_BYTES = 8, 1000000

if not is_ready(server) then
    return {}
end

local given, size = {}, 0
local function give(id)
    local match, kept = hash('match:' .. id), hash('checkpoint:' .. id)
    local seats, out = {}, {}
    for number = 0, tonumber(match.seats) - 1 do
        local seat = read_seat(match[tostring(number)])
        if seat and seat.kind == 'taken' then
            seats[#seats + 1] = { tostring(number), seat.player, seat.nonce }
        elseif seat and seat.kind == 'out' then
            out[#out + 1] = number
        end
    end
    local is_handed_over = match.handed == match.epoch and 1 or 0
    given[#given + 1] = {
        id, tonumber(match.epoch), tonumber(kept.version), tonumber(kept.tick), kept.bytes, seats, out, is_handed_over,
    }
    size = size + #kept.bytes
end

for _, id in ipairs(redis.call('ZRANGE', 'matches:' .. server, 0, -1)) do
    if redis.call('HGET', 'match:' .. id, 'moved') then
        if redis.call('HEXISTS', 'checkpoint:' .. id, 'bytes') == 0 then
            -- Nobody knows any more how it stood.
            end_match(id)
        elseif size < MOST_BYTES then
            give(id)
        end
    end
end
if settled_at() > now then
    return given
end

-- Takes a match of a server that is lost, or of nobody, if it is one that this server can go on with. Gives whether it was.
local function take(id, from)
    local match = hash('match:' .. id)
    local epoch, written, tick = unpack(redis.call('HMGET', 'checkpoint:' .. id, 'epoch', 'version', 'tick'))
    if match.server ~= from then
        -- What leads to a match may be older than the match.
        redis.call('ZREM', from == NOBODY and 'orphans' or 'matches:' .. from, id)
        return false
    elseif not is_recoverable(id, from) then
        -- Nobody has begun it yet, or its players wait no more.
        end_match(id)
        return false
    elseif tonumber(written) > version then
        return false
    elseif from == NOBODY then
        move(id, match, server, tonumber(match.epoch))
    elseif may_try(id, match, tonumber(tick)) then
        move(id, match, server, math.max(tonumber(match.epoch or 1), tonumber(epoch)) + 1)
    else
        give_up(id, 'it was taken over again and again, and got no further')
        return false
    end
    give(id)
    return true
end

-- Whoever was led to a new match of this server that it does not know of yet has room there as well.
local free = server_of(server).capacity - redis.call('ZCARD', 'matches:' .. server)
local left = math.min(room, free, AT_ONCE)
local function take_all(ids, from)
    for _, id in ipairs(ids) do
        if left <= 0 or size >= MOST_BYTES then
            return
        end
        left = left - (take(id, from) and 1 or 0)
    end
end

take_all(redis.call('ZRANGE', 'orphans', 0, -1), NOBODY)
for _, other in ipairs(redis.call('SMEMBERS', 'servers')) do
    -- One that was not heard of for a minute is not known any more, and neither are its matches.
    if not server_of(other) and redis.call('EXISTS', 'server:' .. other) == 1 then
        take_all(redis.call('ZRANGE', 'matches:' .. other, 0, -1), other)
    end
end
return given
