-- May this part of a draft leave now? On the first "go" ReplyDispatched is appended, the turn closed.
-- A part's state: "1:nonce" under way, "2:nonce" for the last time, "w:ms" waits until then for the
-- network to tell, "sent".
-- KEYS lease, stream, turn, silence, claim, history, shut, window, spoken, needed, notes, pause,
--      pause of the account
-- ARGV token, part, turn id, revision, author, resend (0 no, 1 once, 2 always, 3 once after the
--      network's word, 4 no, but the word is waited for), word_ms, windowed, per_minute, nonce,
--      remember_ms, history_line, history_cap, reply, needs, then_silent_ms,
--      written first, poll (1 opens it, 0 closes it, "" leaves it), notes, pausable (1, 0, "never" where
--      no silence holds it either), (note, value)…,
--      fields of ReplyDispatched…
-- → lost | go | again | waiting | silenced | paused | stale | window | unreachable | flood | answered | opted_out
--   | duplicate | uncertain
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'lost' end
local part, resend = ARGV[2], ARGV[6]
local state = redis.call('HGET', KEYS[5], part)
if state == 'sent' then return 'duplicate' end
local hush = ARGV[5] == 'bot' and ARGV[20] ~= 'never' and redis.call('GET', KEYS[4])
if hush and hush ~= ARGV[14] then return 'silenced' end -- its own last word may be finished
if ARGV[20] == '1' and redis.call('EXISTS', KEYS[12], KEYS[13]) > 0 then return 'paused' end
-- What nobody has heard of yet is looked at anew each time: the network may have made it wait.
local ours = state == '1:' .. ARGV[10]
if not state or ours then
  if ARGV[17] == '1' and (redis.call('HGET', KEYS[11], 'opted_out') or '') ~= '' then
    return 'opted_out'
  end
  if redis.call('EXISTS', KEYS[7]) == 1 then return 'unreachable' end
  if redis.call('HGET', KEYS[11], 'restricted') == 'erasing' then return 'unreachable' end
  if ARGV[8] == '1' and redis.call('EXISTS', KEYS[8]) == 0 then return 'window' end
  if ours and part == '0' and ARGV[15] ~= '' and redis.call('GET', KEYS[10]) ~= 'taken ' .. ARGV[15] then
    return 'answered'
  end
end
if state and (resend == '3' or resend == '4') then
  if string.sub(state, 3) == ARGV[10] then
    return string.sub(state, 1, 1) == '2' and 'again' or 'go'
  end
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  if string.sub(state, 1, 2) == '1:' then
    redis.call('HSET', KEYS[5], part, 'w:' .. (now + ARGV[7]))
    return 'waiting'
  end
  if string.sub(state, 1, 2) == 'w:' then
    if now < tonumber(string.sub(state, 3)) then return 'waiting' end
    redis.call('HSET', KEYS[5], part, '2:' .. ARGV[10])
    if resend == '3' then return 'again' end
  end
  return 'uncertain'
end
if state then
  if string.sub(state, 3) == ARGV[10] then return 'go' end
  local again = resend == '2' or (resend == '1' and string.sub(state, 1, 1) == '1')
  if not again then return 'uncertain' end
  redis.call('HSET', KEYS[5], part, '2:' .. ARGV[10])
  return 'go'
end
if part == '0' then
  local open = redis.call('HMGET', KEYS[3], 'id', 'revision')
  if open[1] == ARGV[3] then
    if tonumber(open[2]) > tonumber(ARGV[4]) then return 'stale' end
    redis.call('DEL', KEYS[3])
  end
  if ARGV[5] == 'bot' and ARGV[9] ~= '0' then
    local spoken = redis.call('INCR', KEYS[9])
    if spoken == 1 then redis.call('EXPIRE', KEYS[9], 60) end
    if spoken > tonumber(ARGV[9]) then return 'flood' end
  end
  if ARGV[15] ~= '' then
    if redis.call('GET', KEYS[10]) ~= ARGV[15] then return 'answered' end
    redis.call('SET', KEYS[10], 'taken ' .. ARGV[15], 'KEEPTTL')
  end
  if ARGV[16] ~= '0' then redis.call('SET', KEYS[4], ARGV[14], 'PX', ARGV[16]) end
  local event = 21 + 2 * tonumber(ARGV[19])
  redis.call('XADD', KEYS[2], '*', unpack(ARGV, event))
  if ARGV[18] == '1' then
    redis.call('HSET', KEYS[11], 'csat', ARGV[14])
  elseif ARGV[18] == '0' then
    redis.call('HDEL', KEYS[11], 'csat')
  end
  for i = 21, event - 1, 2 do
    if ARGV[i + 1] == '' then
      redis.call('HDEL', KEYS[11], ARGV[i])
    else
      redis.call('HSET', KEYS[11], ARGV[i], ARGV[i + 1])
    end
  end
  if (event > 21 or ARGV[18] == '1') and redis.call('HEXISTS', KEYS[11], 'opted_out') == 0 then
    redis.call('EXPIRE', KEYS[11], 2592000)
  end
  if ARGV[12] ~= '' and redis.call('RPUSHX', KEYS[6], ARGV[12]) > tonumber(ARGV[13]) then
    redis.call('LTRIM', KEYS[6], -ARGV[13], -1)
  end
end
redis.call('HSET', KEYS[5], part, '1:' .. ARGV[10])
redis.call('PEXPIRE', KEYS[5], ARGV[11])
return 'go'
