/**
 * The same algorithm in Redis, in microseconds of its own clock. Takes as many of the wanted tokens as
 * there are. Returns how many, and when there are none the microseconds until there is one.
 */
export const TAKE_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local emission = tonumber(ARGV[1])
local capacity = emission * tonumber(ARGV[2])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
local granted = math.min(tonumber(ARGV[3]), math.floor((now + capacity - full) / emission + 1e-6))
if granted < 1 then
  return {0, math.ceil(full + emission - now - capacity)}
end
full = full + granted * emission
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.max(1, math.ceil((full - now) / 1000)))
return {granted, 0}
`;
