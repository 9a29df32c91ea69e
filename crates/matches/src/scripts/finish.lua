-- Ends a match: its seats are free, its party is dissolved, and its result is recorded once. Gives whether it is this one.
--
-- ARGV: the server; the match; the epoch; the result
local server, id, epoch, result = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local by = server .. ' ' .. epoch
if redis.call('EXISTS', 'result:' .. id) == 1 then
    -- Who got no answer asks again.
    return redis.call('GET', 'recorded:' .. id) == by and 1 or 0
elseif is_fenced(id, hash('match:' .. id), server, epoch) then
    return 0
end
record(id, result, by)
return 1
