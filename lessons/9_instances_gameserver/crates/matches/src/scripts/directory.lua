-- What the scripts share. It is put before each of them, and HOLD, LEASE and their like before that.
--
-- Redis runs a script to its end before it does anything else, so what one of them finds is still so when it writes. All times
-- are milliseconds by Redis' clock: no two servers have the same one, and all of them ask this.
--
-- What stands where:
--   servers           a set: the game servers
--   server:SERVER     a hash: state, capacity, seats, and until when its lease runs
--   matches:SERVER    a sorted set: the matches of a server, by the number of their players
--   open:SERVER       a sorted set: those of them that somebody may enter, by the number of their free seats
--   match:MATCH       a hash: server, seats, open, whether the server has it (reported), its party, and when it is to be kept longer
--                     (keep); then, by the number of each seat, whose it is; who has left (left:PLAYER); and under which nonce a
--                     seat was let go last (released:SEAT)
--   seat:PLAYER       where a player sits: SERVER MATCH SEAT. The match has the truth, so this is checked whenever it is read
--   holds             a sorted set: the seats that are held, by when that ends
--
-- Of a seat the match says "held PLAYER NONCE UNTIL", "taken PLAYER NONCE SINCE", "leaving PLAYER NONCE SINCE", or "out". A free
-- one is not there. A player who sits and has asked again has a second ticket: then the NONCE and UNTIL of that follow.
--
-- The keys that a script touches follow from what it finds, so it cannot name them all beforehand. A cluster of Redis would
-- need that; one Redis does not.
local clock = redis.call('TIME')
local seconds = tonumber(clock[1])
local now = seconds * 1000 + math.floor(clock[2] / 1000)

-- A whole hash.
local function hash(key)
    local flat, fields = redis.call('HGETALL', key), {}
    for i = 1, #flat, 2 do
        fields[flat[i]] = flat[i + 1]
    end
    return fields
end

-- Makes a key last for another minute. To write that each time would fill the file that Redis keeps.
local function keep(key)
    if redis.call('TTL', key) < KEPT * 3 / 4 then
        redis.call('EXPIRE', key, KEPT)
    end
end

-- A server whose lease runs, and nothing if it does not.
local known = {}
local function server_of(id)
    if known[id] == nil then
        local read = redis.call('HMGET', 'server:' .. id, 'state', 'lease', 'capacity', 'seats')
        local is_alive = read[1] and tonumber(read[2]) > now
        known[id] = is_alive
            and { id = id, state = read[1], capacity = tonumber(read[3]), seats = tonumber(read[4]) }
    end
    return known[id] or nil
end

-- Whether a server takes players.
local function is_ready(id)
    local server = server_of(id)
    return server ~= nil and server.state == 'ready'
end

-- The servers that take players.
local function ready_servers()
    local ready = {}
    for _, id in ipairs(redis.call('SMEMBERS', 'servers')) do
        if is_ready(id) then
            ready[#ready + 1] = server_of(id)
        end
    end
    return ready
end

-- What a match says of a seat, and nothing if it is free.
local function read_seat(text)
    if not text then
        return nil
    end
    local kind, player, nonce, time, next, next_until =
        string.match(text, '^(%l+) ?(%x*) ?(%x*) ?(%d*) ?(%x*) ?(%d*)$')
    return {
        kind = kind, player = player ~= '' and player or nil, nonce = nonce, time = tonumber(time),
        next = next ~= '' and next or nil, next_until = tonumber(next_until),
    }
end

local function write_seat(id, number, ...)
    redis.call('HSET', 'match:' .. id, number, table.concat({ ... }, ' '))
end

local function place_of(server, id, number)
    return server .. ' ' .. id .. ' ' .. number
end

-- Where a player sits, or is waited for.
local function seat_of(player)
    local place = redis.call('GET', 'seat:' .. player)
    if not place then
        return nil
    end
    local server, id, number = string.match(place, '^(%S+) (%S+) (%d+)$')
    local seat = read_seat(redis.call('HGET', 'match:' .. id, number))
    if not seat or seat.player ~= player then
        return nil
    end
    if seat.kind == 'taken' or seat.kind == 'held' and seat.time > now then
        seat.server, seat.id, seat.number, seat.place = server, id, number, place
        return seat
    end
end

-- Forgets that a player sits here. Where they sit elsewhere by now, that stays.
local function forget_place(player, place)
    if redis.call('GET', 'seat:' .. player) == place then
        redis.call('DEL', 'seat:' .. player)
    end
end

local function vanish(id, server)
    redis.call('DEL', 'match:' .. id)
    redis.call('ZREM', 'matches:' .. server, id)
    redis.call('ZREM', 'open:' .. server, id)
end

-- Puts a match where it is looked for, after something of it has changed. One that nobody is in vanishes, unless its server has it:
-- then the server ends it, and until then nobody is led into it.
local function sort_in(id, match)
    match = match or hash('match:' .. id)
    local seats, players, used, is_used = tonumber(match.seats), 0, 0, false
    for number = 0, seats - 1 do
        local seat = read_seat(match[tostring(number)])
        if seat then
            used = used + 1
            is_used = is_used or seat.kind ~= 'out'
            players = players + (seat.kind == 'taken' and 1 or 0)
        end
    end
    if not is_used and match.reported ~= '1' then
        vanish(id, match.server)
        return
    end
    redis.call('ZADD', 'matches:' .. match.server, players, id)
    if is_used and match.open == '1' and used < seats then
        redis.call('ZADD', 'open:' .. match.server, seats - used, id)
    else
        redis.call('ZREM', 'open:' .. match.server, id)
    end
end

-- Holds a seat for a player.
local function hold(server, id, number, player, nonce, till)
    write_seat(id, number, 'held', player, nonce, till)
    redis.call('SET', 'seat:' .. player, place_of(server, id, number), 'EX', KEPT)
    redis.call('ZADD', 'holds', till, id .. ' ' .. number)
end

local function end_hold(server, id, number, player)
    redis.call('HDEL', 'match:' .. id, number)
    redis.call('ZREM', 'holds', id .. ' ' .. number)
    forget_place(player, place_of(server, id, number))
end

-- Frees a seat that somebody sat in. Who has asked again meanwhile is waited for.
local function let_go(server, id, number, seat)
    if seat.kind == 'taken' and seat.next and seat.next_until > now then
        hold(server, id, number, seat.player, seat.next, seat.next_until)
    else
        redis.call('HDEL', 'match:' .. id, number)
        forget_place(seat.player, place_of(server, id, number))
    end
end

-- Ends a match: whoever sat there sits nowhere.
local function end_match(id)
    local match = hash('match:' .. id)
    for number = 0, tonumber(match.seats or 0) - 1 do
        local seat = read_seat(match[tostring(number)])
        if seat and seat.player then
            forget_place(seat.player, place_of(match.server, id, number))
        end
        redis.call('ZREM', 'holds', id .. ' ' .. number)
    end
    if match.server then
        vanish(id, match.server)
    end
    return match
end
