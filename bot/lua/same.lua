-- One chat, many names: whichever was heard first stands for all that are new. A phone that comes
-- with another steady name than before was passed on: it is that one's now.
-- KEYS names · ARGV how many names are steady, steady name…, phone… → the canonical name
local names, steady, known = KEYS[1], tonumber(ARGV[1]), {}
local canonical
for at = 2, #ARGV do known[ARGV[at]] = at <= steady + 1 end

local function passed_on(phone)
  local whose = steady > 0 and redis.call('HGET', names, 'of ' .. phone)
  return whose and not known[whose]
end

for at = 2, #ARGV do
  local name = ARGV[at]
  if not canonical and (known[name] or not passed_on(name)) then
    canonical = redis.call('HGET', names, name)
  end
end
canonical = canonical or ARGV[2]
for at = 2, #ARGV do
  local name = ARGV[at]
  if not known[name] and passed_on(name) then redis.call('HDEL', names, name, 'of ' .. name) end
  redis.call('HSETNX', names, name, canonical)
  if not known[name] and steady > 0 then redis.call('HSETNX', names, 'of ' .. name, ARGV[2]) end
end
return canonical
