"""What delivery takes and gives: the frozen types of its face."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from newsletter import mail
from newsletter.delivery.states import MailingState, State, Unknown

T = TypeVar("T")
WRONG_CLOCK = 5.0
"""Seconds by which a machine's clock may differ from the database's; a network's time keeps them within a tenth."""


@dataclass(frozen=True)
class Letter:
    """What is to be sent: one compiled template for each variant (such as a language).

    `reference` is the caller's own name for it ("issue:42"), `scope` a number that goes into each link. The first
    variant serves readers whose own is not there.
    """

    label: str
    reference: str
    templates: Mapping[str, mail.Template]
    sender_email: str
    scope: int | None = None
    unknown: str = Unknown.RESEND
    start_at: datetime | None = None
    service: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a mailing has come. `queued` to `suppressed` add up to `recipients` at every moment."""

    mailing_id: int
    label: str
    reference: str
    state: MailingState
    recipients: int
    queued: int
    sending: int
    sent: int
    deferred: int
    refused: int
    unknown: int
    withdrawn: int
    suppressed: int
    start_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    extended_at: datetime | None
    """When it last got more recipients than it began with."""
    rate: float
    """Messages a second over the last minute or so."""
    rate_now: float
    """Messages a second over the last twenty seconds or so."""
    expected_end: datetime | None
    next_try_at: datetime | None
    """When something is tried again, where nothing can be done now."""
    notice: str
    """Why it waits, in plain words; empty while all is well."""
    notice_in_short: str
    """The same for those who do not run this installation: what a relay said may name files and machines."""
    paused_by: str | None
    grows: bool
    """Its readers are being frozen: `recipients` grows for some seconds yet."""

    @property
    def left(self) -> int:
        """How many are still to be sent, as far as is known now."""
        return self.queued + self.sending + self.deferred

    @property
    def took(self) -> timedelta | None:
        """How long it took, where it is over and went out in one go."""
        if self.extended_at or not (self.started_at and self.finished_at):
            return None
        return self.finished_at - self.started_at

    @property
    def waiting(self) -> int:
        """How many have not been tried to the end: in the queue, or on the wire."""
        return self.queued + self.sending

    @property
    def not_mailed(self) -> int:
        """How many never get it: withdrawn, or suppressed."""
        return self.withdrawn + self.suppressed


@dataclass(frozen=True)
class Tally:
    """What one call of `deliver` did: outcomes, not recipients."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    unknown: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class RecipientView:
    """One row of the ledger, to read."""

    mailing_id: int
    seq: int
    label: str
    reference: str
    scope: int | None
    address: str
    variant: str
    reader: int | None
    name: str | None
    state: State
    attempts: int
    due_at: datetime | None
    sent_at: datetime | None
    code: int | None
    reply: str | None
    reason: str | None
    message_id: str


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a longer list."""

    items: tuple[T, ...]
    number: int
    of: int
    total: int


@dataclass(frozen=True)
class DomainShare:
    """How the readers at one mail domain fared. `sent` to `not_mailed` add up to `recipients`."""

    domain: str
    recipients: int
    sent: int
    deferred: int
    refused: int
    unknown: int
    waiting: int
    not_mailed: int
    rate: float = field(default=0.0, kw_only=True)
    """Messages a second over the last minute."""
    waits_for: str = field(default="", kw_only=True)
    """Why most of what waits here is tried later, in plain words."""
    next_at: datetime | None = field(default=None, kw_only=True)
    """When the first of that is tried again."""

    def explained(self, rate: float, waits_for: str, next_at: datetime | None) -> "DomainShare":
        """Return it with its rate, and what its mail waits for."""
        return replace(self, rate=rate, waits_for=waits_for, next_at=next_at)


@dataclass(frozen=True)
class Said:
    """How many were answered alike: a server's words with "…" for what differs from message to message."""

    count: int
    words: str


@dataclass(frozen=True)
class Reason:
    """Why some messages did not go through: how many, what that means, what the servers said, and when they are tried again."""

    count: int
    outcome: State
    words: str
    replies: tuple[Said, ...] = ()
    next_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True)
class Rate:
    """How fast a mailing went from a moment on, in messages sent a minute."""

    at: datetime
    a_minute: int


@dataclass(frozen=True)
class Suppression:
    """An address that is not mailed. `address` is empty where it was forgotten and only its hash is kept."""

    id: int
    address: str | None
    reason: str
    note: str
    at: datetime


@dataclass(frozen=True)
class RelayState:
    """How a relay does. While it rests, `reason` says why in plain words, and `rests_until` when it is tried again.

    While it has had all that its limits allow, `full_reason` names the limit, and issues wait until `full_until`.
    """

    name: str
    resting: bool
    rests_until: datetime | None
    reason: str | None
    since: datetime | None
    well_at: datetime | None
    pace: mail.Pace = field(default_factory=mail.Pace)
    full_until: datetime | None = None
    full_reason: str | None = None
    fault: mail.Fault | None = None
    """Whose fault it is that it rests."""


@dataclass(frozen=True)
class Destination:
    """A domain with limits, or one that is paused because it blamed us: then `reason` says what for, in plain words."""

    name: str
    pace: mail.Pace = field(default_factory=mail.Pace)
    paused_until: datetime | None = None
    was_paused: bool = False
    """Whether it has taken no mail since its last pause."""
    reason: str = ""
    reply: str = ""
    since: datetime | None = None

    @property
    def left_alone(self) -> str:
        """What mail is told to wait for while this is paused."""
        return f"{self.name} is left alone for a while. {self.reason}"


@dataclass(frozen=True)
class Wait:
    """How many messages of a mailing wait for one reason, when the next of them goes and when the last."""

    count: int
    words: str
    next_at: datetime
    last_at: datetime
    domain: str
    """Where all of them go to, if it is one."""
    paused: str = ""
    """The domain whose pause they wait for, if they do."""


@dataclass(frozen=True)
class Breakdown:
    """How a mailing fares by domain, by reason, and what of it waits for what.

    The lines of `domains`, the largest, and of `others` add up to `total` in each state. It may be a second or two behind
    the mailing's own counts; `counted` tells whether there is something yet.
    """

    domains: tuple[DomainShare, ...] = ()
    others: DomainShare | None = None
    total: DomainShare | None = None
    of: int = 0
    """How many domains there are."""
    reasons: tuple[Reason, ...] = ()
    waits: tuple[Wait, ...] = ()
    counted: bool = True


@dataclass(frozen=True)
class Worker:
    """A process that delivers, and when it was last seen."""

    name: str
    started_at: datetime
    seen_at: datetime
    alone_since: datetime | None = None
    """Since when it keeps limits by itself, because it cannot reach Redis."""
    ahead: float = 0.0
    """How many seconds its machine's clock is ahead of the database's; less than 0 where it is behind."""
    connections: Mapping[str, int] = field(default_factory=dict)
    """How many it has open to which relay, as of some seconds ago."""

    @property
    def clock_is_wrong(self) -> bool:
        """Whether its clock differs by so much that mail is dated wrong, tried early or late."""
        return abs(self.ahead) >= WRONG_CLOCK


@dataclass(frozen=True)
class Health:
    """Whether mail goes out: who was seen at work of late, how the relays do, what waits, and what is open to each relay."""

    workers: tuple[Worker, ...]
    relays: tuple[RelayState, ...]
    waiting_service_mail: int
    oldest_waiting_since: datetime | None
    connections: Mapping[str, int] = field(default_factory=dict)
