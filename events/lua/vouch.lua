-- The network speaks of a part, so it has it: it must not be sent again.
-- KEYS claim · ARGV part → 1 when the part was under way
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], 'sent')
return 1
