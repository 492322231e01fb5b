-- Money for a call, before the call: taken from the shop's day and the customer's, or from neither.
-- KEYS the shop's day, the customer's day
-- ARGV micros, the shop's cap, the customer's cap (0 is none), ttl_s → 0 taken, 1 shop, 2 customer
local micros = tonumber(ARGV[1])
for i = 1, 2 do
  local cap = tonumber(ARGV[i + 1])
  local spent = tonumber(redis.call('GET', KEYS[i]) or '0')
  if cap > 0 and micros > 0 and spent + micros > cap then return i end
end
for i = 1, 2 do
  redis.call('INCRBY', KEYS[i], micros)
  redis.call('EXPIRE', KEYS[i], ARGV[4])
end
return 0
