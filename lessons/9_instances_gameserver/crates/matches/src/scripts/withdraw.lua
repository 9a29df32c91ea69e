-- Takes a server out of the directory, with all its matches.
--
-- ARGV: the server
local server = ARGV[1]
for _, id in ipairs(redis.call('ZRANGE', 'matches:' .. server, 0, -1)) do
    end_match(id)
end
redis.call('DEL', 'server:' .. server, 'matches:' .. server, 'open:' .. server)
redis.call('SREM', 'servers', server)
redis.call('SET', 'withdrawn:' .. server, 1, 'EX', KEPT)
