-- The party of a player, who has been seen by this.
--
-- ARGV: the player
local party = party_of(ARGV[1])
return party and told(party) or false
