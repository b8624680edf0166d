"""What a courier notices about its relays and about the domains that mail goes to: which to use, and when one is to rest."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from newsletter import clock, mail
from newsletter.delivery.books import Pause, Turn
from newsletter.delivery.faces import Destination
from newsletter.delivery.lanes import domain_of
from newsletter.delivery.outcomes import Claimed

_AT_FIRST = 5.0
"""Seconds a relay rests until the ledger says how long."""
_ONES_FAULT = {mail.Fault.SENDER: 3, mail.Fault.RELAY: 25}
"""So many messages in a row have to fail before a relay rests that takes connections: one message may upset it alone,
and a relay that dies takes two messages of each connection with it."""
_DOMAINS_FAULT = 3
"""So many messages in a row has a domain to turn down, finding fault with the sender, before it is left alone; and where
so many domains do, the fault is the relay's."""
_WELL = 30.0
_NOTE = 3.0
"""Seconds between two notes of how many connections are open."""


class Watch:
    """The relays of one courier, the preferred one first."""

    def __init__(
        self, relays: Sequence[mail.Relay], resting: Mapping[str, datetime], taking: Iterable[str] = ()
    ) -> None:
        self.relays = relays
        self.serving: frozenset[str] = frozenset()
        """The relays to use now."""
        self.takes_issues = False
        """Whether one of them has not had all yet that its limits allow."""
        self.connections: Counter[str] = Counter()
        self._weights = weights(relays)
        self._until: dict[str, float] = {}
        self._full: dict[str, float] = {}
        self._in_a_row: Counter[str] = Counter()
        self._rests: list[tuple[str, mail.Fault, str]] = []
        self._filled: list[tuple[str, datetime, str]] = []
        self._woken: set[str] = set()
        self._taking = set(taking)
        self._well: set[str] = set()
        self._well_said: dict[str, float] = {}
        self._blamed_by: Counter[str] = Counter()
        self._blamed_through: defaultdict[str, set[str]] = defaultdict(set)
        self._pauses: list[Pause] = []
        self._troubled: set[str] = set()
        self._mended: set[str] = set()
        self._sent = dict.fromkeys((relay.name for relay in relays), 0)
        self._not_sent: Counter[tuple[str, mail.Outcome]] = Counter()
        self._noted: dict[str, int] = {}
        self._noted_at = 0.0
        self._unnoted = False
        self.heard(resting)

    def look(self) -> bool:
        """See which relays to use now; tell whether they are others than before."""
        awake = [relay for relay in self.relays if not self.rests(relay.name)]
        now = time.monotonic()
        free = [relay for relay in awake if self._full.get(relay.name, 0.0) <= now]
        at_hand = free or awake
        sharing = [relay for relay in at_hand if self._weights[relay.name]]
        before = self.serving, self.takes_issues
        self.serving = frozenset(relay.name for relay in sharing or at_hand[:1])
        self.takes_issues = bool(free)
        return (self.serving, self.takes_issues) != before

    def weight(self, name: str) -> int:
        """Return how much of the mail a relay gets, beside the others."""
        return self._weights[name] or 1

    def rests(self, name: str) -> bool:
        """Tell whether a relay rests now."""
        return self._until.get(name, 0.0) > time.monotonic()

    def wait(self) -> float:
        """Seconds until a relay can be used; infinite where there is none at all."""
        times = (
            max(self._until.get(relay.name, 0.0), self._full.get(relay.name, 0.0)) for relay in self.relays
        )
        return max(0.0, min(times, default=float("inf")) - time.monotonic())

    def failed(self, name: str, fault: mail.Fault, reason: str) -> None:
        """Let a relay rest, and say so in the next turn."""
        if not self.rests(name):
            self._until[name] = time.monotonic() + _AT_FIRST
            self._rests.append((name, fault, reason))
            self._woken.discard(name)
            self._well_said.pop(name, None)
            self._doubt(name)
            self.look()

    def is_welcome(self, name: str) -> bool:
        """Tell whether a relay has taken mail since it rested last, and does not turn away one reader after the other."""
        return name in self._well or name in self._taking

    def full(self, name: str, until: datetime, reason: str) -> None:
        """Give a relay no more issues until its limits allow some again."""
        self._full[name] = time.monotonic() + (until - clock.now()).total_seconds()
        self._filled.append((name, until, reason))
        self.look()

    def noticed(self, name: str, row: Claimed, result: mail.Result) -> str | None:
        """See what one outcome says about its relay, and about the domain it was for; return one to leave alone now."""
        if result.fault is None:  # it was sent, as nearly all are
            self._sent[name] += 1
        else:
            self._not_sent[name, result.outcome] += 1
            if _turns_a_reader_away(result):
                self._turned_away(name)
                return None
        limit = _ONES_FAULT.get(result.fault) if result.fault else None
        if limit is None or result.fault is None:
            self._well.add(name)
            if self._in_a_row or self._blamed_by or self._blamed_through or self._troubled:
                self._did_well(name, domain_of(row), result.outcome)
            return None
        if result.fault is mail.Fault.SENDER and not mail.is_of_the_relay(result.reason):
            return self._domain_blames_us(name, domain_of(row), result)
        self._in_a_row[name] += 1
        if self._in_a_row[name] >= limit:
            self._in_a_row[name] = 0
            self.failed(name, result.fault, result.reason)
        return None

    def report(self, turn: Turn) -> None:
        """Move what is to be written into a turn."""
        for name in self._well:
            self._went_well(name)
        self._taking |= self._well
        self._well.clear()
        turn.rests, self._rests = self._rests, []
        turn.filled, self._filled = self._filled, []
        turn.woken, self._woken = self._woken, set()
        turn.pauses, self._pauses = self._pauses, []
        turn.mended, self._mended = self._mended, set()
        turn.handed = self._count_handed()
        turn.connections = self._note_connections(busy=bool(turn.handed))

    def heard(self, resting: Mapping[str, datetime]) -> None:
        """Take over what the ledger says of rests; who rests there no more, since somebody said so, is used again."""
        now = clock.now()
        unsaid = {name for name, _, _ in self._rests}
        for name in self._until.keys() - resting.keys() - unsaid:
            del self._until[name]
        for name, until in resting.items():
            self._until[name] = time.monotonic() + (until - now).total_seconds()
            self._doubt(name)
        self.look()

    def heard_of_domains(self, domains: Mapping[str, Destination]) -> None:
        """Take over which domains were paused, so that it is noticed when one takes mail again."""
        self._troubled = {
            name for name, one in domains.items() if one.was_paused and one.paused_until is None
        }

    def heard_of_limits(self, full: Mapping[str, datetime]) -> None:
        """Take over which relays have had all that they may carry."""
        now = clock.now()
        for name, until in full.items():
            self._full[name] = time.monotonic() + (until - now).total_seconds()
        self.look()

    def _count_handed(self) -> Counter[tuple[str, mail.Outcome]]:
        """Return what the relays were handed since this was asked last, by outcome."""
        handed, self._not_sent = self._not_sent, Counter()
        for name, count in self._sent.items():
            if count:
                handed[name, mail.Outcome.SENT] = count
                self._sent[name] = 0
        return handed

    def _note_connections(self, *, busy: bool) -> dict[str, int] | None:
        """Return how many connections are open to which relay, every few seconds and when the last was closed; else nothing."""
        now = time.monotonic()
        self._unnoted |= busy
        there = {name: count for name, count in self.connections.items() if count}
        if there == self._noted and not self._unnoted:
            return None
        if there and now - self._noted_at < _NOTE:
            return None
        self._noted, self._noted_at, self._unnoted = there, now, False
        return there

    def _domain_blames_us(self, relay: str, domain: str, result: mail.Result) -> str | None:
        """Leave a domain alone that turns us down again and again; where no other takes mail, it is the relay's fault."""
        self._blamed_by[domain] += 1
        self._blamed_through[relay].add(domain)
        if len(self._blamed_through[relay]) >= _DOMAINS_FAULT:
            del self._blamed_through[relay]
            self.failed(relay, mail.Fault.SENDER, result.reason)
        if self._blamed_by[domain] < _DOMAINS_FAULT:
            return None
        del self._blamed_by[domain]
        self._pauses.append(Pause(domain, result.reason, str(result.reply or "")))
        return domain

    def _did_well(self, relay: str, domain: str, outcome: mail.Outcome) -> None:
        self._in_a_row.pop(relay, None)
        if outcome is mail.Outcome.SENT:
            self._blamed_through.pop(relay, None)
            self._blamed_by.pop(domain, None)
            if domain in self._troubled:
                self._troubled.discard(domain)
                self._mended.add(domain)

    def _turned_away(self, name: str) -> None:
        """Hold it against one reader that the relay shuts its door; where it does so to all, it is shut to us."""
        self._in_a_row[name] += 1
        if self._in_a_row[name] >= _ONES_FAULT[mail.Fault.SENDER]:
            self._in_a_row[name] = 0
            self._doubt(name)

    def _doubt(self, name: str) -> None:
        """Think no longer that a relay takes our mail."""
        self._well.discard(name)
        self._taking.discard(name)

    def _went_well(self, name: str) -> None:
        if self.rests(name) or time.monotonic() - self._well_said.get(name, -_WELL) < _WELL:
            return
        self._well_said[name] = time.monotonic()
        self._woken.add(name)


def _turns_a_reader_away(result: mail.Result) -> bool:
    return (
        result.outcome is mail.Outcome.REFUSED
        and result.reply is not None
        and mail.shuts_the_door(result.reply)
    )


def weights(relays: Sequence[mail.Relay]) -> dict[str, int]:
    """Return the share of each relay; where none was given, the first takes all, and the others stand by."""
    if all(relay.weight is None for relay in relays):
        return {relay.name: int(place == 0) for place, relay in enumerate(relays)}
    return {relay.name: 1 if relay.weight is None else relay.weight for relay in relays}
