-- Who waits for seats.
--
-- Small groups find a place sooner than large ones, so one that asked later could be served before one that waits, again and
-- again. So whoever found nothing stands in line, and who comes later gets what those before would leave over.
--
-- What stands where:
--   waiting    a sorted set: the groups in line, by when they asked first
--   asking     a hash: of each group, how many they are, and when they asked last

-- Who has not asked for so long has given up.
local GIVEN_UP = 5000

-- How many of the line are looked at. There are never seats for more at once.
local LOOKED_AT = 200

local function leave_line(group)
    redis.call('ZREM', 'waiting', group)
    redis.call('HDEL', 'asking', group)
end

local function stand_in_line(group, size)
    -- In microseconds: in one millisecond several may come.
    redis.call('ZADD', 'waiting', 'NX', seconds * 1000000 + clock[2], group)
    redis.call('HSET', 'asking', group, size .. ' ' .. now)
    redis.call('EXPIRE', 'waiting', KEPT)
    redis.call('EXPIRE', 'asking', KEPT)
end

-- The sizes of the groups that came before this one, the oldest first.
local function sizes_before(group)
    local rank = redis.call('ZRANK', 'waiting', group) or LOOKED_AT
    local last = math.min(rank, LOOKED_AT) - 1
    local before = last >= 0 and redis.call('ZRANGE', 'waiting', 0, last) or {}
    if #before == 0 then
        return {}
    end
    local sizes = {}
    for i, asked in ipairs(redis.call('HMGET', 'asking', unpack(before))) do
        local size, last_asked = string.match(asked or '', '^(%d+) (%d+)$')
        if size and tonumber(last_asked) > now - GIVEN_UP then
            sizes[#sizes + 1] = tonumber(size)
        else
            leave_line(before[i])
        end
    end
    return sizes
end
