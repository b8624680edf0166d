"""Messages in hand for domains that get only so much, or nothing for now: apart from the others, so that they block nobody.

What may go soon stays in hand; the rest goes back to the ledger, due at a time when its turn may have come.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from newsletter import clock, mail
from newsletter.delivery.allowance import Ask, Grant
from newsletter.delivery.claims import Hand
from newsletter.delivery.faces import Destination
from newsletter.delivery.journal import BatchJournal
from newsletter.delivery.outcomes import Claimed
from newsletter.delivery.writing import Press

SOON = 5.0
"""Seconds for which a message waits in hand; what has to wait longer goes back."""
TICK = 0.1
"""Seconds from one wish to the next."""
_AT_ONCE = 500
_EVENLY = 60
"""Due times are given in so many steps of the longest limit, so that what comes back comes in handfuls."""


@dataclass(slots=True, eq=False)
class InHand:
    """A batch in hand: its journal, what writes its messages, when its lease runs out, and how many of its rows are not settled yet."""

    hand: Hand
    journal: BatchJournal
    press: Press
    until: float
    left: int


Item = tuple[InHand, Claimed]


class Held(NamedTuple):
    """A message that goes back, when it is due again, and why it waits."""

    item: Item
    due_at: datetime
    why: str


class Lane:
    """The messages in hand for one domain."""

    def __init__(self, destination: Destination) -> None:
        self.destination = destination
        self.service: deque[Item] = deque()
        self.issues: deque[Item] = deque()
        self._permits = 0
        self._since = 0.0
        self._booked: datetime | None = None

    def __len__(self) -> int:
        return len(self.service) + len(self.issues)

    @property
    def may(self) -> int:
        """How many may go now."""
        return min(self._permits, len(self))

    def take(self) -> Item:
        """Return the next one; `may` says whether there is one."""
        self._permits -= 1
        return (self.service or self.issues).popleft()

    def ask(self) -> Ask | None:
        """Say how much we would send now, and hand back what was granted and not used."""
        limits = self.destination.pace.limits(clock.now().date())
        service, issues = wish(limits, len(self.service), len(self.issues))
        if not (service or issues or self._permits):
            return None
        unspent, self._permits = self._permits, 0
        return Ask(f"domain:{self.destination.name}", limits, service, issues, unspent, self._since)

    def granted(self, ask: Ask, grant: Grant) -> Iterator[Held]:
        """Take what may go now, and give back what has to wait for long."""
        self._permits, self._since = grant.service + grant.issues, grant.since
        if grant.limit is None:
            return
        why = limit_to_domain(grant.limit, self.destination.name)
        later = clock.now() + timedelta(seconds=grant.wait)
        if grant.wait > SOON:
            if grant.service < ask.service:
                yield from self._hold(self.service, grant.service, later, why)
            yield from self._hold(self.issues, grant.issues, later, why)
        else:
            yield from self._hold(self.issues, self._soon() + grant.issues, later, why)

    def pause(self) -> Iterator[Held]:
        """Give issues back while the domain is left alone."""
        until = self.destination.paused_until
        if until is not None:
            while self.issues:
                yield Held(self.issues.popleft(), until, self.destination.left_alone)

    def clear(self) -> Iterator[Item]:
        """Give up all there is."""
        for waiting in (self.service, self.issues):
            while waiting:
                yield waiting.popleft()

    def _hold(self, waiting: deque[Item], keep: int, later: datetime, why: str) -> Iterator[Held]:
        """Give back what is beyond `keep`, each due when its turn may have come."""
        back = [waiting.pop() for _ in range(len(waiting) - keep)]
        for item in reversed(back):
            self._booked = max(self._booked or later, later) + timedelta(seconds=1 / self._rate())
            yield Held(item, _round_up(self._booked, self._grain()), why)

    def _soon(self) -> int:
        """How many are worth keeping in hand."""
        return min(round(self._rate() * SOON), _AT_ONCE)

    def _rate(self) -> float:
        """How many a second the slowest of the limits lets through."""
        limits = self.destination.pace.limits(clock.now().date())
        return min((limit.amount / limit.unit.seconds for limit in limits), default=float(_AT_ONCE))

    def _grain(self) -> float:
        limits = self.destination.pace.limits(clock.now().date())
        slowest = min(limits, key=lambda limit: limit.amount / limit.unit.seconds)
        return max(SOON, slowest.unit.seconds / _EVENLY)


class Lanes:
    """All lanes of one courier."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}
        self.some = False
        """Whether there is any lane."""
        self.open = False
        """Whether something in a lane may go now."""

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))

    @property
    def crowded(self) -> bool:
        """Whether so much waits in them that no more should be taken in hand."""
        return self.some and len(self) > _AT_ONCE * (len(self._lanes) + 1)

    @property
    def may(self) -> int:
        """How many messages may go now."""
        return sum(lane.may for lane in self._lanes.values()) if self.open else 0

    def set(self, destinations: Mapping[str, Destination]) -> list[Item]:
        """Have a lane for each of these domains; return the messages of those that need none any more."""
        freed: list[Item] = []
        for name in self._lanes.keys() - destinations.keys():
            freed += self._lanes.pop(name).clear()
        for name, destination in destinations.items():
            if name in self._lanes:
                self._lanes[name].destination = destination
            else:
                self._lanes[name] = Lane(destination)
        self.some = bool(self._lanes)
        self._look()
        return freed

    def close(self, name: str) -> None:
        """Have a lane for this domain from which nothing goes, unless it has one."""
        if name not in self._lanes:
            self._lanes[name] = Lane(Destination(name))
            self.some = True

    def sort(self, items: Iterable[Item], *, service: bool) -> list[Item]:
        """Take what belongs into a lane, and return the others."""
        others = []
        for item in items:
            lane = self._lanes.get(domain_of(item[1]))
            if lane is None or (service and not lane.destination.pace):
                others.append(item)
            else:
                (lane.service if service else lane.issues).append(item)
        return others

    def take(self) -> Item | None:
        """Return the next message that may go, service mail first."""
        found = [lane for lane in self._lanes.values() if lane.may]
        if not found:
            self.open = False
            return None
        first = next((lane for lane in found if lane.service), found[0])
        item = first.take()
        self._lanes[first.destination.name] = self._lanes.pop(
            first.destination.name
        )  # the others have their turn
        return item

    def asks(self) -> list[Ask]:
        """Say what all lanes with limits wish."""
        wishes = [lane.ask() for lane in self._lanes.values() if lane.destination.pace]
        self._look()
        return [wish for wish in wishes if wish]

    def granted(self, asks: Iterable[Ask], grants: Iterable[Grant]) -> list[Held]:
        """Take what may go now; return what goes back."""
        back: list[Held] = []
        for ask, grant in zip(asks, grants, strict=True):
            lane = self._lanes.get(ask.key.partition(":")[2])
            if lane is not None:
                back += lane.granted(ask, grant)
        self._look()
        return back

    def paused(self) -> list[Held]:
        """Return what goes back because its domain is paused."""
        return [held for lane in self._lanes.values() for held in lane.pause()]

    def queues(self, *, service: bool) -> list[deque[Item]]:
        """Return what waits in each lane."""
        return [lane.service if service else lane.issues for lane in self._lanes.values()]

    def _look(self) -> None:
        self.open = any(lane.may for lane in self._lanes.values())


