"""How a courier gets work: batches under a lease, service mail first.

A lease runs by the clock of the database, which all machines share; what is due is told by each machine's own, where a
difference makes mail earlier or later and no more. On PostgreSQL couriers pass each other with SKIP LOCKED; on SQLite
every transaction is alone anyway.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import QueryableAttribute, aliased

from newsletter import clock
from newsletter.database import UTCDateTime, moment
from newsletter.delivery.counting import Counts
from newsletter.delivery.outcomes import Claimed, Policy
from newsletter.delivery.states import MailingState, State
from newsletter.delivery.suppressions import suppressed_among, suppressed_since
from newsletter.delivery.tables import Batch, Mailing, Recipient

LEASE = timedelta(seconds=120)
_AT_ONCE = 32
"""Service mailings have one recipient each, so many are claimed together."""
_STEERING = 7_301_994
"""The advisory lock that couriers share, and that whoever steers a mailing takes alone."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A claimed batch: what a courier has in hand."""

    mailing_id: int
    first_seq: int
    last_seq: int
    policy: Policy
    scope: int
    nonce: str
    sender_email: str
    rows: tuple[Claimed, ...]

    @property
    def key(self) -> tuple[int, int]:
        """What the batch is known by."""
        return self.mailing_id, self.first_seq


def share(connection: Connection) -> None:
    """Keep those who steer mailings out until this transaction ends; other couriers may work beside it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _STEERING})


def steer(connection: Connection) -> None:
    """Keep all couriers' transactions out until this one ends, so that nothing moves while a mailing is turned."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _STEERING})


def is_due(connection: Connection) -> bool:
    """Tell whether there is a batch that a courier could claim now."""
    return connection.execute(_DUE.limit(1), {"now": clock.now()}).first() is not None


def claim(connection: Connection, owner: str, counts: Counts, *, service_only: bool = False) -> list[Hand]:
    """Claim what is due: one batch of an issue, or some service mails. Empty when nothing is due."""
    now = clock.now()
    found = connection.execute(_SERVICE, {"now": now}).all()
    if not found and not service_only:
        found = connection.execute(_ISSUE, {"now": now}).all()
    _lease(connection, owner, [(row.mailing_id, row.first_seq) for row in found])
    return [_take(connection, row, counts, now) for row in found]


def renew(connection: Connection, owner: str) -> set[tuple[int, int]]:
    """Renew a courier's leases and return which batches are still its own."""
    mine = update(Batch).where(Batch.lease_owner == owner)
    renewed = mine.values(lease_until=moment(connection, LEASE), called_at=None)
    rows = connection.execute(renewed.returning(Batch.mailing_id, Batch.first_seq))
    return {(mailing_id, first_seq) for mailing_id, first_seq in rows}


def waiting(now: BindParameter[datetime] | None = None) -> ColumnElement[bool]:
    """Rows that nobody has in hand and that would be sent some time, or by `now`."""
    due = Recipient.due_at.is_not(None) if now is None else Recipient.due_at <= now
    queued = Recipient.state == State.QUEUED
    if now is not None:
        queued = and_(queued, or_(Recipient.due_at.is_(None), due))
    return or_(queued, and_(Recipient.state.in_((State.DEFERRED, State.UNKNOWN)), due))


_Number = int | BindParameter[int] | QueryableAttribute[int]


def within(mailing_id: _Number, first_seq: _Number, last_seq: _Number) -> ColumnElement[bool]:
    """Rows of one batch."""
    return and_(Recipient.mailing_id == mailing_id, Recipient.seq.between(first_seq, last_seq))


