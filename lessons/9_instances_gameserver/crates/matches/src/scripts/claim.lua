-- A ticket is used: the seat that is held under its nonce is taken.
--
-- ARGV: the server; the match; the seat; the player; the nonce; when the ticket was made, in seconds
local server, id, number, player, nonce = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local key = 'match:' .. id

if not is_ready(server) then
    return 'draining'
end
local owner, text, released = unpack(redis.call('HMGET', key, 'server', number, 'released:' .. number))
if owner and owner ~= server then
    return 'another server'
end
local seat = read_seat(text)
local is_theirs = seat and seat.player == player

local function take()
    write_seat(id, number, 'taken', player, nonce, now)
    redis.call('SET', 'seat:' .. player, place_of(server, id, number), 'EX', KEPT)
    redis.call('ZREM', 'holds', id .. ' ' .. number)
    keep(key)
    sort_in(id)
    return 'taken'
end

if is_theirs and seat.kind == 'held' and seat.nonce == nonce and seat.time > now then
    -- Whoever was given another seat since, because nobody knew of this one any more, has that.
    local other = seat_of(player)
    if not other or other.place == place_of(server, id, number) or not is_ready(other.server) then
        return take()
    end
    end_hold(server, id, number, player)
    sort_in(id)
    return 'gone'
elseif is_theirs and seat.kind == 'taken' and seat.next == nonce and seat.next_until > now then
    return take()
elseif released == nonce or is_theirs and seat.kind ~= 'held' and seat.nonce == nonce then
    return 'used'
elseif is_theirs and seat.kind == 'held' and seat.nonce ~= nonce then
    return 'used'
end
return tonumber(ARGV[6]) * 1000 + HOLD <= now and 'expired' or 'gone'
