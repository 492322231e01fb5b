-- One chat, many names: whichever was heard first stands for all that are new.
-- KEYS names · ARGV name… → the canonical name of the first one that has one
local canonical
for _, name in ipairs(ARGV) do
  canonical = canonical or redis.call('HGET', KEYS[1], name)
end
canonical = canonical or ARGV[1]
for _, name in ipairs(ARGV) do
  redis.call('HSETNX', KEYS[1], name, canonical)
end
return canonical
