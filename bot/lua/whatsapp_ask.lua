-- Something is wished of a WhatsApp session, once per key; what ended "later" may be wished again.
-- KEYS wish, waiting · ARGV key, body, ttl_s → state, answer
local state, again = unpack(redis.call('HMGET', KEYS[1], 'state', 'again'))
if not state or (state == 'ended' and again == '1') then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'state', 'waiting', 'body', ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('LREM', KEYS[2], 0, ARGV[1])
  redis.call('RPUSH', KEYS[2], ARGV[1])
end
return redis.call('HMGET', KEYS[1], 'state', 'answer')
