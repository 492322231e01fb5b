-- One fenced read of a partition for all its groups; due timers become events on the way.
-- A group acknowledges here, undecoded, the kinds it does not handle and replays meant for others.
-- KEYS lease, stream, timers, timer-events
-- ARGV token, then group, kinds (",A,B," or "*"), count for each group
-- → -1 lost | { ms until the next timer or -1, last id, { group, more?, {entries} }… }
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local next_due = -1
if redis.call('EXISTS', KEYS[3]) == 1 then
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 200)) do
    if redis.call('ZREM', KEYS[3], key) == 1 then
      local event = redis.call('HGET', KEYS[4], key)
      redis.call('HDEL', KEYS[4], key)
      if event then redis.call('XADD', KEYS[2], '*', unpack(cmsgpack.unpack(event))) end
    end
  end
  local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  if first[2] then next_due = math.max(0, first[2] - now) end
end
local out, last = {}, ''
for i = 2, #ARGV, 3 do
  local group, kinds, count = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  if count > 0 then
    local read = redis.call('XREADGROUP', 'GROUP', group, 'c', 'COUNT', count, 'STREAMS', KEYS[2], '>')
    if read then
      local entries, wanted, skipped = read[1][2], {}, {}
      for _, entry in ipairs(entries) do
        local fields = entry[2]
        local known = fields[1] == 'kind' and fields[2] or '?'
        local mine = fields[3] ~= 'only' or fields[4] == group
        if mine and (kinds == '*' or string.find(kinds, ',' .. known .. ',', 1, true)) then
          wanted[#wanted + 1] = entry
        else
          skipped[#skipped + 1] = entry[1]
        end
      end
      if #skipped > 0 then redis.call('XACK', KEYS[2], group, unpack(skipped)) end
      last = entries[#entries][1]
      out[#out + 1] = { group, #entries == count and 1 or 0, wanted }
    end
  end
end
return { next_due, last, unpack(out) }
