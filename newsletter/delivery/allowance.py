"""How much may go now, of all that any worker of this installation sends: what relays and domains allow, counted.

Counted in Redis where there is one, so that all processes and machines keep one limit together, and else in memory. A
limit of so many an hour holds for any hour, not for that of the clock: each is counted in sixty parts, of which as many
as an hour can touch are added up. What was granted and not used is given back.

While Redis does not answer, each process goes on with an equal share of its own, as far as it knows what it sent before.
"""

import math
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol

from newsletter import clock, mail
from newsletter.later import later

if TYPE_CHECKING:
    import redis
else:
    redis = later("redis")

_PARTS = 60
_FORGOTTEN = 2
"""A count lives so many times as long as its limit."""
_AGAIN = 5.0
"""Seconds before Redis is asked again after it did not answer."""
_PATIENCE = 0.5
_RESERVE = 20
"""One message in so many of what an hour or a day allows is kept for service mail."""


class Ask(NamedTuple):
    """A wish: so much service mail and so much of issues, to what `key` names; and what was left of the wish before."""

    key: str
    limits: tuple[mail.Limit, ...]
    service: int = 0
    issues: int = 0
    unspent: int = 0
    unspent_since: float = 0.0


class Grant(NamedTuple):
    """What may go now. Where it is less than was asked, `wait` says for how many seconds `limit` stands in the way."""

    service: int = 0
    issues: int = 0
    wait: float = 0.0
    limit: mail.Limit | None = None
    since: float = 0.0


class Allowance(Protocol):
    """Whoever counts."""

    alone_since: datetime | None
    """Since when this process shares its limits with nobody, although it should."""

    def grant(self, asks: Sequence[Ask], processes: int) -> list[Grant]:
        """Answer each wish; `processes` is how many there are that would send."""


