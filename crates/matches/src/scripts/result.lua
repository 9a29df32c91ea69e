-- What has come of a match: its result, as JSON; an empty text while it is not over; nothing where nobody knows of it.
--
-- ARGV: the match
local id = ARGV[1]
local result = redis.call('GET', 'result:' .. id)
return result or redis.call('EXISTS', 'match:' .. id) == 1 and ''
