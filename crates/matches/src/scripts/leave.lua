-- Gives up the seat of a player, and the place in line.
--
-- Who sits there is connected to the game server, so the seat is not free before that has let go.
--
-- ARGV: the player
local player = ARGV[1]
leave_line(player)
local seat = seat_of(player)
redis.call('DEL', 'seat:' .. player)
if not seat then
    return
end
if seat.kind == 'held' then
    end_hold(seat.server, seat.id, seat.number, player)
else
    write_seat(seat.id, seat.number, 'leaving', player, seat.nonce, now)
    redis.call('HSET', 'match:' .. seat.id, 'left:' .. player, 'left')
end
sort_in(seat.id)
