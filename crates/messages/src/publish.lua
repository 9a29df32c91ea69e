-- Takes a message into the history and passes it on, once for each key.
--
-- Redis runs a script to its end before anything else, so no two of these mix: of two tries under one key, the second
-- finds what the first has done. Nor is it ever done by half. A Redis that is full refuses the first write, or none.
--
-- KEYS: the history; where the message's key is remembered, if it has one
-- ARGV: the message; the channel; how many messages are kept; for how many seconds the key is remembered
local known = KEYS[2] and redis.call('GET', KEYS[2])
if known then
    return {1, known}
end
-- The ~ lets Redis drop whole blocks of old messages when they are due, which costs it nearly nothing. A few more than
-- asked for are kept.
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'message', ARGV[1])
local payload = id .. ' ' .. ARGV[1]
if KEYS[2] then
    redis.call('SET', KEYS[2], payload, 'EX', ARGV[4])
end
redis.call('PUBLISH', ARGV[2], payload)
return {0, payload}
