"""How fast mail may go, through one relay or to one domain: so many a second, an hour, a day, and slowly at first."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from newsletter.errors import Invalid


class Unit(StrEnum):
    """What a limit counts by."""

    SECOND = "second"
    HOUR = "hour"
    DAY = "day"

    @property
    def seconds(self) -> int:
        """How long it is."""
        return _SECONDS[self]


_SECONDS = {Unit.SECOND: 1, Unit.HOUR: 3600, Unit.DAY: 86_400}


class Limit(NamedTuple):
    """No more than `amount` messages within any such time."""

    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True)
class Pace:
    """The limits of a relay or a domain; empty where there is none.

    `warm_up` holds how many messages may go on each of the first days, the first of which is `warm_up_from` (UTC).
    """

    per_second: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    warm_up: tuple[int, ...] = ()
    warm_up_from: date | None = None

    def __bool__(self) -> bool:
        return bool(self.per_second or self.per_hour or self.per_day or self.warm_up)

    def limits(self, day: date) -> tuple[Limit, ...]:
        """Return what holds on a day, the shortest time first."""
        amounts = {Unit.SECOND: self.per_second, Unit.HOUR: self.per_hour, Unit.DAY: self._on(day)}
        return tuple(Limit(unit, amount) for unit, amount in amounts.items() if amount)

    def _on(self, day: date) -> int | None:
        passed = max((day - self.warm_up_from).days, 0) if self.warm_up_from else 0
        if passed >= len(self.warm_up):
            return self.per_day
        return min(self.warm_up[passed], self.per_day or self.warm_up[passed])


def read_steps(written: str) -> tuple[int, ...]:
    """Read the steps of a warm-up, such as `200-500-1000`. Raises `Invalid`."""
    steps = [step.strip() for step in written.split("-")]
    if not all(step.isascii() and step.isdecimal() and int(step) for step in steps):
        raise Invalid("Write the steps of a warm-up as 200-500-1000: a number for each day.", "warm_up")
    return tuple(map(int, steps))
