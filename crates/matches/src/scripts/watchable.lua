-- The match that has the most players: its server, its id, and the time in seconds.
local most, found = 0, false
for _, server in ipairs(ready_servers()) do
    local first = redis.call('ZREVRANGE', 'matches:' .. server.id, 0, 0, 'WITHSCORES')
    local players = tonumber(first[2] or 0)
    if players > most then
        most, found = players, { server.id, first[1], seconds }
    end
end
return found
