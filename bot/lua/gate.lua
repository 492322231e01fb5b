-- May a send leave? All rates or none are charged. The first one, the account's, may be booked ahead
-- of time, which keeps the many who wait for it in order; a chat's own rate never is, so that nobody
-- waits for a chat that has to.
-- KEYS per rate: bucket, freeze · ARGV horizon_ms, per rate: every_ms, burst → wait_ms, booked
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local account, chat, frozen, due = 0, 0, 0, {}
for i = 1, #KEYS / 2 do
  frozen = math.max(frozen, redis.call('PTTL', KEYS[2 * i]))
  local every, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local from = math.max(tonumber(redis.call('GET', KEYS[2 * i - 1]) or '0'), now)
  local wait = math.max(from - (burst - 1) * every - now, 0)
  if i == 1 then account = wait else chat = math.max(chat, wait) end
  due[i] = from + every
end
if frozen > 0 then return { frozen, 0 } end
if chat > 0 then return { math.max(chat, account), 0 } end
if account > tonumber(ARGV[1]) then return { account, 0 } end
for i = 1, #KEYS / 2 do
  -- A booked send leaves `account` ms from now, and its chat counts from then.
  if i > 1 then due[i] = due[i] + account end
  redis.call('SET', KEYS[2 * i - 1], due[i], 'PX', math.ceil(due[i] - now) + 1000)
end
return { account, 1 }
