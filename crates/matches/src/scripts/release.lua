-- A game server lets a seat go: its player has gone, or its goat is out for good.
--
-- ARGV: the server; the match; the seat; the player; the nonce; 1 if the goat is out
local server, id, number, player, nonce = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local is_out = ARGV[6] == '1'
local key = 'match:' .. id

local owner, text = unpack(redis.call('HMGET', key, 'server', number))
if owner ~= server then
    return
end
-- What was on its way when this was said does not take the seat again.
redis.call('HSET', key, 'released:' .. number, nonce)
if is_out then
    redis.call('HSET', key, 'left:' .. player, 'out')
end
local seat = read_seat(text)
local is_theirs = seat and seat.player == player and seat.nonce == nonce
if is_theirs and not is_out then
    let_go(server, id, number, seat)
elseif is_out and (not seat or seat.player == player) then
    end_hold(server, id, number, player)
    write_seat(id, number, 'out')
end
sort_in(id)
