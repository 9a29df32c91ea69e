-- Takes a message into the history and passes it on: once for each key, and as often as its sender may speak.
--
-- Redis runs a script to its end before anything else, so no two of these mix: of two tries under one key, the second
-- finds what the first has done. Nor is it ever done by half. A Redis that is full refuses the first write, or none.
--
-- KEYS: the history; until when its sender has spoken; under which the message's id is remembered, if it has a key
-- ARGV: the message; the channel; how many messages are kept; for how many seconds the id is remembered; the
--       milliseconds that each message counts; how many may be said at once
local known = KEYS[3] and redis.call('GET', KEYS[3])
if known then
    -- The message itself stands in the history, as long as that reaches back to it.
    local entry = redis.call('XRANGE', KEYS[1], known, known)[1]
    return {'repeated', known, entry and entry[2][2] or false}
end

-- Each message takes the sender so much time, and nobody may be further ahead than what may be said at once. So one
-- number is all that has to be remembered, and it is forgotten when it has come true. It is called GCRA.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local spoken = math.max(now, tonumber(redis.call('GET', KEYS[2]) or 0)) + ARGV[5]
local ahead = spoken - now
local wait = ahead - ARGV[5] * ARGV[6]
if wait > 0 then
    return {'too many', string.format('%.0f', math.ceil(wait)), false}
end

-- The ~ lets Redis drop whole blocks of old messages when they are due, which costs it nearly nothing. A few more than
-- asked for are kept.
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'message', ARGV[1])
redis.call('SET', KEYS[2], string.format('%.3f', spoken), 'PX', math.ceil(ahead))
if KEYS[3] then
    redis.call('SET', KEYS[3], id, 'EX', ARGV[4])
end
redis.call('PUBLISH', ARGV[2], id .. ' ' .. ARGV[1])
return {'said', id, false}
