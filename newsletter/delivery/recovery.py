"""Setting right what dead couriers left, and starting what has become due.

A courier that was killed leaves batches under its lease. Where its journal is at hand, the batch is settled exactly:
what was answered is recorded, what was on the wire becomes unknown, the rest goes back to the queue at once. Where it
is not (another machine's), the lease has to run out first. Then its courier is called, and has a while to say that it
lives: a database that was away, or whose clock was set, makes all leases run out at once, and nobody is dead. Only where
no word comes is the batch settled without a journal, and all that is not known becomes unknown.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, Row, select, true, tuple_, update

from newsletter import clock, mail
from newsletter.database import db, moment, transaction
from newsletter.delivery import journal
from newsletter.delivery.adding_up import add_up
from newsletter.delivery.claims import CLAIMED, is_due, share, within
from newsletter.delivery.counting import Counts
from newsletter.delivery.freezing import freeze_due
from newsletter.delivery.ledger import give_back, record, record_sent, release
from newsletter.delivery.outcomes import Claimed, Policy, Settled, sent, settle
from newsletter.delivery.states import State
from newsletter.delivery.tables import Batch, Mailing, Recipient
from newsletter.delivery.workers import journal_folder, seen

_LONGEST = 0.25
_GRACE = timedelta(seconds=60)
"""How long a courier that was called is waited for. It renews its leases twice a second, and sends nothing under one that
has run out."""


def sweep() -> bool:
    """Start the mailings whose time has come, set right what dead couriers left, add up; tell whether mail is due now.

    Meant to be called every second or two. Commits what the caller's session holds, and works in transactions of its
    own.
    """
    db.session.commit()
    engine = db.engine
    folder = journal_folder()
    seen(engine, sweeping=True)
    freeze_some(engine)
    settle_orphans(engine, folder)
    settle_expired(engine, folder)
    add_up(engine)
    with transaction(engine) as connection:
        return is_due(connection)


def freeze_some(engine: Engine) -> None:
    """Freeze recipients of mailings whose time has come; for a quarter of a second or so, and what is left next time."""
    until = time.monotonic() + _LONGEST
    while freeze_due(engine) and time.monotonic() < until:
        pass


def settle_orphans(engine: Engine, folder: Path) -> None:
    """Settle the batches of couriers whose journals are here and whose processes are not."""
    for owner in journal.owners(folder):
        with journal.adopt(folder, owner) as orphan:
            if orphan is not None:
                with transaction(engine) as connection:
                    _settle(connection, owner, orphan, true())
                orphan.remove()


def settle_expired(engine: Engine, folder: Path) -> None:
    """Settle for couriers on other machines that were called and said nothing; call those whose leases have run out."""
    with transaction(engine) as connection:
        owners = set(connection.scalars(select(Batch.lease_owner).where(_silent(connection)).distinct()))
    for owner in sorted(owner for owner in owners - set(journal.owners(folder)) if owner):
        with transaction(engine) as connection:
            _settle(connection, owner, None, _silent(connection))
    with transaction(engine) as connection:
        _call(connection)


def _silent(connection: Connection) -> ColumnElement[bool]:
    return Batch.called_at < moment(connection, -_GRACE)


def _call(connection: Connection) -> None:
    """Call those whose leases have run out. Whoever lives answers by renewing them."""
    share(connection)
    late = (Batch.lease_until < moment(connection)) & Batch.called_at.is_(None)
    found = select(Batch.mailing_id, Batch.first_seq).where(late).with_for_update(skip_locked=True)
    keys = [tuple(key) for key in connection.execute(found)]
    if keys:
        batches = update(Batch).where(tuple_(Batch.mailing_id, Batch.first_seq).in_(keys))
        connection.execute(batches.values(called_at=moment(connection)))


def settle_stray(connection: Connection, owner: str, known: set[tuple[int, int]], counts: Counts) -> None:
    """Give back batches under a courier's own lease that it does not know of: the answer to its claim was lost."""
    for batch in _leased(connection, Batch.lease_owner == owner):
        key = (batch.mailing_id, batch.first_seq)
        if key not in known:
            give_back(connection, _unsettled(connection, batch), counts)
            release(connection, owner, key, counts)


def _settle(
    connection: Connection, owner: str, orphan: journal.Orphan | None, which: ColumnElement[bool]
) -> None:
    share(connection)
    counts = Counts()
    for batch in _leased(connection, (Batch.lease_owner == owner) & which, skip=orphan is None):
        _settle_batch(connection, batch, orphan, counts)
        release(connection, owner, (batch.mailing_id, batch.first_seq), counts)
    counts.write(connection)


def _settle_batch(
    connection: Connection, batch: Row[int, int, int], orphan: journal.Orphan | None, counts: Counts
) -> None:
    now = clock.now()
    policy = _policy(connection, batch.mailing_id)
    results = orphan.results(batch.mailing_id, batch.first_seq) if orphan else {}
    certain = orphan is not None and orphan.whole
    rows = _unsettled(connection, batch)
    met = [row for row in rows if not certain or row.seq in results]
    heard = [(row, results.get(row.seq, journal.unheard(row.seq))) for row in met]
    taken = [sent(row, result.reply) for row, result in heard if result.outcome == mail.Outcome.SENT]
    record_sent(connection, taken, counts)
    others = (
        settle(row, result, policy, now) for row, result in heard if result.outcome != mail.Outcome.SENT
    )
    record(connection, [_without_wait(settled, now) for settled in others], counts)
    give_back(connection, [row for row in rows if certain and row.seq not in results], counts)


def _without_wait(settled: Settled, now: datetime) -> Settled:
    """Let a first doubt be settled at once: nothing is on its way any more that could settle it."""
    if settled.state == State.UNKNOWN and settled.due_at and settled.doubts == 1:
        return replace(settled, due_at=now)
    return settled


def _leased(
    connection: Connection, which: ColumnElement[bool], *, skip: bool = False
) -> Sequence[Row[int, int, int]]:
    """Read batches under a lease; one that is renewed meanwhile is `which` no more.

    With `skip` what somebody works on at this moment is left out: its courier lives.
    """
    mine = select(Batch.mailing_id, Batch.first_seq, Batch.last_seq).where(which)
    ordered = mine.order_by(Batch.mailing_id, Batch.first_seq)
    return connection.execute(ordered.with_for_update(skip_locked=skip)).all()


def _unsettled(connection: Connection, batch: Row[int, int, int]) -> list[Claimed]:
    mine = within(batch.mailing_id, batch.first_seq, batch.last_seq) & (Recipient.state == State.SENDING)
    return [Claimed(*row) for row in connection.execute(select(*CLAIMED).where(mine).order_by(Recipient.seq))]


def _policy(connection: Connection, mailing_id: int) -> Policy:
    row = connection.execute(
        select(Mailing.service, Mailing.unknown_policy).where(Mailing.id == mailing_id)
    ).one()
    return Policy(service=row.service, unknown=row.unknown_policy)
