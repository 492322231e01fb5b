-- Dedupe, silence when a person spoke, history, append: all or nothing.
-- KEYS seen, stream, history, silence
-- ARGV remember_s, limit, history_line, history_cap, silence_ms, fields…
-- → 1 appended, 0 known already, -1 the partition is full
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('XLEN', KEYS[2]) >= tonumber(ARGV[2]) then return -1 end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
if ARGV[5] ~= '0' then redis.call('SET', KEYS[4], '1', 'PX', ARGV[5]) end
if ARGV[3] ~= '' and redis.call('RPUSHX', KEYS[3], ARGV[3]) > tonumber(ARGV[4]) then
  redis.call('LTRIM', KEYS[3], -ARGV[4], -1)
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 6))
return 1
