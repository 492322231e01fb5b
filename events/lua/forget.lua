-- Take a conversation's entries out of a stream, but for those that a group is working at.
-- KEYS stream · ARGV conversation, after, count → { where to go on or '', taken out, left }
if redis.call('EXISTS', KEYS[1]) == 0 then return { '', 0, 0 } end
local entries = redis.call('XRANGE', KEYS[1], ARGV[2], '+', 'COUNT', ARGV[3])
local groups = {}
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  for i = 1, #flat, 2 do
    if flat[i] == 'name' then groups[#groups + 1] = flat[i + 1] end
  end
end
local gone, left = 0, 0
for _, entry in ipairs(entries) do
  local theirs, busy = false, false
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'conversation' and entry[2][i + 1] == ARGV[1] then theirs = true end
  end
  if theirs then
    for _, group in ipairs(groups) do
      if #redis.call('XPENDING', KEYS[1], group, entry[1], entry[1], 1) > 0 then busy = true end
    end
    if busy then left = left + 1 else gone = gone + redis.call('XDEL', KEYS[1], entry[1]) end
  end
end
local more = #entries == tonumber(ARGV[3])
return { more and '(' .. entries[#entries][1] or '', gone, left }
