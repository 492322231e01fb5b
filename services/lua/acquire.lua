-- KEYS lease, epoch · ARGV holder, ttl_ms → the fencing token, or 0 while another one holds it
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, #ARGV[1] + 1) == ARGV[1] .. ':' then return held end -- a lost answer
if held then return 0 end
local token = ARGV[1] .. ':' .. redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token
