-- A game server says all that it has, and what the directory has is repaired by that.
--
-- The server knows who is connected to it, and nobody else does. The directory knows who was given which seat, and who has
-- given one up. So who sits there is there, unless the directory has given the seat, or the player, away: then they are evicted.
--
-- ARGV: the report, as JSON
local report = cjson.decode(ARGV[1])
local server, evicted = report.server, {}

-- What was on its way when the server took itself out does not bring it back.
if redis.call('EXISTS', 'withdrawn:' .. server) == 1 then
    return { now, evicted }
end

redis.call('SADD', 'servers', server)
redis.call('HSET', 'server:' .. server, 'state', report.state, 'capacity', report.capacity,
    'seats', report.seats, 'lease', now + LEASE)
redis.call('EXPIRE', 'server:' .. server, KEPT + LEASE / 1000)

local function evict(id, told)
    evicted[#evicted + 1] = { id, tostring(told.seat), told.player, told.nonce }
end

-- A player sits here, says the server. Gives whether something had to be changed.
local function sits(id, number, seat, told, is_claimed, known_place)
    local place = place_of(server, id, number)
    if seat and (seat.player ~= told.player or seat.kind == 'leaving') then
        evict(id, told)
        return false
    elseif seat and seat.kind == 'taken' and seat.nonce == told.nonce and known_place == place then
        -- That is the rule. All else is for when something was lost.
        return false
    end
    local other = seat_of(told.player)
    if other and other.place ~= place and is_ready(other.server) then
        write_seat(id, number, 'leaving', told.player, told.nonce, now)
        evict(id, told)
        return true
    end
    if not seat then
        write_seat(id, number, 'taken', told.player, told.nonce, now)
    elseif seat.kind == 'held' then
        -- The seat was forgotten, and its player has asked again.
        write_seat(id, number, 'taken', told.player, told.nonce, now, seat.nonce, seat.time)
        redis.call('ZREM', 'holds', id .. ' ' .. number)
    elseif seat.nonce ~= told.nonce and not is_claimed and seat.time < now - GRACE then
        -- A ticket was used here, and its player never came.
        write_seat(id, number, 'taken', told.player, told.nonce, now)
    end
    redis.call('SET', 'seat:' .. told.player, place, 'EX', KEPT)
    return true
end

-- Nobody sits here, says the server. Gives whether something had to be changed.
local function is_empty(id, number, seat, is_claimed, known_place)
    if seat.kind == 'held' and seat.time > now then
        if not known_place then
            redis.call('SET', 'seat:' .. seat.player, place_of(server, id, number), 'EX', KEPT)
        end
        return false
    elseif seat.kind == 'held' then
        end_hold(server, id, number, seat.player)
        return true
    elseif seat.kind ~= 'out' and not is_claimed and seat.time < now - GRACE then
        -- Not at once: the report may be from before the player came.
        let_go(server, id, number, seat)
        return true
    end
    return false
end

-- The goat of this seat has no lives left, says the server. Gives whether something had to be changed.
local function is_out(id, number, seat)
    if seat and seat.kind == 'out' then
        return false
    elseif seat then
        end_hold(server, id, number, seat.player)
    end
    write_seat(id, number, 'out')
    return true
end

-- Keeps a match for another minute, and where its players sit. To write that each time would fill the file that Redis keeps.
local function keep_match(id, match, players)
    if tonumber(match.keep or 0) > now then
        return
    end
    redis.call('HSET', 'match:' .. id, 'keep', now + KEPT * 250)
    redis.call('EXPIRE', 'match:' .. id, KEPT)
    for number, player in pairs(players) do
        redis.call('EXPIRE', 'seat:' .. player, KEPT)
        local seat = read_seat(match[tostring(number)])
        if seat and seat.kind == 'held' then
            redis.call('ZADD', 'holds', seat.time, id .. ' ' .. number)
        end
    end
end

-- What stands under several keys, by the numbers that these have here.
local function read_all(prefix, names)
    local numbers, keys, found = {}, {}, {}
    for number, name in pairs(names) do
        numbers[#numbers + 1] = number
        keys[#keys + 1] = prefix .. name
    end
    if #keys > 0 then
        for i, text in ipairs(redis.call('MGET', unpack(keys))) do
            found[numbers[i]] = text
        end
    end
    return found
end

-- Brings a match to what the server says of it. What it has not begun yet, it says nothing of.
local function repair(id, told)
    local key = 'match:' .. id
    local match = hash(key)
    if not match.server then
        -- One that is over does not come back, neither by a report that was on its way nor by a player who was.
        if redis.call('EXISTS', 'result:' .. id) == 1 then
            for _, seat in ipairs(told.taken or {}) do
                evict(id, seat)
            end
            return
        end
        match = { server = server, seats = tostring(report.seats) }
        redis.call('HSET', key, 'server', server, 'seats', report.seats)
    elseif match.server ~= server then
        return
    end
    local is_open = told.open == nil and match.open or told.open and '1' or '0'
    local is_reported = told.id and '1' or '0'
    if match.open ~= is_open or match.reported ~= is_reported then
        redis.call('HSET', key, 'open', is_open, 'reported', is_reported)
        match.open, match.reported = is_open, is_reported
    end
    local sitting, claimed, out = {}, {}, {}
    for _, seat in ipairs(told.taken or {}) do
        -- One that the server has let go since is no seat any more.
        if match['released:' .. seat.seat] ~= seat.nonce then
            sitting[seat.seat] = seat
        end
    end
    for _, number in ipairs(told.claiming or {}) do
        claimed[number] = true
    end
    for _, number in ipairs(told.out or {}) do
        out[number] = true
    end
    local seats, players = {}, {}
    for number = 0, tonumber(match.seats) - 1 do
        local seat = read_seat(match[tostring(number)])
        seats[number] = seat
        players[number] = sitting[number] and sitting[number].player or seat and seat.player
    end
    keep_match(id, match, players)
    local places, is_changed = read_all('seat:', players), false
    for number = 0, tonumber(match.seats) - 1 do
        local seat, change = seats[number], false
        if out[number] then
            change = is_out(id, number, seat)
        elseif sitting[number] then
            change = sits(id, number, seat, sitting[number], claimed[number], places[number])
        elseif seat then
            change = is_empty(id, number, seat, claimed[number], places[number])
        end
        is_changed = is_changed or change
    end
    sort_in(id, not is_changed and match or nil)
end

local has = {}
for _, told in ipairs(report.matches) do
    has[told.id] = true
    repair(told.id, told)
end
for _, id in ipairs(redis.call('ZRANGE', 'matches:' .. server, 0, -1)) do
    if has[id] then
        -- It is done already.
    elseif redis.call('EXISTS', 'match:' .. id) == 1 then
        repair(id, {})
    else
        vanish(id, server)
    end
end
keep('matches:' .. server)
keep('open:' .. server)
return { now, evicted }
