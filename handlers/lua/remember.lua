-- A conversation's history was not in memory: put down what was read, unless somebody was faster.
-- KEYS history   ARGV keep_s, lines…   → the lines
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('RPUSH', KEYS[1], unpack(ARGV, 2))
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return redis.call('LRANGE', KEYS[1], 0, -1)
