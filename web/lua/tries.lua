-- Counts one try, and makes each block twice as long as the one before.
-- KEYS tries, blocks · ARGV limit, window_ms, longest_ms → {how many ms to wait, tries left}
local limit, window, longest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
if used >= limit then return {math.max(redis.call('PTTL', KEYS[1]), 1), 0} end
used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('PEXPIRE', KEYS[1], window) end
if used >= limit then
  local blocks = redis.call('INCR', KEYS[2])
  redis.call('PEXPIRE', KEYS[2], longest)
  redis.call('PEXPIRE', KEYS[1], math.min(longest, window * 2 ^ (blocks - 1)))
end
return {0, limit - used}
