-- Takes somebody into a party, and out of any other.
--
-- ARGV: the player; the name; the code
local player, name, code = ARGV[1], ARGV[2], ARGV[3]
local party = read_party(code)
if not party then
    return { 'none', '', {} }
end
if not member_of(party, player) then
    if #party.members >= MEMBERS then
        return { 'full', '', {} }
    end
    local other = party_of(player)
    if other then
        drop_member(other.code, player)
    end
    add_member(code, player, name)
end
return told(party_of(player))
