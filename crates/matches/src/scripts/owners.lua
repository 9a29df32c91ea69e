-- Whose a match is, and how it comes to another server.
--
-- A server that was frozen does not know that its match was given away meanwhile. So whatever it says of a match, it says with the
-- epoch at which it got that. The epoch grows whenever a match goes to another server, and who names an older one has it no more.
--
-- What stands where:
--   checkpoint:MATCH  a hash: the match as it stood (bytes) after a tick, in which version, and at which epoch that was written
--   aside:MATCH       the same of a match that nobody can go on with, and why
--   orphans           a sorted set: the matches that have no server, by since when
--   heard             when a server has renewed its lease last. It never runs out
--   settling          until when nothing is taken from anybody, because the directory was away
-- So long nobody has said anything when it was the directory that was away. A server says something every half second.
local SILENCE = 1500

-- For so long a match waits for another server, and its players for the match.
local RECOVERABLE = 60000

-- A match that ends each of its servers is not given to all of them: so often, unless it got so many ticks further in between.
local MOST_TRIES, PROGRESS = 3, 100

-- Until when nothing is taken from anybody. After the directory was away, all leases have run out, of those who are well too.
local function settled_at()
    local heard, settling = unpack(redis.call('MGET', 'heard', 'settling'))
    if heard and tonumber(heard) < now - SILENCE then
        return now + LEASE + GRACE
    end
    return tonumber(settling or 0)
end

-- A server is heard. Whether that was so for a while can be seen only before.
local function hear()
    local settled = settled_at()
    if settled > now then
        redis.call('SET', 'settling', settled, 'PXAT', settled + RECOVERABLE)
    end
    redis.call('SET', 'heard', now)
end

-- Whether a match of this server, which is lost, or of nobody can still be taken over.
local function is_recoverable(id, server)
    if not server or server_of(server) then
        return false
    end
    local since
    if server == NOBODY then
        since = redis.call('ZSCORE', 'orphans', id)
    else
        since = redis.call('HGET', 'server:' .. server, 'lease')
    end
    -- While everybody may say what they have, nothing counts as lost for long.
    local from = math.max(tonumber(since or 0), settled_at())
    return now < from + RECOVERABLE and redis.call('EXISTS', 'checkpoint:' .. id) == 1
end

-- Whether a seat is there for its player, or will be in a moment.
local function is_kept(seat)
    return server_of(seat.server) ~= nil or is_recoverable(seat.id, seat.server)
end

-- Whether a match is not this server's at this epoch. Who names a higher one than the directory is right: then the directory has
-- lost something. Of a match that it has lost, the checkpoint knows the epoch.
local function is_fenced(id, match, server, epoch)
    local known = tonumber(match.epoch or redis.call('HGET', 'checkpoint:' .. id, 'epoch') or 1)
    return epoch < known or epoch == known and match.server ~= nil and match.server ~= server
end

local function keep_checkpoint(id, epoch, version, tick, bytes)
    local key = 'checkpoint:' .. id
    local known, at = unpack(redis.call('HMGET', key, 'epoch', 'tick'))
    known = tonumber(known or 0)
    -- What nobody has got an answer to may come after what was said later.
    if known > epoch or known == epoch and tonumber(at or 0) > tonumber(tick) then
        return
    end
    redis.call('HSET', key, 'epoch', epoch, 'version', version, 'tick', tick, 'bytes', bytes)
    if known == 0 then
        redis.call('EXPIRE', key, MATCH_KEPT)
    end
end

-- Gives a match to a server, or to nobody, at this epoch. Who sits there goes on sitting there.
--
-- Until that server has reported the match once, its reports are silent on it because it does not know of it (moved).
local function move(id, match, to, epoch)
    local from = match.server
    for number = 0, tonumber(match.seats) - 1 do
        local seat = read_seat(match[tostring(number)])
        if seat and seat.player then
            local place, other = place_of(from, id, number), seat_of(seat.player)
            local is_over = seat.kind == 'leaving' or seat.kind == 'held' and seat.time <= now
            if is_over or other and other.place ~= place and is_kept(other) then
                end_hold(from, id, number, seat.player)
            else
                redis.call('SET', 'seat:' .. seat.player, place_of(to, id, number), 'EX', MATCH_KEPT)
            end
        end
    end
    redis.call('ZREM', 'matches:' .. from, id)
    redis.call('ZREM', 'open:' .. from, id)
    redis.call('ZREM', 'orphans', id)
    -- Though nobody has reported it, it does not vanish when the last seat is free: its new server ends it.
    redis.call('HSET', 'match:' .. id, 'server', to, 'epoch', epoch, 'moved', 1, 'reported', 1)
    redis.call('EXPIRE', 'match:' .. id, MATCH_KEPT)
    if redis.call('EXISTS', 'checkpoint:' .. id) == 1 then
        redis.call('HSET', 'checkpoint:' .. id, 'epoch', epoch)
        redis.call('EXPIRE', 'checkpoint:' .. id, MATCH_KEPT)
    end
    if from ~= NOBODY then
        redis.call('HSET', 'match:' .. id, 'last', from)
    end
    if to == NOBODY then
        redis.call('ZADD', 'orphans', now, id)
    end
    sort_in(id)
end

-- A match that was given to a server, which does not know of it yet and takes nothing more, waits for another.
local function pass_on(id, match)
    local epoch = tonumber(match.epoch) + 1
    if match.handed == match.epoch then
        redis.call('HSET', 'match:' .. id, 'handed', epoch)
    end
    move(id, match, NOBODY, epoch)
end

-- Counts that a match is taken from a server that was lost. Gives whether that is worth another try.
local function may_try(id, match, tick)
    local tries = tonumber(match.tries or 0)
    if tick >= tonumber(match.tried_at or 0) + PROGRESS then
        tries = 0
    end
    if tries >= MOST_TRIES then
        return false
    end
    redis.call('HSET', 'match:' .. id, 'tries', tries + 1, 'tried_at', tick)
    return true
end
