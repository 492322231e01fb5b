-- Finish a message, or the reading of its file, by putting it into the conversation's open turn and
-- setting the turn's timer.
-- KEYS lease, stream, attempts, timers, timer-events, turn, history
-- ARGV token, group, entry, wait_ms, after_question_ms, question, longest_ms, media_ms, pending,
--      reading ('' for a message), history line, message id, turn id if none is open, the message,
--      TurnReady's data up to revision and messages, n, field… of one more event, then TurnReady's
--      other fields (without turn and data)
-- → 1 done, 0 was done, -1 lost
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call('XACK', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 0 end
redis.call('HDEL', KEYS[3], ARGV[2] .. '|' .. ARGV[3])
local reading, id = ARGV[10], ARGV[13]
local open = redis.call('HMGET', KEYS[6], 'id', 'messages', 'revision', 'readings', 'pending', 'began',
  'question')
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local messages, readings, pending = open[2] or '', open[4] or '', tonumber(open[5] or '0')
local began, asked = tonumber(open[6] or now), open[7] == '1'
local known = open[1] and string.find(messages, ARGV[12], 1, true)
if reading ~= '' and ARGV[11] ~= '' and redis.call('RPUSHX', KEYS[7], ARGV[11]) > 40 then
  redis.call('LTRIM', KEYS[7], -40, -1)
end
if reading ~= '' and not known and ARGV[11] == '' then return 1 end
if open[1] and (known or tonumber(open[3]) < 30) then
  id = open[1]
elseif open[1] then
  redis.call('DEL', KEYS[6]) -- a flood is many turns: an ever longer one would cost its square
  messages, readings, pending, began, asked = '', '', 0, now, false
end
if not known then
  messages = messages == '' and ARGV[14] or messages .. ',' .. ARGV[14]
  if reading == '' then pending = pending + tonumber(ARGV[9]) end
elseif reading ~= '' then
  pending = math.max(pending - 1, 0)
end
if reading ~= '' then readings = readings == '' and reading or readings .. ',' .. reading end
local revision = redis.call('HINCRBY', KEYS[6], 'revision', 1)
redis.call('HSET', KEYS[6], 'id', id, 'messages', messages, 'began', began)
if pending > 0 or open[5] then redis.call('HSET', KEYS[6], 'pending', pending) end
if readings ~= '' then redis.call('HSET', KEYS[6], 'readings', readings) end
if ARGV[6] == '1' then redis.call('HSET', KEYS[6], 'question', 1) end
redis.call('EXPIRE', KEYS[6], 3600)
local data = ARGV[15] .. ',"revision":' .. revision .. ',"messages":[' .. messages .. ']'
if readings ~= '' then data = data .. ',"readings":[' .. readings .. ']' end
if pending > 0 then data = data .. ',"pending":' .. pending end
local event, more = { 'kind', 'TurnReady', 'turn', id, 'data', data .. '}' }, tonumber(ARGV[16])
for i = 17 + more, #ARGV do event[#event + 1] = ARGV[i] end
if more > 0 then redis.call('XADD', KEYS[2], '*', unpack(ARGV, 17, 16 + more)) end
local wait = math.min(tonumber(asked and ARGV[5] or ARGV[4]), began + tonumber(ARGV[7]) - now)
if pending > 0 then wait = tonumber(ARGV[8]) end
if wait <= 0 then
  if open[1] then
    redis.call('ZREM', KEYS[4], id)
    redis.call('HDEL', KEYS[5], id)
  end
  redis.call('XADD', KEYS[2], '*', unpack(event))
else
  redis.call('HSET', KEYS[6], 'longest', began + tonumber(ARGV[7]))
  redis.call('ZADD', KEYS[4], now + wait, id)
  redis.call('HSET', KEYS[5], id, cmsgpack.pack(event))
end
return 1
