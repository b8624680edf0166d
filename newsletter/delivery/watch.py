"""What a courier notices about its relays: which to use, and when one is to rest."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from newsletter import clock, mail
from newsletter.delivery.books import Turn

_AT_FIRST = 5.0
"""Seconds a relay rests until the ledger says how long."""
_ONES_FAULT = {mail.Fault.SENDER: 3, mail.Fault.RELAY: 25}
"""So many messages in a row have to fail before a relay rests that takes connections: one message may upset it alone,
and a relay that dies takes two messages of each connection with it."""
_WELL = 30.0


class Watch:
    """The relays of one courier, the preferred one first."""

    def __init__(self, relays: Sequence[mail.Relay], resting: dict[str, datetime]) -> None:
        self._relays = relays
        self._until: dict[str, float] = {}
        self._in_a_row: Counter[str] = Counter()
        self._rests: list[tuple[str, mail.Fault, str]] = []
        self._woken: set[str] = set()
        self._well: set[str] = set()
        self._well_said: dict[str, float] = {}
        self.connections: Counter[str] = Counter()
        self.heard(resting)

    def usable(self) -> mail.Relay | None:
        """Return the relay to use now, if there is one."""
        return next((relay for relay in self._relays if not self.rests(relay.name)), None)

    def rests(self, name: str) -> bool:
        """Tell whether a relay rests now."""
        return self._until.get(name, 0.0) > time.monotonic()

    def wait(self) -> float:
        """Seconds until a relay can be used; infinite where there is none at all."""
        soonest = min((self._until.get(relay.name, 0.0) for relay in self._relays), default=float("inf"))
        return max(0.0, soonest - time.monotonic())

    def failed(self, name: str, fault: mail.Fault, reason: str) -> None:
        """Let a relay rest, and say so in the next turn."""
        if not self.rests(name):
            self._until[name] = time.monotonic() + _AT_FIRST
            self._rests.append((name, fault, reason))
            self._woken.discard(name)
            self._well.discard(name)
            self._well_said.pop(name, None)

    def noticed(self, name: str, result: mail.Result) -> None:
        """See what one outcome says about its relay."""
        limit = _ONES_FAULT.get(result.fault) if result.fault else None
        if limit is None or result.fault is None:
            self._well.add(name)
            self._in_a_row.pop(name, None)
            return
        self._in_a_row[name] += 1
        if self._in_a_row[name] >= limit:
            self._in_a_row[name] = 0
            self.failed(name, result.fault, result.reason)

    def report(self, turn: Turn) -> None:
        """Move what is to be written into a turn."""
        for name in self._well:
            self._went_well(name)
        self._well.clear()
        turn.rests, self._rests = self._rests, []
        turn.woken, self._woken = self._woken, set()

    def heard(self, resting: dict[str, datetime]) -> None:
        """Take over what the ledger says of rests."""
        now = clock.now()
        for name, until in resting.items():
            self._until[name] = time.monotonic() + (until - now).total_seconds()

    def _went_well(self, name: str) -> None:
        if self.rests(name) or time.monotonic() - self._well_said.get(name, -_WELL) < _WELL:
            return
        self._well_said[name] = time.monotonic()
        self._woken.add(name)
