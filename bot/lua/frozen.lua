-- KEYS freezes → how many of them hold
return redis.call('EXISTS', unpack(KEYS))
