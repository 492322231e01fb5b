-- One line of a web chat, once per key. KEYS chat, seen, thumbs · ARGV key, keep, ttl_s, line → entry id
local known = redis.call('HGET', KEYS[2], ARGV[1])
if known then return known end
local id = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[2], '*', 'line', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], id)
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('EXPIRE', KEYS[3], ARGV[3])
return id
