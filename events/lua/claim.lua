-- May this part of a draft leave now? On the first "go" ReplyDispatched is appended, the turn closed.
-- KEYS lease, stream, turn, silence, claim, history
-- ARGV token, part, turn id, revision, author, resend (0 no, 1 once, 2 always), nonce, remember_ms,
--      history_line, history_cap, fields of ReplyDispatched…
-- → lost | go | silenced | stale | duplicate | uncertain
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'lost' end
local part = ARGV[2]
local state = redis.call('HGET', KEYS[5], part)
if state == 'sent' then return 'duplicate' end
if ARGV[5] == 'bot' and redis.call('EXISTS', KEYS[4]) == 1 then return 'silenced' end
if state then
  if string.sub(state, 3) == ARGV[7] then return 'go' end
  local again = ARGV[6] == '2' or (ARGV[6] == '1' and string.sub(state, 1, 1) == '1')
  if not again then return 'uncertain' end
  redis.call('HSET', KEYS[5], part, '2:' .. ARGV[7])
  return 'go'
end
if part == '0' then
  local open = redis.call('HMGET', KEYS[3], 'id', 'revision')
  if open[1] == ARGV[3] then
    if tonumber(open[2]) > tonumber(ARGV[4]) then return 'stale' end
    redis.call('DEL', KEYS[3])
  end
  redis.call('XADD', KEYS[2], '*', unpack(ARGV, 11))
  if ARGV[9] ~= '' and redis.call('RPUSHX', KEYS[6], ARGV[9]) > tonumber(ARGV[10]) then
    redis.call('LTRIM', KEYS[6], -ARGV[10], -1)
  end
end
redis.call('HSET', KEYS[5], part, '1:' .. ARGV[7])
redis.call('PEXPIRE', KEYS[5], ARGV[8])
return 'go'
