"""The courier's side of the ledger: everything that it has to say and to ask, in one short transaction a turn.

A turn runs on a thread of its own, so that the network never waits for the database, and can be repeated as it is when
the database did not answer.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from newsletter import clock, mail
from newsletter.database import transaction
from newsletter.delivery.batch_log import BatchLog
from newsletter.delivery.claims import Hand, claim, renew, share
from newsletter.delivery.counting import Counts
from newsletter.delivery.destinations import pause_domain, special, went_well
from newsletter.delivery.faces import Destination
from newsletter.delivery.ledger import (
    NotAllThereError,
    give_back,
    leaving,
    record,
    record_sent,
    release,
    stopped,
)
from newsletter.delivery.outcomes import Claimed, Policy, Sent, Settled, settle
from newsletter.delivery.recovery import settle_stray
from newsletter.delivery.relays import count_handed, fill_up, full_until, rest, resting_until, wake_up
from newsletter.delivery.tables import Message
from newsletter.delivery.workers import note_alone, note_connections
from newsletter.delivery.writing import Templates

Key = tuple[int, int]


class Pause(NamedTuple):
    """A domain that is to be left alone for a while, and why."""

    domain: str
    reason: str
    reply: str


@dataclass
class Turn:
    """What a courier has to say, and what it asks for."""

    sent: list[Sent] = field(default_factory=list)
    results: list[tuple[Claimed, mail.Result, Policy]] = field(default_factory=list)
    back: list[Claimed] = field(default_factory=list)
    held: list[Settled] = field(default_factory=list)
    """What goes back until its domain or relay may have more."""
    finished: list[Key] = field(default_factory=list)
    hands: list[tuple[int, int, int]] = field(default_factory=list)
    """All batches in hand: mailing, first and last number."""
    rests: list[tuple[str, mail.Fault, str]] = field(default_factory=list)
    woken: set[str] = field(default_factory=set)
    filled: list[tuple[str, datetime, str]] = field(default_factory=list)
    """Relays that have had all that their limits allow: until when, and which limit it is."""
    pauses: list[Pause] = field(default_factory=list)
    mended: set[str] = field(default_factory=set)
    """Domains that take mail again after a pause."""
    alone: tuple[datetime | None] | None = None
    """Since when limits are kept without Redis, where that has changed."""
    handed: Counter[tuple[str, mail.Outcome]] = field(default_factory=Counter)
    """How many attempts each relay was given since the turn before, by outcome."""
    connections: dict[str, int] | None = None
    """How many are open to which relay, where it is time to note that."""
    settled: list[Settled] = field(default_factory=list)
    """What `results` come to, once the turn was taken."""
    claim: bool = False
    service_only: bool = False
    look: bool = False
    """See whether mailings were stopped, readers have left, relays rest."""
    again: bool = False
    """An earlier try of this turn may have come through: look for claims whose answer was lost."""

    def __bool__(self) -> bool:
        return any(
            (
                self.sent,
                self.results,
                self.back,
                self.held,
                self.finished,
                self.rests,
                self.filled,
                self.pauses,
            )
        ) or bool(self.mended or self.alone or self.claim or self.look or self.connections is not None)


@dataclass
class Answer:
    """What the ledger says."""

    hands: list[Hand] = field(default_factory=list)
    templates: dict[int, Templates] = field(default_factory=dict)
    mine: set[Key] | None = None
    stopped: set[int] = field(default_factory=set)
    leaving: set[tuple[int, int]] = field(default_factory=set)
    resting: dict[str, datetime] | None = None
    full: dict[str, datetime] = field(default_factory=dict)
    domains: dict[str, Destination] | None = None


class Books:
    """One courier's access to the ledger."""

    def __init__(self, engine: Engine, owner: str) -> None:
        self._engine = engine
        self._owner = owner
        self._templates: dict[int, Templates] = {}
        self._handed: Counter[tuple[str, mail.Outcome]] = Counter()
        self._log = BatchLog()

    def turn(self, turn: Turn) -> Answer:
        """Take one turn: all of it happens, or nothing."""
        try:
            answer = self._take(turn, careful=turn.again)
        except NotAllThereError:
            answer = self._take(turn, careful=True)
        self._tell(turn, answer)
        return answer

    def _tell(self, turn: Turn, answer: Answer) -> None:
        """Let the log, and the counts that are written now and then, follow what was just committed."""
        self._handed = Counter() if turn.connections is not None else self._handed + turn.handed
        self._log.recorded(turn.sent, turn.settled, {relay for relay, _ in turn.handed})
        self._log.given_back(turn.finished)
        self._log.claimed(answer.hands)

    def _take(self, turn: Turn, *, careful: bool) -> Answer:
        answer = Answer()
        counts = Counts()
        with transaction(self._engine) as connection:
            share(connection)
            self._say(connection, turn, counts, careful=careful)
            self._ask(connection, turn, counts, answer)
            counts.write(connection)
        return answer

    def _say(self, connection: Connection, turn: Turn, counts: Counts, *, careful: bool) -> None:
        now = clock.now()
        record_sent(connection, turn.sent, counts, careful=careful)
        turn.settled = [settle(row, result, policy, now) for row, result, policy in turn.results]
        record(connection, turn.settled, counts, careful=careful)
        give_back(connection, turn.back, counts, careful=careful)
        record(connection, turn.held, counts, careful=careful)
        for key in turn.finished:
            release(connection, self._owner, key, counts)
        for name in turn.woken:
            wake_up(connection, name)
        for name, fault, reason in turn.rests:
            rest(connection, name, fault, reason)
        if turn.connections is not None:
            note_connections(connection, turn.connections)
            count_handed(connection, self._handed + turn.handed)
        self._say_of_limits(connection, turn)

    @staticmethod
    def _say_of_limits(connection: Connection, turn: Turn) -> None:
        for name, until, reason in turn.filled:
            fill_up(connection, name, until, reason)
        for domain, reason, reply in turn.pauses:
            pause_domain(connection, domain, reason, reply)
        for domain in turn.mended:
            went_well(connection, domain)
        if turn.alone:
            note_alone(connection, turn.alone[0])

    def _ask(self, connection: Connection, turn: Turn, counts: Counts, answer: Answer) -> None:
        if turn.again:
            settle_stray(
                connection, self._owner, {(mailing, first) for mailing, first, _ in turn.hands}, counts
            )
        if turn.look:
            answer.mine = renew(connection, self._owner)
            answer.stopped = stopped(connection, {mailing for mailing, _, _ in turn.hands})
            answer.leaving = leaving(connection, turn.hands)
        if turn.look or turn.rests or turn.woken:
            answer.resting = resting_until(connection)
            answer.full = full_until(connection)
        if turn.look or turn.pauses:
            answer.domains = special(connection)
        if turn.claim:
            answer.hands = claim(connection, self._owner, counts, service_only=turn.service_only)
            answer.templates = self._templates_of(connection, {hand.mailing_id for hand in answer.hands})

    def _templates_of(self, connection: Connection, mailings: set[int]) -> dict[int, Templates]:
        """Return the compiled messages of these mailings; those of the claim before are still at hand."""
        known = {mailing: self._templates[mailing] for mailing in mailings & self._templates.keys()}
        if mailings:
            self._templates = known | _templates(connection, mailings - known.keys())
        return self._templates


def _templates(connection: Connection, mailings: Collection[int]) -> dict[int, Templates]:
    """Read the compiled messages of these mailings, each with its first variant first."""
    found: dict[int, dict[str, mail.Template]] = {}
    if not mailings:
        return {}
    rows = select(Message.mailing_id, Message.variant, Message.template).where(
        Message.mailing_id.in_(mailings)
    )
    for mailing_id, variant, template in connection.execute(rows):
        found.setdefault(mailing_id, {})[variant] = mail.Template.load(template)
    return dict(found)
