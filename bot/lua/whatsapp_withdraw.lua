-- A wish that nobody has taken is gone; one that was taken stays, for nobody knows how it ends.
-- KEYS wish, waiting · ARGV key → state, answer
if redis.call('HGET', KEYS[1], 'state') == 'waiting' then
  redis.call('DEL', KEYS[1])
  redis.call('LREM', KEYS[2], 0, ARGV[1])
end
return redis.call('HMGET', KEYS[1], 'state', 'answer')
