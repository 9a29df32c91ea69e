-- Ends a match: its seats are free, its party is dissolved, and its result is recorded once.
--
-- ARGV: the server; the match; the result
local server, id = ARGV[1], ARGV[2]
local owner = redis.call('HGET', 'match:' .. id, 'server')
if owner and owner ~= server then
    return
end
redis.call('SET', 'result:' .. id, ARGV[3], 'EX', 3600, 'NX')
local match = end_match(id)
if match.party and redis.call('HGET', 'party:' .. match.party, 'match') == id then
    dissolve(match.party)
end
