-- The customer is writing: an open turn waits for it, never past its longest wait.
-- KEYS timers, turn ; ARGV typing_ms → 1 it waits longer, 0 nothing waits
local open = redis.call('HMGET', KEYS[2], 'id', 'longest')
if not open[1] or not open[2] then return 0 end
local due = redis.call('ZSCORE', KEYS[1], open[1])
if not due then return 0 end
local t = redis.call('TIME')
local later = math.min(t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[1]), tonumber(open[2]))
if later > tonumber(due) then redis.call('ZADD', KEYS[1], later, open[1]) end
return 1
