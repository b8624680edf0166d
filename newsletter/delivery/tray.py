"""What a courier has in hand: batches, the messages of them that still have to go, and the outcomes to be recorded.

Keeps account of each row from its claim to its outcome, so that a batch is given back exactly when its last row is
settled. Nothing here waits for anything.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from newsletter import mail
from newsletter.delivery.books import Key, Turn
from newsletter.delivery.claims import LEASE, Hand
from newsletter.delivery.faces import Destination
from newsletter.delivery.journal import Journal
from newsletter.delivery.lanes import Held, InHand, Item, Lanes
from newsletter.delivery.outcomes import Claimed, Policy, Sent, Settled, sent, withheld
from newsletter.delivery.writing import Press

_MARGIN = 15.0
"""A message is no longer begun so shortly before its lease runs out."""


class LeaseLostError(Exception):
    """A batch is in hand no more: this process slept, or could not reach the ledger for too long."""


class Tray:
    """The batches that one courier has in hand."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._hands: dict[Key, InHand] = {}
        self._service: deque[Item] = deque()
        self._issues: deque[Item] = deque()
        self._sent: list[Sent] = []
        self._results: list[tuple[Claimed, mail.Result, Policy]] = []
        self._back: list[Claimed] = []
        self._held: list[Settled] = []
        self.lanes = Lanes()
        self._finished: list[Key] = []

    @property
    def ready(self) -> int:
        """How many messages wait to be taken."""
        return len(self._service) + len(self._issues) + self.lanes.may

    @property
    def service(self) -> int:
        """How many service mails wait to be taken."""
        return len(self._service)

    @property
    def empty(self) -> bool:
        """Whether nothing is in hand, and nothing left to record."""
        return not (self._hands or self._sent or self._results or self._back or self._held or self._finished)

    @property
    def unsaid(self) -> int:
        """How many outcomes wait to be recorded."""
        return len(self._sent) + len(self._results)

    @property
    def has_finished(self) -> bool:
        """Whether a batch waits to be given back."""
        return bool(self._finished)

    def add(self, hand: Hand, press: Press) -> None:
        """Take a batch that was just claimed."""
        until = time.monotonic() + LEASE.total_seconds()
        held = InHand(hand, self._journal.open(*hand.key, hand.last_seq), press, until, len(hand.rows))
        self._hands[hand.key] = held
        waiting = self._service if hand.policy.service else self._issues
        items: Iterable[Item] = [(held, row) for row in hand.rows]
        if self.lanes.some:
            items = self.lanes.sort(items, service=hand.policy.service)
            self.hold(self.lanes.paused())
        waiting.extend(items)
        if not hand.rows:
            self._finished.append(hand.key)

    def take(self) -> Item | None:
        """Return the next message to send, service mail first; nothing where there is none."""
        soon = time.monotonic() + _MARGIN
        while item := self._next():
            if item[0].until > soon:
                return item
            self._settled(item[0], item[1], back=True)
        return None

    def _next(self) -> Item | None:
        if self._service:
            return self._service.popleft()
        if self.lanes.open and (item := self.lanes.take()):
            return item
        return self._issues.popleft() if self._issues else None

    def treat(self, domains: Mapping[str, Destination]) -> None:
        """Take over which domains have limits or are paused; their messages wait apart from the others."""
        special = {name: one for name, one in domains.items() if one.pace or one.paused_until}
        freed = self.lanes.set(special)
        if not (special or freed):
            return
        for waiting, service in ((self._service, True), (self._issues, False)):
            items = [*waiting, *(item for item in freed if item[0].hand.policy.service is service)]
            waiting.clear()
            waiting.extend(self.lanes.sort(items, service=service))
        self.hold(self.lanes.paused())

    def set_aside(self, domain: str) -> None:
        """Keep what is in hand for a domain apart, until the ledger says for how long it is left alone."""
        self.lanes.close(domain)
        items = self.lanes.sort(list(self._issues), service=False)
        self._issues.clear()
        self._issues.extend(items)

    def hold(self, back: Iterable[Held]) -> None:
        """Give messages back that are due later, because their domain or relay is to get no more for now."""
        for item, due_at, why in back:
            self._held.append(withheld(item[1], due_at, why))
            self._settled(*item)

    def hold_service(self, due_at: datetime, why: str) -> None:
        """Give service mail back that no relay may carry now."""
        self.hold([Held(item, due_at, why) for item in self._service])
        self._service.clear()

    def on_the_wire(self, item: Item) -> None:
        """Write down that a message's final dot leaves now."""
        held, row = item
        if held.until < time.monotonic():
            raise LeaseLostError
        held.journal.on_the_wire(row.seq)

    def settle(self, item: Item, result: mail.Result) -> None:
        """Take an outcome, into the journal first."""
        held, row = item
        held.journal.outcome(row.seq, result)
        if result.outcome is mail.Outcome.SENT:
            self._sent.append(sent(row, result.reply))
        else:
            self._results.append((row, result, held.hand.policy))
        self._settled(held, row)

    def put_back(
        self, which: Callable[[Claimed], bool] = lambda _: True, *, issues_alone: bool = False
    ) -> None:
        """Give back messages that nobody has taken yet."""
        queues = [self._issues, *self.lanes.queues(service=False)]
        if not issues_alone:
            queues += [self._service, *self.lanes.queues(service=True)]
        for waiting in queues:
            for _ in range(len(waiting)):
                item = waiting.popleft()
                if which(item[1]):
                    self._settled(item[0], item[1], back=True)
                else:
                    waiting.append(item)

    def report(self, turn: Turn) -> None:
        """Move all that is to be recorded into a turn."""
        turn.sent, self._sent = self._sent, []
        turn.results, self._results = self._results, []
        turn.back, self._back = self._back, []
        turn.held, self._held = self._held, []
        turn.finished, self._finished = self._finished, []
        turn.hands = [(*key, held.hand.last_seq) for key, held in self._hands.items()]

    def recorded(self, turn: Turn) -> None:
        """Drop the journals of batches that the ledger has whole."""
        for key in turn.finished:
            self._hands.pop(key).journal.remove()

    def leases(self, mine: set[Key], since: float) -> None:
        """Note which leases were renewed; what belongs to a lost one is sent no more."""
        for key, held in self._hands.items():
            held.until = since + LEASE.total_seconds() if key in mine else 0.0

    def abandon(self) -> None:
        """Close all journals as they are; whoever comes next settles them."""
        for held in self._hands.values():
            held.journal.close()

    def _settled(self, held: InHand, row: Claimed, *, back: bool = False) -> None:
        if back:
            self._back.append(row)
        held.left -= 1
        if not held.left:
            self._finished.append(held.hand.key)
