-- The network accepted a part: from now on it is a duplicate.
-- KEYS lease, claim · ARGV token, part → 1 | -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('HSET', KEYS[2], ARGV[2], 'sent')
return 1
