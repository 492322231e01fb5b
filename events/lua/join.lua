-- Finish a message by putting it into the conversation's open turn and setting the turn's timer.
-- KEYS lease, stream, attempts, timers, timer-events, turn
-- ARGV token, group, entry, wait_ms, turn id if none is open, the message, TurnReady's data up to
--      revision and messages, then TurnReady's other fields (without turn and data)
-- → 1 done, 0 was done, -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('XACK', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
redis.call('HDEL', KEYS[3], ARGV[2] .. '|' .. ARGV[3])
local id, messages = ARGV[5], ARGV[6]
local open = redis.call('HMGET', KEYS[6], 'id', 'messages', 'revision')
if open[1] and tonumber(open[3]) < 30 then
  id, messages = open[1], open[2] .. ',' .. messages
elseif open[1] then
  redis.call('DEL', KEYS[6]) -- a flood is many turns: an ever longer one would cost its square
end
local revision = redis.call('HINCRBY', KEYS[6], 'revision', 1)
redis.call('HSET', KEYS[6], 'id', id, 'messages', messages)
redis.call('EXPIRE', KEYS[6], 3600)
local data = ARGV[7] .. ',"revision":' .. revision .. ',"messages":[' .. messages .. ']}'
local event = { 'kind' , 'TurnReady', 'turn', id, 'data', data }
for i = 8, #ARGV do event[#event + 1] = ARGV[i] end
local wait = tonumber(ARGV[4])
if wait <= 0 then
  redis.call('XADD', KEYS[2], '*', unpack(event))
else
  local t = redis.call('TIME')
  redis.call('ZADD', KEYS[4], t[1] * 1000 + math.floor(t[2] / 1000) + wait, id)
  redis.call('HSET', KEYS[5], id, cmsgpack.pack(event))
end
return 1
