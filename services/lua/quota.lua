-- At most so many different names within a rolling window; who was counted stays counted once.
-- KEYS names ; ARGV name, most, window_ms → 0 it may, or milliseconds until there is room
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
local most = tonumber(ARGV[2])
if most < 1 then return tonumber(ARGV[3]) end
if redis.call('ZCARD', KEYS[1]) >= most then
  local next = redis.call('ZREVRANGE', KEYS[1], most - 1, most - 1, 'WITHSCORES')
  return math.max(next[2] + ARGV[3] - now, 1)
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 0
