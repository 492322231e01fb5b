-- One fenced read of a partition for all its groups; due timers become events on the way.
-- Kinds a group does not handle, and replays meant for others, are stepped over: they are never
-- delivered, so they cost neither a pending entry nor an acknowledgement.
-- KEYS lease, stream, timers, timer-events
-- ARGV token, then group, kinds (",A,B," or "*"), count, how far it has read ('' when that is not
--      known: it costs a look at all groups) for each group
-- → -1 lost | { ms until the next timer or -1, {entries}, { group, more?, how far, place… }… }
-- An entry is told once, however many groups get it: each names its place among the entries.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
-- Without memory a script may still write when its first write needs none: so reading goes on, what
-- was read is acknowledged and trimmed, and memory comes back.
local writing = false
local function writes()
  if not writing then redis.call('DEL', KEYS[1] .. ':nothing') end
  writing = true
end
local next_due = -1
if redis.call('EXISTS', KEYS[3]) == 1 then
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 200)) do
    writes()
    if redis.call('ZREM', KEYS[3], key) == 1 then
      local event = redis.call('HGET', KEYS[4], key)
      redis.call('HDEL', KEYS[4], key)
      if event then redis.call('XADD', KEYS[2], '*', unpack(cmsgpack.unpack(event))) end
    end
  end
  local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  if first[2] then next_due = math.max(0, first[2] - now) end
end

local delivered -- how far each group has read, as the stream knows it
local function known(group)
  if not delivered then
    delivered = {}
    for _, flat in ipairs(redis.call('XINFO', 'GROUPS', KEYS[2])) do
      local of = {}
      for i = 1, #flat, 2 do of[flat[i]] = flat[i + 1] end
      delivered[of['name']] = of['last-delivered-id']
    end
  end
  return delivered[group]
end

local function wants(kinds, group, fields)
  if fields[3] == 'only' and fields[4] ~= group then return false end
  if kinds == '*' or fields[1] ~= 'kind' then return kinds == '*' end
  return string.find(kinds, ',' .. fields[2] .. ',', 1, true) ~= nil
end

local seen = {} -- what lies behind an id: groups that are equally far read it once
local told, places, out = {}, {}, {}
for i = 2, #ARGV, 4 do
  local group, kinds, count = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  if count > 0 then
    local since = ARGV[i + 3] ~= '' and ARGV[i + 3] or known(group)
    if not since then return redis.error_reply('NOGROUP ' .. group) end
    local entries = seen[since]
    if not entries then
      entries = redis.call('XRANGE', KEYS[2], '(' .. since, '+', 'COUNT', 100)
      seen[since] = entries
    end
    local found, ids, full, reached = { group, 0, since }, {}, #entries == 100, nil
    for _, entry in ipairs(entries) do
      if wants(kinds, group, entry[2]) then
        if #ids == count then full = true break end
        if not places[entry[1]] then
          told[#told + 1] = entry
          places[entry[1]] = #told
        end
        found[#found + 1] = places[entry[1]]
        ids[#ids + 1] = entry[1]
      end
      reached = entry[1]
    end
    if reached then
      writes()
      found[2], found[3] = full and 1 or 0, reached
      if #ids > 0 then
        -- Delivered as XREADGROUP would, without reading the entries a second time.
        for _, word in ipairs({ 'FORCE', 'JUSTID', 'LASTID', reached }) do ids[#ids + 1] = word end
        redis.call('XCLAIM', KEYS[2], group, 'c', 0, unpack(ids))
      else
        redis.call('XGROUP', 'SETID', KEYS[2], group, reached)
      end
    end
    if reached or ARGV[i + 3] == '' then out[#out + 1] = found end
  end
end
return { next_due, told, unpack(out) }