class InMemory:
    """Counts for one process."""

    def __init__(self) -> None:
        self.alone_since: datetime | None = None
        self._lock = Lock()
        self._counts: defaultdict[tuple[str, int], dict[int, int]] = defaultdict(dict)

    def grant(self, asks: Sequence[Ask], processes: int = 1) -> list[Grant]:
        """Answer each wish, with the share of one among `processes`."""
        with self._lock:
            return [self._grant(ask, processes) for ask in asks]

    def note(self, ask: Ask, count: int) -> None:
        """Take note of what somebody else has granted."""
        with self._lock:
            now = clock.now().timestamp()
            for limit in ask.limits:
                self._add(ask.key, limit, now, count)

    def _grant(self, ask: Ask, processes: int) -> Grant:
        now = clock.now().timestamp()
        shares = [limit._replace(amount=max(1, limit.amount // processes)) for limit in ask.limits]
        for limit in shares:
            self._add(ask.key, limit, ask.unspent_since, -ask.unspent)
        rooms = [limit.amount - self._used(ask.key, limit, now) for limit in shares]
        reserved = [room - _reserve(limit) for room, limit in zip(rooms, shares, strict=True)]
        service = max(0, min([ask.service, *rooms]))
        issues = max(0, min([ask.issues, *(room - service for room in reserved)]))
        granted = service + issues
        for limit in shares:
            self._add(ask.key, limit, now, granted)
        waits = [
            (self._wait(ask.key, limit, now), limit)
            for limit, room, open_to_issues in zip(ask.limits, rooms, reserved, strict=True)
            if (service < ask.service and room <= service)
            or (issues < ask.issues and open_to_issues <= granted)
        ]
        if not waits:
            return Grant(service, issues, since=now)
        wait, limit = max(waits)
        return Grant(service, issues, wait, limit, now)

    def _add(self, key: str, limit: mail.Limit, moment: float, count: int) -> None:
        if count:
            counts = self._counts[key, limit.unit.seconds]
            part = _part(limit, moment)
            counts[part] = counts.get(part, 0) + count

    def _used(self, key: str, limit: mail.Limit, now: float) -> int:
        counts = self._counts[key, limit.unit.seconds]
        first = _part(limit, now) - _PARTS
        for part in [part for part in counts if part < first]:
            del counts[part]
        return sum(counts.values())

    def _wait(self, key: str, limit: mail.Limit, now: float) -> float:
        counts = self._counts[key, limit.unit.seconds]
        oldest = min((part for part, count in counts.items() if count > 0), default=_part(limit, now))
        return max(0.0, (oldest + _PARTS + 1) * limit.unit.seconds / _PARTS - now)


_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local service, issues, unspent, since = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local parts, lives = tonumber(ARGV[5]), tonumber(ARGV[6])
local found = {}
local may_service, may_issues = service, issues
for i, key in ipairs(KEYS) do
  local seconds, amount, reserve = tonumber(ARGV[4 + 3 * i]), tonumber(ARGV[5 + 3 * i]), tonumber(ARGV[6 + 3 * i])
  local part = math.floor(now * parts / seconds)
  if unspent > 0 then redis.call('HINCRBY', key, string.format('%.0f', math.floor(since * parts / seconds)), -unspent) end
  local counts, used, oldest = redis.call('HGETALL', key), 0, part
  for j = 1, #counts, 2 do
    local one, count = tonumber(counts[j]), tonumber(counts[j + 1])
    if one < part - parts then
      redis.call('HDEL', key, counts[j])
    else
      used = used + count
      if count > 0 and one < oldest then oldest = one end
    end
  end
  local room = amount - used
  found[i] = {room, room - reserve, (oldest + parts + 1) * seconds / parts - now, part, seconds}
  may_service = math.max(0, math.min(may_service, room))
end
for i = 1, #KEYS do may_issues = math.max(0, math.min(may_issues, found[i][2] - may_service)) end
local wait, which = 0, 0
for i, key in ipairs(KEYS) do
  local no_service = may_service < service and found[i][1] <= may_service
  local no_issues = may_issues < issues and found[i][2] <= may_service + may_issues
  if (no_service or no_issues) and found[i][3] > wait then wait, which = found[i][3], i end
  if may_service + may_issues > 0 then
    redis.call('HINCRBY', key, string.format('%.0f', found[i][4]), may_service + may_issues)
  end
  redis.call('EXPIRE', key, math.ceil(found[i][5] * lives))
end
return {may_service, may_issues, tostring(wait), which, string.format('%.6f', now)}
"""


class InRedis:
    """Counts for all processes; alone while Redis does not answer."""

    def __init__(self, url: str) -> None:
        self.alone_since: datetime | None = None
        self._client = redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
        self._script = self._client.register_script(_SCRIPT)
        self._memory = InMemory()
        self._again = 0.0

    def grant(self, asks: Sequence[Ask], processes: int = 1) -> list[Grant]:
        """Answer each wish, together with all other processes where that can be."""
        if time.monotonic() >= self._again:
            try:
                grants = self._together(asks)
            except redis.RedisError:
                self._again = time.monotonic() + _AGAIN
                self.alone_since = self.alone_since or clock.now()
            else:
                self.alone_since = None
                for ask, grant in zip(asks, grants, strict=True):
                    self._memory.note(ask, grant.service + grant.issues - ask.unspent)
                return grants
        return self._memory.grant(asks, processes)

    def _together(self, asks: Sequence[Ask]) -> list[Grant]:
        with self._client.pipeline(transaction=False) as pipeline:
            for ask in asks:
                numbers = [
                    number
                    for limit in ask.limits
                    for number in (limit.unit.seconds, limit.amount, _reserve(limit))
                ]
                self._script(
                    keys=[f"newsletter:allowance:{ask.key}:{limit.unit}" for limit in ask.limits],
                    args=[
                        ask.service, ask.issues, ask.unspent, ask.unspent_since, _PARTS, _FORGOTTEN, *numbers,
                    ],
                    client=pipeline,
                )  # fmt: skip
            answers = pipeline.execute()
        return [_read(ask, answer) for ask, answer in zip(asks, answers, strict=True)]


@lru_cache(8)
def shared(redis_url: str | None) -> Allowance:
    """Return the one that counts for this process, the same for every courier in it."""
    return InRedis(redis_url) if redis_url else InMemory()


def _read(ask: Ask, answer: Sequence[bytes]) -> Grant:
    service, issues, wait, which, now = answer
    limit = ask.limits[int(which) - 1] if int(which) else None
    return Grant(int(service), int(issues), float(wait), limit, float(now))


def _reserve(limit: mail.Limit) -> int:
    return 0 if limit.unit is mail.Unit.SECOND else limit.amount // _RESERVE


def _part(limit: mail.Limit, moment: float) -> int:
    return math.floor(moment * _PARTS / limit.unit.seconds)
