-- All game servers: of each the id, its state, how many matches it has and has room for, how many seats each has, and how many
-- players there are.
local fleet = {}
local ids = redis.call('SMEMBERS', 'servers')
table.sort(ids)
for _, id in ipairs(ids) do
    local fields = hash('server:' .. id)
    if not fields.state then
        -- Nobody has heard of it for a minute.
        redis.call('SREM', 'servers', id)
    else
        local matches = redis.call('ZRANGE', 'matches:' .. id, 0, -1, 'WITHSCORES')
        local players = 0
        for i = 2, #matches, 2 do
            players = players + tonumber(matches[i])
        end
        local state = fields.state
        if not server_of(id) then
            state = 'lost'
        elseif state == 'ready' and #matches > 0 then
            state = 'allocated'
        end
        fleet[#fleet + 1] = { id, state, #matches / 2, tonumber(fields.capacity), tonumber(fields.seats), players }
    end
end
return fleet
