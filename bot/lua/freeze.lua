-- The network asked one chat to wait; when it asks a second one within a second, it means everybody.
-- KEYS the account's freeze, the chat's freeze, the last chat that was asked · ARGV chat, ms
-- → 1 when the whole account waits
local last, all = redis.call('GET', KEYS[3]), 0
if last and last ~= ARGV[1] then all = 1 end
for i = 2 - all, 2 do
  local ms = math.max(redis.call('PTTL', KEYS[i]), tonumber(ARGV[2]))
  redis.call('SET', KEYS[i], 1, 'PX', ms)
end
redis.call('SET', KEYS[3], ARGV[1], 'PX', 1000)
return all
