"""How a mailing went from tenth to tenth: how fast, and what the processor spent, which a busy machine changes less."""

import time
from bisect import bisect
from collections.abc import Callable
from itertools import pairwise
from threading import Event, Thread
from typing import Self

from sqlalchemy import text

from newsletter.database import UTCDateTime, db

_OFTEN = 0.2
_PARTS = 10
_MOMENTS = text("SELECT sent_at FROM recipients WHERE mailing_id = :mailing ORDER BY sent_at").columns(
    sent_at=UTCDateTime
)


class Samples:
    """What something had come to, time and again, taken in a thread while the block runs."""

    def __init__(self, take: Callable[[], float]) -> None:
        self._take = take
        self._taken: list[tuple[float, float]] = []
        self._end = Event()
        self._thread = Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def at(self, moment: float) -> float:
        """Return what it had come to at a moment, between two samples in proportion."""
        place = min(max(bisect(self._taken, (moment,)), 1), len(self._taken) - 1)
        (before, low), (after, high) = self._taken[place - 1 : place + 1]
        return low + (high - low) * min(max((moment - before) / (after - before), 0.0), 1.0)

    def _run(self) -> None:
        while not self._end.wait(_OFTEN):
            self._taken.append((time.time(), self._take()))


def tenths(mailing: int, cpu: Samples) -> tuple[list[float], list[float]]:
    """Return the messages a second of each tenth, and the processor's seconds for a thousand, by when they were recorded."""
    moments = list(db.session.execute(_MOMENTS, {"mailing": mailing}).scalars())
    marks = [moments[round(share * (len(moments) - 1) / _PARTS)].timestamp() for share in range(_PARTS + 1)]
    count = len(moments) / _PARTS
    rates = [round(count / max(later - earlier, 0.001)) for earlier, later in pairwise(marks)]
    spent = [round((cpu.at(later) - cpu.at(earlier)) / count * 1000, 3) for earlier, later in pairwise(marks)]
    return rates, spent
