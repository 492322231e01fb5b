-- Say that this process lives; forget those that have not said so for a lease.
-- KEYS members · ARGV me, ttl_ms → processes alive
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
-- The removal comes first: a script whose first write frees memory is let through when there is none.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
return redis.call('ZCARD', KEYS[1])