_DUE = (
    select(
        Batch.mailing_id,
        Batch.first_seq,
        Batch.last_seq,
        Mailing.service,
        Mailing.unknown_policy,
        Mailing.scope,
        Mailing.nonce,
        Mailing.sender_email,
        Mailing.filled_at,
    )
    .join(Mailing, Mailing.id == Batch.mailing_id)
    .where(
        Batch.due_at <= bindparam("now", type_=UTCDateTime),
        Batch.lease_owner.is_(None),
        Mailing.state.in_((MailingState.QUEUED, MailingState.SENDING)),
    )
)
_LONGEST_DUE_FIRST = _DUE.order_by(Batch.due_at, Batch.mailing_id, Batch.first_seq)
_waiting_service = aliased(Mailing)
_SERVICE_WAITS = (
    select(_waiting_service.id)
    .where(_waiting_service.service, _waiting_service.finished_at.is_(None))
    .exists()
)
"""Asked first, by an index of its own: else each claim would look all due batches of a large issue through."""
_SERVICE = (
    _LONGEST_DUE_FIRST.where(_SERVICE_WAITS, Mailing.service)
    .limit(_AT_ONCE)
    .with_for_update(of=Batch, skip_locked=True)
)
_ISSUE = _LONGEST_DUE_FIRST.where(~Mailing.service).limit(1).with_for_update(of=Batch, skip_locked=True)
"""Each locks what it takes and no more: to a courier that asks at the same moment, what is locked is not there.

Statements are put together once; SQLAlchemy takes longer over that than the database over the answer.
"""
_CLAIMED = update(Batch).where(
    tuple_(Batch.mailing_id, Batch.first_seq).in_(bindparam("keys", expanding=True))
)


def _lease(connection: Connection, owner: str, keys: list[tuple[int, int]]) -> None:
    if keys:
        leased = _CLAIMED.values(lease_owner=owner, lease_until=moment(connection, LEASE), called_at=None)
        connection.execute(leased, {"keys": keys})


def _take(connection: Connection, row: Row[*tuple[Any, ...]], counts: Counts, now: datetime) -> Hand:
    """Take a batch's due rows in hand; those whose address was suppressed meanwhile are spared."""
    this = {"mailing": row.mailing_id, "first": row.first_seq, "last": row.last_seq}
    rows = _taken(connection, this, now)
    rows.sort(key=itemgetter(1))
    for state, count in Counter([claimed.rests_as for claimed in rows]).items():
        counts.move(row.mailing_id, state, State.SENDING, count)
    spared = _spare(connection, row, rows, counts)
    return Hand(
        row.mailing_id,
        row.first_seq,
        row.last_seq,
        Policy(service=row.service, unknown=row.unknown_policy),
        row.scope or 0,
        row.nonce,
        row.sender_email,
        tuple(claimed for claimed in rows if claimed.seq not in spared) if spared else tuple(rows),
    )


def _taken(connection: Connection, batch: dict[str, int], now: datetime) -> list[Claimed]:
    """Take rows in hand and read them. SQLite's driver lets go of the interpreter at each row, so it gives but one."""
    if connection.dialect.name == "postgresql":
        return list(map(Claimed._make, connection.execute(_TAKE_AND_READ, {**batch, "now": now}).all()))
    connection.execute(_TAKE, {**batch, "now": now})
    document = connection.execute(_READ_AS_ONE, batch).scalar_one()
    return list(map(Claimed._make, json.loads(document)))


CLAIMED = tuple(
    getattr(Recipient, name)
    for name in (
        "mailing_id",
        "seq",
        "address",
        "variant",
        "reader",
        "name",
        "fields",
        "attempts",
        "doubts",
        "setbacks",
    )
)


_BATCH = within(bindparam("mailing"), bindparam("first"), bindparam("last"))
_TAKE = (
    update(Recipient).where(_BATCH, waiting(bindparam("now", type_=UTCDateTime))).values(state=State.SENDING)
)
_TAKE_AND_READ = _TAKE.returning(*CLAIMED)
_READ_AS_ONE = select(func.json_group_array(func.json_array(*CLAIMED))).where(
    _BATCH, Recipient.state == State.SENDING
)


def _spare(
    connection: Connection, batch: Row[*tuple[Any, ...]], rows: list[Claimed], counts: Counts
) -> set[int]:
    """Mark those suppressed since the mailing was filled. A service mail was looked at when it was posted."""
    mailing_id = batch.mailing_id
    if batch.service or not suppressed_since(connection, batch.filled_at):
        return set()
    addresses = suppressed_among(connection, [row.address for row in rows])
    seqs = {row.seq for row in rows if row.address in addresses}
    if seqs:
        spared = update(Recipient).where(Recipient.mailing_id == mailing_id, Recipient.seq.in_(seqs))
        connection.execute(spared.values(state=State.SUPPRESSED, due_at=None))
        counts.move(mailing_id, State.SENDING, State.SUPPRESSED, len(seqs))
    return seqs
