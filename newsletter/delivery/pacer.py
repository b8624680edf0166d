"""Keeps a courier to the limits of its relays and of the domains in its lanes, and relays to their shares of the mail.

Asks the common allowance ten times a second for as many messages as would go until the next time. A relay without limits,
alone at work, costs nothing.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from newsletter import clock, mail
from newsletter.delivery.allowance import Allowance, Ask, Grant, InMemory
from newsletter.delivery.lanes import SOON, limit_of_relay, wish
from newsletter.delivery.tray import Tray
from newsletter.delivery.watch import Watch

_LEAD = 20
"""So many messages a relay may be ahead of its share."""
_LATELY = 1.0
"""Seconds after which the others wait no more for a relay that carries nothing."""


class Purse:
    """What one relay may carry now."""

    def __init__(self, relay: mail.Relay) -> None:
        self.permits = 0
        self._relay = relay
        self._since = 0.0

    def ask(self, service: int, issues: int) -> Ask | None:
        """Say how much it would carry now, and hand back what was granted and not used."""
        limits = self._relay.pace.limits(clock.now().date())
        service, issues = wish(limits, service, issues)
        if not (service or issues or self.permits):
            return None
        unspent, self.permits = self.permits, 0
        return Ask(f"relay:{self._relay.name}", limits, service, issues, unspent, self._since)

    def granted(self, grant: Grant) -> None:
        """Take what it may carry now."""
        self.permits, self._since = grant.service + grant.issues, grant.since


class Pacer:
    """Sees to it that nobody gets more than is allowed."""

    def __init__(self, allowance: Allowance, processes: int, tray: Tray, watch: Watch) -> None:
        self.wanted = False
        """Whether it has to be asked before a relay takes a message."""
        self._allowance = allowance
        self._processes = processes
        self._tray = tray
        self._watch = watch
        self._purses = {relay.name: Purse(relay) for relay in watch.relays if relay.pace}
        self._carried: dict[str, float] = {}
        self._alone: datetime | None = None
        self._said = isinstance(allowance, InMemory)
        self._moved: dict[str, float] = {}
        self.look()

    def look(self) -> None:
        """Begin to share anew, among the relays that serve now."""
        serving = self._watch.serving
        self._carried = dict.fromkeys(serving, 0.0) if len(serving) > 1 else {}
        self.wanted = bool(self._carried) or not self._purses.keys().isdisjoint(serving)

    def may(self, name: str) -> bool:
        """Tell whether a relay may take a message now."""
        purse = self._purses.get(name)
        if purse is not None and not purse.permits:
            return False
        carried = self._carried.get(name, 0.0)
        return not carried or carried <= self._least() + _LEAD / self._watch.weight(name)

    def spent(self, name: str) -> None:
        """Count a message that a relay has taken."""
        purse = self._purses.get(name)
        if purse is not None:
            purse.permits -= 1
        if name in self._carried:
            self._carried[name] += 1 / self._watch.weight(name)
            self._moved[name] = time.monotonic()

    def asks(self) -> list[Ask]:
        """Say what is to be asked for now."""
        service, ready = self._tray.service, self._tray.ready  # before the lanes hand their permits back
        asks = self._tray.lanes.asks() if self._tray.lanes.some else []
        if self._purses:
            wishes = [purse.ask(service, ready - service) for purse in self._purses.values()]
            asks += [ask for ask in wishes if ask]
        return asks

    def answer(self, asks: Sequence[Ask]) -> list[Grant]:
        """Ask the allowance; may wait for Redis, so it is called on a thread."""
        return self._allowance.grant(asks, self._processes)

    def granted(self, asks: Sequence[Ask], grants: Sequence[Grant]) -> None:
        """Take over what may go now, and put aside what has to wait for long."""
        self._tray.hold(self._tray.lanes.granted(asks, grants))
        for ask, grant in zip(asks, grants, strict=True):
            kind, _, name = ask.key.partition(":")
            if kind == "relay":
                self._purses[name].granted(grant)
                if grant.limit is not None and grant.wait > SOON:
                    self._is_full(name, ask, grant, grant.limit)

    def alone(self) -> tuple[datetime | None] | None:
        """Return since when limits are kept without Redis, where that has changed since it was asked last."""
        if self._said and self._allowance.alone_since == self._alone:
            return None
        self._alone, self._said = self._allowance.alone_since, True
        return (self._alone,)

    def _is_full(self, name: str, ask: Ask, grant: Grant, limit: mail.Limit) -> None:
        until = clock.now() + timedelta(seconds=grant.wait)
        why = limit_of_relay(limit, name)
        if ask.issues and not grant.issues:
            self._watch.full(name, until, why)
        if ask.service and not grant.service and not self._watch.takes_issues:
            self._tray.hold_service(until, why)

    def _least(self) -> float:
        """How far the relay is that has carried least for its weight, of those at work that could carry more."""
        lately = time.monotonic() - _LATELY
        free = [
            carried
            for name, carried in self._carried.items()
            if self._moved.get(name, 0.0) > lately
            and (name not in self._purses or self._purses[name].permits)
        ]
        return min(free, default=float("inf"))
