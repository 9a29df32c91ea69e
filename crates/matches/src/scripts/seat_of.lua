-- Where a player sits: the server, the match, the seat, whether they have come, and whether the match waits for another server.
-- Nothing where the match is lost.
--
-- ARGV: the player
local seat = seat_of(ARGV[1])
if not seat or not is_kept(seat) then
    return false
end
local is_moving = not server_of(seat.server)
local server = seat.server
if server == NOBODY then
    server = redis.call('HGET', 'match:' .. seat.id, 'last')
end
return { server, seat.id, seat.number, seat.kind, is_moving and 1 or 0 }
