-- Where a player sits: the server, the match, the seat, and whether they have come. Nothing where the server is lost.
--
-- ARGV: the player
local seat = seat_of(ARGV[1])
if seat and server_of(seat.server) then
    return { seat.server, seat.id, seat.number, seat.kind }
end
return false
