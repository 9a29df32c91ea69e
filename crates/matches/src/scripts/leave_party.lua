-- Takes a player out of the party. The last one to leave ends it.
--
-- ARGV: the player
local player = ARGV[1]
local party = party_of(player)
if party then
    drop_member(party.code, player)
    read_party(party.code)
end
