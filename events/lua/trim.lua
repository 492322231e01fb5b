-- Forget what every registered group has acknowledged, and nothing else.
-- KEYS lease, stream · ARGV token → entries removed, -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('EXISTS', KEYS[2]) == 0 then return 0 end
local function split(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return ms, seq
end
local function older(a, b)
  local am, as = split(a)
  local bm, bs = split(b)
  if #am ~= #bm then return #am < #bm end
  if am ~= bm then return am < bm end
  if #as ~= #bs then return #as < #bs end
  return as < bs
end
local oldest
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[2])) do
  local of = {}
  for i = 1, #group, 2 do of[group[i]] = group[i + 1] end
  local keep = of['last-delivered-id']
  if of['pending'] > 0 then keep = redis.call('XPENDING', KEYS[2], of['name'])[2] end
  if not oldest or older(keep, oldest) then oldest = keep end
end
if not oldest then return 0 end
return redis.call('XTRIM', KEYS[2], 'MINID', oldest)
