"""The ledger's tables.

A mailing owns its messages (one compiled template for each variant), its recipients (one row each, numbered from 1) and
its batches (ranges of recipients, the unit that a courier claims). The counters of a mailing are kept by the same
transactions that change its recipients, so they add up at every moment and nobody ever counts rows.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from newsletter.database import Json, Model, UTCDateTime
from newsletter.delivery.states import MailingState, State, Unknown

LARGE = 10_000
"""A mailing to more than this is added up beside it, and found by an index of its own."""


class Mailing(Model):
    """The sending of an issue, or of one service mail, to a set of recipients."""

    __tablename__ = "mailings"
    __table_args__ = (
        Index(
            "ix_mailings_service",
            "id",
            sqlite_where=text("service = 1 AND finished_at IS NULL"),
            postgresql_where=text("service AND finished_at IS NULL"),
        ),
        Index(
            "ix_mailings_large",
            "id",
            sqlite_where=text(f"recipients > {LARGE}"),
            postgresql_where=text(f"recipients > {LARGE}"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(500))
    reference: Mapped[str] = mapped_column(String(200), index=True)
    nonce: Mapped[str] = mapped_column(String(16))
    """Random, so that Message-IDs of two installations that send for one domain never meet."""
    scope: Mapped[int | None]
    service: Mapped[bool] = mapped_column(default=False)
    sender_email: Mapped[str] = mapped_column(String(320))
    unknown_policy: Mapped[str] = mapped_column(String(8), default=Unknown.RESEND)
    state: Mapped[str] = mapped_column(String(12), default=MailingState.QUEUED)
    paused_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    start_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    readers: Mapped[str | None] = mapped_column(Text)
    """The SELECT of its readers in words, until all of them are frozen."""
    frozen_to: Mapped[int | None]
    """The number of the last reader that was frozen, while others follow."""
    filled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its first recipients were written down, by the database's clock."""
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    extended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last got more recipients than it began with."""

    recipients: Mapped[int] = mapped_column(default=0)
    queued: Mapped[int] = mapped_column(default=0)
    sending: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    deferred: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    suppressed: Mapped[int] = mapped_column(default=0)


class Message(Model):
    """One variant of a mailing, compiled: `mail.Template.dump()`."""

    __tablename__ = "messages"

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    variant: Mapped[str] = mapped_column(String(35), primary_key=True)
    template: Mapped[bytes] = mapped_column(LargeBinary)


class Recipient(Model):
    """One row of the ledger: a mailing × an address. Nothing that changes is indexed, so updates stay in place.

    Both indexes begin with the mailing, so that a new one is written at their ends, however long they are. Whoever looks
    for a reader goes through the mailings.
    """

    __tablename__ = "recipients"
    __table_args__ = (
        Index("ix_recipients_mailing_id_reader", "mailing_id", "reader"),
        {"sqlite_with_rowid": False, "postgresql_with": {"fillfactor": "70"}},
    )

    mailing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key: a look at the mailing for each of a million rows took a third of the fill, and none is written but
    with its mailing."""
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10), default=State.QUEUED)
    address: Mapped[str] = mapped_column(String(320))
    domain: Mapped[str] = mapped_column(String(255))
    variant: Mapped[str] = mapped_column(String(35))
    reader: Mapped[int | None]
    name: Mapped[str | None] = mapped_column(String(500))
    fields: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often the other side put it off: what the retry schedule counts."""
    doubts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often its answer was lost after the message had left."""
    setbacks: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often it came back through a fault of ours or of the relay; never held against the reader."""
    leaving: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Withdrawn while a courier had it in hand: not to be tried again."""
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code: Mapped[int | None]
    reply: Mapped[str | None] = mapped_column(Text)
    """The other side's words, as they came."""
    reason: Mapped[str | None] = mapped_column(String(300))
    """What they mean, in plain words."""


class Batch(Model):
    """A range of a mailing's recipients, which one courier claims at a time, under a lease."""

    __tablename__ = "batches"
    __table_args__ = (
        Index(
            "ix_batches_due_at",
            "due_at",
            "mailing_id",
            "first_seq",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index(
            "ix_batches_lease_owner",
            "lease_owner",
            sqlite_where=text("lease_owner IS NOT NULL"),
            postgresql_where=text("lease_owner IS NOT NULL"),
        ),
    )

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    first_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_seq: Mapped[int]
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the first of its recipients is due; empty when none is left."""
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """By the database's clock, as is the next."""
    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When others saw that the lease had run out, and began to wait for a word from its courier."""
    moves: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Raised with each change of its recipients that is to be added up: when it is given back, or somebody steers it."""


class SuppressionRow(Model):
    """An address that must not be mailed, known by its keyed hash; readable only until it is forgotten."""

    __tablename__ = "suppressions"
    __table_args__ = (Index("ix_suppressions_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str | None] = mapped_column(String(320))
    reason: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class RelayRow(Model):
    """What is known of a relay beyond its address: until when it rests, and why."""

    __tablename__ = "relays"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    rests_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the present trouble began."""
    well_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last took a message."""
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    """Of the address for which all this holds: a relay whose address was changed is tried at once."""
    full_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its limits let issues through again."""
    full_reason: Mapped[str | None] = mapped_column(Text)


class DomainRow(Model):
    """How a domain that mail goes to is treated otherwise than others: its limits, or a pause because it blamed us."""

    __tablename__ = "domains"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    per_second: Mapped[int | None]
    per_hour: Mapped[int | None]
    per_day: Mapped[int | None]
    warm_up: Mapped[str | None] = mapped_column(String(300))
    warm_up_from: Mapped[date | None] = mapped_column(Date)
    paused_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    pauses: Mapped[int] = mapped_column(default=0)
    """How many there were in a row."""
    since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str | None] = mapped_column(String(300))
    reply: Mapped[str | None] = mapped_column(Text)
    """Its words, as they came."""


class WorkerRow(Model):
    """A process that delivers, and when it was last seen, by the database's clock."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    alone_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when it keeps limits by itself, because it cannot reach Redis."""
    ahead: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    """How many seconds its clock is ahead of the database's; less than 0 where it is behind."""
    swept_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last swept for due mail, which the clock asks for every second."""
    connections: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    """How many it has open to which relay, as of some seconds ago."""


class HandedRow(Model):
    """How many messages a relay was handed, by what became of each attempt; a count that only rises."""

    __tablename__ = "handed"

    relay: Mapped[str] = mapped_column(String(255), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(10), primary_key=True)
    messages: Mapped[int] = mapped_column(BigInteger, default=0)


class BreakdownRow(Model):
    """How a large mailing fares by domain and by reply, added up beside it so that nobody has to count its rows.

    The row of a batch holds what it came to when it was last counted, and its `moves` then; the row 0 is the sum of them.
    """

    __tablename__ = "breakdowns"

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    first_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moves: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Of the sum: the end of its mailing, once all is in it that had moved by then."""
    counts: Mapped[dict[str, Any]] = mapped_column(Json)


class RateRow(Model):
    """What one mailing did within ten seconds."""

    __tablename__ = "rates"

    mailing_id: Mapped[int] = mapped_column(
        ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Tens of seconds since 1970, UTC."""
    sent: Mapped[int] = mapped_column(default=0)
    deferred: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
