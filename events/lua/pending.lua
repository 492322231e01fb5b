-- A page of what a predecessor left unacknowledged, in order.
-- KEYS lease, stream · ARGV token, group, after, count → -1 lost | { entries }
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local read = redis.call('XREADGROUP', 'GROUP', ARGV[2], 'c', 'COUNT', ARGV[4], 'STREAMS', KEYS[2], ARGV[3])
return read and read[1][2] or {}
