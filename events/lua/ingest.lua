-- Dedupe, silence when a person spoke, history, reachability, the time for free answers, append:
-- all or nothing.
-- KEYS seen, stream, history, silence, shut, window, nudge, poll
-- ARGV remember_s, limit, history_line, history_cap, silence_ms (-1 ends it), shut_s (0 opens, -1
--      leaves it), window_ms, somebody spoke, fields…
-- → 1 appended, 0 known already, -1 the partition is full
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if redis.call('XLEN', KEYS[2]) >= tonumber(ARGV[2]) then return -1 end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
if ARGV[5] == '-1' then
  redis.call('DEL', KEYS[4])
elseif ARGV[5] ~= '0' then -- never for shorter than it is silent anyway
  local longest = math.max(redis.call('PTTL', KEYS[4]), tonumber(ARGV[5]))
  redis.call('SET', KEYS[4], 'person', 'PX', longest)
end
if ARGV[8] == '1' then redis.call('DEL', KEYS[7], KEYS[8]) end
if ARGV[6] == '0' then
  redis.call('DEL', KEYS[5])
elseif ARGV[6] ~= '-1' then
  redis.call('SET', KEYS[5], '1', 'EX', ARGV[6])
end
if tonumber(ARGV[7]) > 0 and redis.call('PTTL', KEYS[6]) < tonumber(ARGV[7]) then
  redis.call('SET', KEYS[6], '1', 'PX', ARGV[7])
end
if ARGV[3] ~= '' and redis.call('RPUSHX', KEYS[3], ARGV[3]) > tonumber(ARGV[4]) then
  redis.call('LTRIM', KEYS[3], -ARGV[4], -1)
end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 9))
return 1
