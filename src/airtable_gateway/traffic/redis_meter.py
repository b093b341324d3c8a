"""The `Meter` that processes share over Redis: one script, on the clock of the server."""

from typing import TYPE_CHECKING

from airtable_gateway.redis_faults import redis_faults
from airtable_gateway.traffic.pace import Pace

if TYPE_CHECKING:
    from redis.asyncio import Redis

_ROW = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local given, even = KEYS[1], KEYS[1] .. ':even'
local calls, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local at_once, interval = tonumber(ARGV[3]), tonumber(ARGV[4])
local patience, held = tonumber(ARGV[5]), 0
if KEYS[2] then held = math.max(0, redis.call('PTTL', KEYS[2]) / 1000) end

local moment = now + held
local paced, seen = string.match(redis.call('GET', even) or '', '^(%S+) (%S+)$')
if seen and now < seen - 1 then
  -- The server's clock was set back: its earlier moments tell nothing, and the window may be full.
  redis.call('DEL', given)
  paced, moment = now, moment + window
end
local first = redis.call('LINDEX', given, calls - 1)
if first then moment = math.max(moment, first + window) end
paced = tonumber(paced or 0)
moment = math.max(moment, paced - (at_once - 1) * interval)

if moment - now <= patience then
  local life = math.ceil((moment - now + window + at_once * interval + 1) * 1000)
  redis.call('LPUSH', given, string.format('%.6f', moment))
  redis.call('LTRIM', given, 0, calls - 1)
  redis.call('PEXPIRE', given, life)
  local next = string.format('%.6f %.6f', math.max(paced, moment) + interval, now)
  redis.call('SET', even, next, 'PX', life)
end
return string.format('%.6f', moment - now)
"""
"""Seconds until the next moment of a row, which is taken when that is within the patience."""

_HELD = """
local left, most = redis.call('PTTL', KEYS[1]), tonumber(redis.call('GET', KEYS[1]) or 0)
if left <= most then return math.max(0, left) end
-- The server's clock was set back, which would make the hold longer than it was meant to be.
redis.call('PEXPIRE', KEYS[1], most)
return most
"""

_HOLD = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[1]) end
"""


class RedisMeter:
    """A `Meter` over Redis; the connection is the caller's, who closes it."""

    def __init__(self, redis: "Redis", rate: float | None, *, prefix: str = "airtable:pace:") -> None:
        self._redis = redis
        self._prefix = prefix
        self._base_pace = Pace.of_base(rate) if rate else None
        self._token_pace = Pace.of_token(rate) if rate else None
        self._row = redis.register_script(_ROW)
        self._hold = redis.register_script(_HOLD)
        self._held = redis.register_script(_HELD)

    async def reserve(self, base: str, *, patience_seconds: float) -> float:
        """See `Meter.reserve`."""
        if self._base_pace is None:
            return await self.held(base)
        keys = [f"{self._prefix}base:{base}", self._hold_key(base)]
        return await self._moment(keys, self._base_pace, patience_seconds)

    async def depart(self, base: str, token: str) -> float:
        """See `Meter.depart`."""
        if held := await self.held(base):
            return held
        if self._token_pace is None:
            return 0.0
        return await self._moment([f"{self._prefix}token:{token}"], self._token_pace, 0.0)

    async def hold(self, base: str, seconds: float) -> None:
        """See `Meter.hold`."""
        with redis_faults():
            await self._hold(keys=[self._hold_key(base)], args=[max(1, round(seconds * 1000))])

    async def held(self, base: str) -> float:
        """See `Meter.held`."""
        with redis_faults():
            return int(await self._held(keys=[self._hold_key(base)])) / 1000

    async def _moment(self, keys: list[str], pace: Pace, patience_seconds: float) -> float:
        told = [pace.calls, pace.window_seconds, pace.at_once, pace.interval_seconds, patience_seconds]
        with redis_faults():
            return float(await self._row(keys=keys, args=told))

    def _hold_key(self, base: str) -> str:
        return f"{self._prefix}held:{base}"
