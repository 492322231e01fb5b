-- One holder takes a wish, and no other one ever; the same one may ask again.
-- KEYS wish, waiting · ARGV key, holder, ttl_s → body, or nothing
redis.call('LREM', KEYS[2], 0, ARGV[1])
local state, by = unpack(redis.call('HMGET', KEYS[1], 'state', 'by'))
if state ~= 'waiting' and (state ~= 'taken' or by ~= ARGV[2]) then return false end
redis.call('HSET', KEYS[1], 'state', 'taken', 'by', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return redis.call('HGET', KEYS[1], 'body')
