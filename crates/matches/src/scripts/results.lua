-- How a match ends.
--
-- What stands where:
--   result:MATCH    what has come of it, as JSON
--   recorded:MATCH  who has said so: SERVER EPOCH, or nobody where it was the directory

-- How long a result is kept, and how long what was set aside, in seconds.
local RESULT_KEPT, ASIDE_KEPT = 3600, 86400

-- Ends a match with this result, and its party with it.
local function record(id, result, by)
    redis.call('SET', 'result:' .. id, result, 'EX', RESULT_KEPT)
    redis.call('SET', 'recorded:' .. id, by, 'EX', RESULT_KEPT)
    local match = end_match(id)
    if match.party and redis.call('HGET', 'party:' .. match.party, 'match') == id then
        dissolve(match.party)
    end
end

-- Ends a match that nobody can go on with. Its checkpoint is set aside for whoever wants to know why.
local function give_up(id, why)
    local kept, aside = 'checkpoint:' .. id, 'aside:' .. id
    local tick = tonumber(redis.call('HGET', kept, 'tick') or 0) or 0
    if redis.call('EXISTS', kept) == 1 then
        redis.call('RENAME', kept, aside)
        redis.call('HSET', aside, 'why', why)
        redis.call('EXPIRE', aside, ASIDE_KEPT)
    end
    record(id, string.format('{"winner":null,"tick":%d,"cancelled":"unrecoverable"}', tick), NOBODY)
end
