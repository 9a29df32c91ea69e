-- Friends who play together.
--
-- What stands where:
--   party:CODE        a hash: the match that it plays, how many have ever joined (count), and of each member under member:PLAYER
--                     their place in the order, when they were seen last, and their name
--   partyof:PLAYER    the code of a player's party. The party has the truth, so this is checked, and written again, whenever it is read

-- How many friends there may be, how long nobody has seen who is dropped, and how often it is worth writing that somebody was seen.
local MEMBERS, GONE, SEEN_EVERY = 8, 90000, 10000

-- How long a party is kept that nobody does anything with, in seconds.
local IDLE = 1800

local function drop_member(code, player)
    redis.call('HDEL', 'party:' .. code, 'member:' .. player)
    if redis.call('GET', 'partyof:' .. player) == code then
        redis.call('DEL', 'partyof:' .. player)
    end
end

local function dissolve(code)
    for field in pairs(hash('party:' .. code)) do
        local player = string.match(field, '^member:(%x+)$')
        if player then
            drop_member(code, player)
        end
    end
    redis.call('DEL', 'party:' .. code)
end

-- Whether somebody is in this party and in no other. What says so is written again where it is not there.
local function belongs_to(code, player)
    local other = redis.call('GET', 'partyof:' .. player)
    if other ~= code then
        if other and redis.call('HEXISTS', 'party:' .. other, 'member:' .. player) == 1 then
            return false
        end
        redis.call('SET', 'partyof:' .. player, code, 'EX', IDLE)
    end
    return true
end

-- A party, without those who have not been seen for long. Nothing if there is none, or its match is over.
local function read_party(code)
    local fields = hash('party:' .. code)
    if fields.match and redis.call('EXISTS', 'result:' .. fields.match) == 1 then
        dissolve(code)
        return nil
    end
    local members = {}
    for field, text in pairs(fields) do
        local player = string.match(field, '^member:(%x+)$')
        if player then
            local number, seen, name = string.match(text, '^(%d+) (%d+) (.*)$')
            if tonumber(seen) < now - GONE or not belongs_to(code, player) then
                drop_member(code, player)
            else
                members[#members + 1] =
                    { player = player, number = tonumber(number), seen = tonumber(seen), name = name }
            end
        end
    end
    if #members == 0 then
        redis.call('DEL', 'party:' .. code)
        return nil
    end
    table.sort(members, function(one, other) return one.number < other.number end)
    return { code = code, members = members, match = fields.match }
end

local function member_of(party, player)
    for _, member in ipairs(party.members) do
        if member.player == player then
            return member
        end
    end
end

local function write_member(code, player, number, name)
    redis.call('HSET', 'party:' .. code, 'member:' .. player, number .. ' ' .. now .. ' ' .. name)
    redis.call('EXPIRE', 'party:' .. code, IDLE)
    redis.call('SET', 'partyof:' .. player, code, 'EX', IDLE)
end

local function add_member(code, player, name)
    write_member(code, player, redis.call('HINCRBY', 'party:' .. code, 'count', 1), name)
end

-- The party of a player, who has been seen by this.
local function party_of(player)
    local code = redis.call('GET', 'partyof:' .. player)
    local party = code and read_party(code)
    local member = party and member_of(party, player)
    if not member then
        redis.call('DEL', 'partyof:' .. player)
        return nil
    end
    if member.seen < now - SEEN_EVERY then
        write_member(code, player, member.number, member.name)
    end
    return party
end

-- A party as it is told: its code, its match if that is there or will be in a moment, and its members.
local function told(party)
    local members = {}
    for i, member in ipairs(party.members) do
        members[i] = { member.player, member.name }
    end
    local server = party.match and redis.call('HGET', 'match:' .. party.match, 'server')
    local is_there = server and (server_of(server) or is_recoverable(party.match, server))
    return { party.code, is_there and party.match or '', members }
end
