-- One fenced read of a partition for all its groups; due timers become events on the way.
-- Kinds a group does not handle, and replays meant for others, are stepped over: they are never
-- delivered, so they cost neither a pending entry nor an acknowledgement.
-- KEYS lease, stream, timers, timer-events
-- ARGV token, then group, kinds (",A,B," or "*"), count for each group
-- → -1 lost | { ms until the next timer or -1, last id, { group, more?, {entries} }… }
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
-- Without memory a script may still write when its first write needs none: so reading goes on, what
-- was read is acknowledged and trimmed, and memory comes back.
redis.call('DEL', KEYS[1] .. ':nothing')
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

local delivered = {}
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', KEYS[2])) do
  local of = {}
  for i = 1, #flat, 2 do of[flat[i]] = flat[i + 1] end
  delivered[of['name']] = of['last-delivered-id']
end

local function wants(kinds, group, fields)
  if fields[3] == 'only' and fields[4] ~= group then return false end
  if kinds == '*' or fields[1] ~= 'kind' then return kinds == '*' end
  return string.find(kinds, ',' .. fields[2] .. ',', 1, true) ~= nil
end

local seen = {} -- what lies behind an id: groups that are equally far read it once
local out, last = {}, ''
for i = 2, #ARGV, 3 do
  local group, kinds, count = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  if count > 0 then
    local since = delivered[group]
    if not since then return redis.error_reply('NOGROUP ' .. group) end
    local entries = seen[since]
    if not entries then
      entries = redis.call('XRANGE', KEYS[2], '(' .. since, '+', 'COUNT', 100)
      seen[since] = entries
    end
    local wanted, ids, full, reached = {}, {}, #entries == 100, nil
    for _, entry in ipairs(entries) do
      if wants(kinds, group, entry[2]) then
        if #wanted == count then full = true break end
        wanted[#wanted + 1] = entry
        ids[#ids + 1] = entry[1]
      end
      reached = entry[1]
    end
    if #ids > 0 then
      -- Delivered as XREADGROUP would, without reading the entries a second time.
      for _, word in ipairs({ 'FORCE', 'JUSTID', 'LASTID', reached }) do ids[#ids + 1] = word end
      redis.call('XCLAIM', KEYS[2], group, 'c', 0, unpack(ids))
      out[#out + 1] = { group, full and 1 or 0, wanted }
    elseif reached then
      redis.call('XGROUP', 'SETID', KEYS[2], group, reached)
      if full then out[#out + 1] = { group, 1, wanted } end
    end
    if reached then last = reached end
  end
end
return { next_due, last, unpack(out) }
