-- The customer is writing, or stopped: an open turn waits for it, never past its longest wait, and
-- never less than a file of its takes.
-- KEYS timers, turn ; ARGV wait_ms, writing (1) or stopped (0) → 1 the wait changed, 0 nothing waits
local open = redis.call('HMGET', KEYS[2], 'id', 'longest', 'pending')
if not open[1] or not open[2] then return 0 end
local due = tonumber(redis.call('ZSCORE', KEYS[1], open[1]) or '')
if not due or tonumber(open[3] or '0') > 0 then return 0 end
local t = redis.call('TIME')
local wanted = math.min(t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[1]), tonumber(open[2]))
if (ARGV[2] == '1') == (wanted > due) then redis.call('ZADD', KEYS[1], wanted, open[1]) end
return 1
