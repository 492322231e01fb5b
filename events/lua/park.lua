-- Move an entry that cannot be handled to its group's dead letters, with the reason.
-- KEYS lease, stream, attempts, dead, turn
-- ARGV token, group, entry, error, attempts, closes, fields of the entry… → 1 | 0 | -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('XACK', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
redis.call('HDEL', KEYS[3], ARGV[2] .. '|' .. ARGV[3])
if ARGV[6] ~= '' and redis.call('HGET', KEYS[5], 'id') == ARGV[6] then redis.call('DEL', KEYS[5]) end
redis.call('XADD', KEYS[4], '*', 'entry', ARGV[3], 'error', ARGV[4], 'attempts', ARGV[5], unpack(ARGV, 7))
return 1
