-- So many in a window, which opens with the first. KEYS counter · ARGV limit, window_ms
-- → 0 allowed, else how many ms to wait
local used = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[2])
  redis.call('PEXPIRE', KEYS[1], left)
end
if used > tonumber(ARGV[1]) then return left end
return 0