def wish(limits: tuple[mail.Limit, ...], service: int, issues: int) -> tuple[int, int]:
    """Return how many are worth asking for at once: no more than will go until the next wish."""
    a_second = [limit.amount for limit in limits if limit.unit is mail.Unit.SECOND]
    most = min([_AT_ONCE, *(-int(-amount * TICK * 1.5 // 1) for amount in a_second)])
    service = min(service, most)
    return service, min(issues, most - service)


def limit_to_domain(limit: mail.Limit, name: str) -> str:
    """Say in plain words which limit of a domain has been reached."""
    return _TO_DOMAIN[limit.unit] % {"amount": f"{limit.amount:,}", "name": name}


def limit_of_relay(limit: mail.Limit, name: str) -> str:
    """Say in plain words which limit of a relay has been reached."""
    return _THROUGH_RELAY[limit.unit] % {"amount": f"{limit.amount:,}", "name": name}


_TO_DOMAIN = {
    mail.Unit.SECOND: "Only %(amount)s messages a second may go to %(name)s.",
    mail.Unit.HOUR: "Only %(amount)s messages an hour may go to %(name)s.",
    mail.Unit.DAY: "Only %(amount)s messages a day may go to %(name)s.",
}
_THROUGH_RELAY = {
    mail.Unit.SECOND: "Only %(amount)s messages a second may leave through %(name)s.",
    mail.Unit.HOUR: "Only %(amount)s messages an hour may leave through %(name)s.",
    mail.Unit.DAY: "Only %(amount)s messages a day may leave through %(name)s.",
}


def domain_of(row: Claimed) -> str:
    """Return the domain that a message goes to, as the ledger writes it."""
    return row.address.rpartition("@")[2].lower()


def _round_up(moment: datetime, grain: float) -> datetime:
    stamp = moment.timestamp()
    return moment + timedelta(seconds=-stamp % grain)
