-- The answer to a part was lost, and the network tells by itself what became of it: wait for that.
-- KEYS lease, claim · ARGV token, part, word_ms → 1 | -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= 'sent' then
  local t = redis.call('TIME')
  local until_ms = t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[3]
  redis.call('HSET', KEYS[2], ARGV[2], 'w:' .. until_ms)
end
return 1
