-- Finish a message, or the reading of its file, by putting it into the conversation's open turn and
-- setting the turn's timer.
-- KEYS lease, stream, attempts, timers, timer-events, turn, history
-- ARGV token, group, entry, wait_ms, longest_ms, media_ms, pending, reading ('' for a message),
--      history line, message id, turn id if none is open, the message, TurnReady's data up to
--      revision and messages, n, field… of one more event, then TurnReady's other fields (without
--      turn and data)
-- → 1 done, 0 was done, -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('XACK', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
redis.call('HDEL', KEYS[3], ARGV[2] .. '|' .. ARGV[3])
local reading, id = ARGV[8], ARGV[11]
local open = redis.call('HMGET', KEYS[6], 'id', 'messages', 'revision', 'readings', 'pending', 'began')
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local messages, readings, pending = open[2] or '', open[4] or '', tonumber(open[5] or '0')
local began = tonumber(open[6] or now)
local known = open[1] and string.find(messages, ARGV[10], 1, true)
if reading ~= '' and ARGV[9] ~= '' and redis.call('RPUSHX', KEYS[7], ARGV[9]) > 40 then
  redis.call('LTRIM', KEYS[7], -40, -1)
end
if reading ~= '' and not known and ARGV[9] == '' then return 1 end
if open[1] and (known or tonumber(open[3]) < 30) then
  id = open[1]
elseif open[1] then
  redis.call('DEL', KEYS[6]) -- a flood is many turns: an ever longer one would cost its square
  messages, readings, pending, began = '', '', 0, now
end
if not known then
  messages = messages == '' and ARGV[12] or messages .. ',' .. ARGV[12]
  if reading == '' then pending = pending + tonumber(ARGV[7]) end
elseif reading ~= '' then
  pending = math.max(pending - 1, 0)
end
if reading ~= '' then readings = readings == '' and reading or readings .. ',' .. reading end
local revision = redis.call('HINCRBY', KEYS[6], 'revision', 1)
redis.call('HSET', KEYS[6], 'id', id, 'messages', messages, 'began', began)
if pending > 0 or open[5] then redis.call('HSET', KEYS[6], 'pending', pending) end
if readings ~= '' then redis.call('HSET', KEYS[6], 'readings', readings) end
redis.call('EXPIRE', KEYS[6], 3600)
local data = ARGV[13] .. ',"revision":' .. revision .. ',"messages":[' .. messages .. ']'
if readings ~= '' then data = data .. ',"readings":[' .. readings .. ']' end
if pending > 0 then data = data .. ',"pending":' .. pending end
local event, more = { 'kind', 'TurnReady', 'turn', id, 'data', data .. '}' }, tonumber(ARGV[14])
for i = 15 + more, #ARGV do event[#event + 1] = ARGV[i] end
if more > 0 then redis.call('XADD', KEYS[2], '*', unpack(ARGV, 15, 14 + more)) end
local wait = math.min(tonumber(ARGV[4]), began + tonumber(ARGV[5]) - now)
if pending > 0 then wait = tonumber(ARGV[6]) end
if wait <= 0 then
  if open[1] then
    redis.call('ZREM', KEYS[4], id)
    redis.call('HDEL', KEYS[5], id)
  end
  redis.call('XADD', KEYS[2], '*', unpack(event))
else
  redis.call('HSET', KEYS[6], 'longest', began + tonumber(ARGV[5]))
  redis.call('ZADD', KEYS[4], now + wait, id)
  redis.call('HSET', KEYS[5], id, cmsgpack.pack(event))
end
return 1
