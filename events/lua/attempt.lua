-- Count a delivery before it is made (or take the count back: a Retry never counts).
-- KEYS lease, attempts · ARGV token, "group|entry", by → -1 lost | attempts so far
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local attempts = redis.call('HINCRBY', KEYS[2], ARGV[2], ARGV[3])
if attempts <= 0 then redis.call('HDEL', KEYS[2], ARGV[2]) end
return attempts
