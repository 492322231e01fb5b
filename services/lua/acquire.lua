-- KEYS lease, epoch · ARGV holder, ttl_ms → the fencing token, or 0 while another one holds it
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local token = ARGV[1] .. ':' .. redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token
