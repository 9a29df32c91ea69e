-- Gives seats to a group: to all of it, in one match, or to nobody.
--
-- An open match comes first, and of those the one that the group fills best. Else there is a new match, on a server that has
-- room for it.
--
-- ARGV: packed or spread; the party's code, or nothing; an id for a new match; then of each player the id and a new nonce, the
--       one who asks first
local placement, code, new_id = ARGV[1], ARGV[2], ARGV[3]
local players, nonces = {}, {}
for i = 4, #ARGV, 2 do
    -- Nobody counts twice.
    if not nonces[ARGV[i]] then
        players[#players + 1] = ARGV[i]
    end
    nonces[ARGV[i]] = ARGV[i + 1]
end
local asker = players[1]
local group = code ~= '' and code or asker

-- A hold that ran out is a seat for somebody else.
for _, held in ipairs(redis.call('ZRANGEBYSCORE', 'holds', '-inf', now, 'LIMIT', 0, 100)) do
    local id, number = string.match(held, '^(%S+) (%d+)$')
    local server, text = unpack(redis.call('HMGET', 'match:' .. id, 'server', number))
    local seat = read_seat(text)
    redis.call('ZREM', 'holds', held)
    if seat and seat.kind == 'held' and seat.time <= now then
        end_hold(server, id, number, seat.player)
        sort_in(id)
    end
end

-- Where the group must go: to the match of their party, or where the one sits who asks again.
local target
local seated = {}
for _, player in ipairs(players) do
    local seat = seat_of(player)
    -- What is lost is no reason to wait for it.
    seated[player] = seat and is_kept(seat) and seat or nil
end
if code == '' then
    target = seated[asker] and seated[asker].id
else
    local party = read_party(code)
    if not party then
        return { 'dissolved', '', {} }
    end
    local server = party.match and redis.call('HGET', 'match:' .. party.match, 'server')
    target = server and is_kept({ server = server, id = party.match }) and party.match
end
local missing = {}
for _, player in ipairs(players) do
    local seat = seated[player]
    if not seat then
        missing[#missing + 1] = player
    elseif seat.id ~= target then
        return { 'playing', player, {} }
    end
end
if target then
    -- Where a server is about to end, those who sit go on, and nobody comes in addition before the match is elsewhere.
    local server = redis.call('HGET', 'match:' .. target, 'server')
    if not server_of(server) or #missing > 0 and not is_ready(server) then
        return { 'moving', '', {} }
    end
end

-- The numbers of the first free seats of a match that is open; nothing if there are not enough.
local function free_seats(match, count)
    local free = {}
    for number = 0, tonumber(match.seats or 0) - 1 do
        if not match[tostring(number)] and #free < count then
            free[#free + 1] = number
        end
    end
    return match.open == '1' and #free == count and free or nil
end

-- Whether somebody of the group has been in this match and may not come back ("out"), or has left it ("left").
local function who_left(match)
    local worst
    for _, player in ipairs(missing) do
        local mark = match['left:' .. player]
        worst = worst == 'out' and worst or mark or worst
    end
    return worst
end

-- The servers that take players. The first of them gets a new match, if it has room.
local ready = ready_servers()
for _, server in ipairs(ready) do
    server.matches = redis.call('ZCARD', 'matches:' .. server.id)
end
table.sort(ready, function(one, other)
    if one.matches == other.matches then
        return one.id < other.id
    end
    return (one.matches > other.matches) == (placement == 'packed')
end)

-- All the room that there is: so many matches with so many seats left. Those that are open come first, the fullest before others.
local function all_rooms()
    local rooms = {}
    for left = 1, MOST_SEATS do
        local count = 0
        for _, server in ipairs(ready) do
            count = count + redis.call('ZCOUNT', 'open:' .. server.id, left, left)
        end
        rooms[#rooms + 1] = { left = left, count = count, free = left }
    end
    for seats = 1, MOST_SEATS do
        local count = 0
        for _, server in ipairs(ready) do
            if server.seats == seats then
                count = count + math.max(0, server.capacity - server.matches)
            end
        end
        rooms[#rooms + 1] = { left = seats, count = count, seats = seats }
    end
    return rooms
end

-- Takes seats out of the room that fits best, as if they were given out.
local function set_aside(rooms, size)
    for i, room in ipairs(rooms) do
        if room.count > 0 and room.left >= size then
            room.count = room.count - 1
            local rest = { left = room.left - size, count = 1, free = room.free, seats = room.seats }
            local at = i
            while at > 1 and rooms[at - 1].left > rest.left and not (rooms[at - 1].free and rest.seats) do
                at = at - 1
            end
            table.insert(rooms, at, rest)
            return
        end
    end
end

-- Of the open matches with so many free seats, the one with the fewest. One that somebody of the group has left is a last resort.
local last_resort
local function open_match(least, most)
    local best, best_free
    for _, server in ipairs(ready) do
        local found = redis.call('ZRANGEBYSCORE', 'open:' .. server.id, least, most, 'WITHSCORES', 'LIMIT', 0, 20)
        for i = 1, #found, 2 do
            local id, free = found[i], tonumber(found[i + 1])
            if best and best_free <= free then
                break
            end
            local match = hash('match:' .. id)
            local left = who_left(match)
            if not free_seats(match, #missing) or left == 'out' then
                -- It is not for them, or somebody has deleted it.
            elseif left then
                last_resort = last_resort or id
            else
                best, best_free = id, free
            end
        end
    end
    return best
end

-- A new match with so many seats.
local function new_match(least, most)
    for _, server in ipairs(ready) do
        if server.matches < server.capacity and server.seats >= least and server.seats <= most then
            redis.call('HSET', 'match:' .. new_id, 'server', server.id, 'epoch', 1, 'seats', server.seats, 'open', 1)
            return new_id
        end
    end
end

local function find_match(size)
    local before = sizes_before(group)
    if #before == 0 then
        return open_match(size, MOST_SEATS) or new_match(size, MOST_SEATS) or last_resort
    end
    local rooms = all_rooms()
    for _, other in ipairs(before) do
        set_aside(rooms, other)
    end
    for _, room in ipairs(rooms) do
        if room.count > 0 and room.left >= size then
            local id = room.free and open_match(room.free, room.free)
                or room.seats and new_match(room.seats, room.seats)
            if id then
                return id
            end
        end
    end
    return last_resort
end

if #missing > 0 then
    if target then
        local match = hash('match:' .. target)
        if not free_seats(match, #missing) or who_left(match) == 'out' then
            return { 'party full', '', {} }
        end
    end
    target = target or find_match(#missing)
    if not target then
        stand_in_line(group, #missing)
        return { #ready > 0 and 'full' or 'no servers', '', {} }
    end
    local match = hash('match:' .. target)
    for i, number in ipairs(free_seats(match, #missing)) do
        local player = missing[i]
        hold(match.server, target, number, player, nonces[player], now + HOLD)
        seated[player] = { server = match.server, id = target, number = number, nonce = nonces[player] }
    end
end
if code ~= '' then
    redis.call('HSET', 'party:' .. code, 'match', target)
    redis.call('HSET', 'match:' .. target, 'party', code)
end

-- Who asks again has lost the ticket, or it has run out, so there is another. Until that is used, who sits there goes on sitting.
local own = seated[asker]
if own.kind == 'held' then
    hold(own.server, own.id, own.number, asker, nonces[asker], now + HOLD)
elseif own.kind == 'taken' then
    write_seat(own.id, own.number, 'taken', asker, own.nonce, own.time, nonces[asker], now + HOLD)
end
own.nonce = nonces[asker]
redis.call('EXPIRE', 'match:' .. target, MATCH_KEPT)
leave_line(group)
sort_in(target)

local given = {}
for i, player in ipairs(players) do
    local seat = seated[player]
    given[i] = { player, seat.server, seat.id, tostring(seat.number), seat.nonce }
end
return { 'seated', tostring(seconds), given }
