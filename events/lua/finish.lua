-- Acknowledge and apply a handler's effects, atomically; a repeat or a fenced holder changes nothing.
-- KEYS lease, stream, attempts, timers, timer-events, turn, notes, forget…
-- ARGV token, group, entry, counted, closes (a turn, or "open" for whichever is),
--      events, (n, field…)×events, timers, (key, after_ms, n, field…)×timers, (note, value)…
-- → 1 done, 0 was done, -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('XACK', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
if ARGV[4] == '1' then redis.call('HDEL', KEYS[3], ARGV[2] .. '|' .. ARGV[3]) end
local open = ARGV[5] ~= '' and redis.call('HGET', KEYS[6], 'id')
if open and ARGV[5] == 'open' then
  redis.call('ZREM', KEYS[4], open)
  redis.call('HDEL', KEYS[5], open)
end
if open and (ARGV[5] == open or ARGV[5] == 'open') then redis.call('DEL', KEYS[6]) end
for i = 8, #KEYS do redis.call('DEL', KEYS[i]) end
local at = 7
for _ = 1, tonumber(ARGV[6]) do
  local n = tonumber(ARGV[at])
  redis.call('XADD', KEYS[2], '*', unpack(ARGV, at + 1, at + n))
  at = at + n + 1
end
local timers = tonumber(ARGV[at])
at = at + 1
if timers > 0 then
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  for _ = 1, timers do
    local n = tonumber(ARGV[at + 2])
    local event = {}
    for i = at + 3, at + 2 + n do event[#event + 1] = ARGV[i] end
    redis.call('ZADD', KEYS[4], now + ARGV[at + 1], ARGV[at])
    redis.call('HSET', KEYS[5], ARGV[at], cmsgpack.pack(event))
    at = at + n + 3
  end
end
for i = at, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[7], ARGV[i])
  else
    redis.call('HSET', KEYS[7], ARGV[i], ARGV[i + 1])
  end
end
if at < #ARGV then -- a wish to be left alone does not run out
  redis.call('EXPIRE', KEYS[7], 2592000)
  if redis.call('HEXISTS', KEYS[7], 'opted_out') == 1 then redis.call('PERSIST', KEYS[7]) end
end
return 1
