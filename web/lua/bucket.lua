-- A bucket of tokens that fills by itself. KEYS bucket · ARGV most, ms_per_token
-- → taken (0 or 1), tokens left, ms until the next one
local most, each = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(kept[1]) or most, tonumber(kept[2]) or now
local earned = math.floor((now - at) / each)
tokens = math.min(most, tokens + earned)
at = tokens == most and now or at + earned * each
local taken = 0
if tokens > 0 then
  tokens = tokens - 1
  taken = 1
end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', at)
redis.call('PEXPIRE', KEYS[1], most * each + 1000)
return {taken, tokens, at + each - now}
