-- Put a dead letter back on its stream, for the group that parked it alone.
-- KEYS dead, stream · ARGV id, group → 1 | 0 when it is gone
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if not found[1] then return 0 end
local fields = found[1][2]
local entry, kind = {}, '?'
for i = 7, #fields, 2 do
  if fields[i] == 'kind' then
    kind = fields[i + 1]
  elseif fields[i] ~= 'only' then
    entry[#entry + 1] = fields[i]
    entry[#entry + 1] = fields[i + 1]
  end
end
redis.call('XADD', KEYS[2], '*', 'kind', kind, 'only', ARGV[2], unpack(entry))
redis.call('XDEL', KEYS[1], ARGV[1])
return 1
