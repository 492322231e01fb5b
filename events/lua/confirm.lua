-- The network accepted a part: from now on it is a duplicate, and known by the id it got.
-- KEYS lease, claim · ARGV token, part, platform id → 1 | -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[2], ARGV[2], 'sent', 'id:' .. ARGV[2], ARGV[3])
return 1
