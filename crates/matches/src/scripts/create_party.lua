-- Makes a party with one member. Whoever is in one already gets that one.
--
-- ARGV: the player; the name; a code that nobody has
local player, name, code = ARGV[1], ARGV[2], ARGV[3]
local party = party_of(player)
if not party then
    add_member(code, player, name)
    party = read_party(code)
end
return told(party)
