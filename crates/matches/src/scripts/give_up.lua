-- A server cannot go on with a match that it was given.
--
-- ARGV: the server; the match; the epoch; why
local server, id, epoch, why = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local match = hash('match:' .. id)
if match.server and not is_fenced(id, match, server, epoch) then
    give_up(id, why)
end
