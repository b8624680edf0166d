"""What a courier has in hand: batches, the messages of them that still have to go, and the outcomes to be recorded.

Keeps account of each row from its claim to its outcome, so that a batch is given back exactly when its last row is
settled. Nothing here waits for anything.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from newsletter import mail
from newsletter.delivery.books import Key, Turn
from newsletter.delivery.claims import LEASE, Hand
from newsletter.delivery.journal import BatchJournal, Journal
from newsletter.delivery.outcomes import Claimed, Policy, Sent, sent
from newsletter.delivery.writing import Templates

_MARGIN = 15.0
"""A message is no longer begun so shortly before its lease runs out."""


class LeaseLostError(Exception):
    """A batch is in hand no more: this process slept, or could not reach the ledger for too long."""


@dataclass(slots=True, eq=False)
class InHand:
    """A batch in hand: its journal, when its lease runs out, and how many of its rows are not settled yet."""

    hand: Hand
    journal: BatchJournal
    templates: Templates
    until: float
    left: int


Item = tuple[InHand, Claimed]


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
        self._finished: list[Key] = []

    @property
    def ready(self) -> int:
        """How many messages wait to be taken."""
        return len(self._service) + len(self._issues)

    @property
    def empty(self) -> bool:
        """Whether nothing is in hand, and nothing left to record."""
        return not (self._hands or self._sent or self._results or self._back or self._finished)

    @property
    def unsaid(self) -> int:
        """How many outcomes wait to be recorded."""
        return len(self._sent) + len(self._results)

    @property
    def has_finished(self) -> bool:
        """Whether a batch waits to be given back."""
        return bool(self._finished)

    def add(self, hand: Hand, templates: Templates) -> None:
        """Take a batch that was just claimed."""
        until = time.monotonic() + LEASE.total_seconds()
        held = InHand(hand, self._journal.open(*hand.key, hand.last_seq), templates, until, len(hand.rows))
        self._hands[hand.key] = held
        waiting = self._service if hand.policy.service else self._issues
        waiting.extend((held, row) for row in hand.rows)
        if not hand.rows:
            self._finished.append(hand.key)

    def take(self) -> Item | None:
        """Return the next message to send, service mail first; nothing where there is none."""
        soon = time.monotonic() + _MARGIN
        while waiting := self._service or self._issues:
            item = waiting.popleft()
            if item[0].until > soon:
                return item
            self._settled(item[0], item[1], back=True)
        return None

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

    def put_back(self, which: Callable[[Claimed], bool] = lambda _: True) -> None:
        """Give back messages that nobody has taken yet."""
        for waiting in (self._service, self._issues):
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
