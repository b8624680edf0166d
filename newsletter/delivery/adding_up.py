"""Adding up how a large mailing fares by domain and by reply, so that nobody who looks has to count a million rows.

Only batches that have come to rest since the last time are counted again, a few at a time: what each came to then is kept,
so that the difference can be added to the sum. Nothing on a courier's way knows of it.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, delete, or_, select, update

from newsletter import clock
from newsletter.database import transaction
from newsletter.delivery.fates import Counts, count_batches, largest, share_of, without_words
from newsletter.delivery.states import RUNNING
from newsletter.delivery.tables import Batch, BreakdownRow, Mailing
from newsletter.delivery.upserts import add, insert_into

SMALL = 10_000
"""A mailing to no more than this is counted by whoever looks."""
DOMAINS = 8
"""So many of the largest domains are told apart."""
_AT_ONCE = 20
"""Batches that are counted in one transaction: some hundredths of a second, for which SQLite keeps couriers waiting."""
_LONGEST = 0.25
_AFTERWARDS = timedelta(minutes=10)
"""How long after its end a mailing is still looked at."""
_MOST_REASONS = 1_000
"""Beyond so many, what a server said is no longer told apart."""
_SUM = 0
_SAMPLES = 60.0
"""Seconds over which a domain's rate is measured."""
_SAMPLE_EVERY = 5.0


def add_up(engine: Engine) -> None:
    """Add up what has come to rest; for a quarter of a second at most, the rest next time."""
    until = time.monotonic() + _LONGEST
    with transaction(engine) as connection:
        mailings = connection.execute(_large()).scalars().all()
    for mailing_id in mailings:
        while time.monotonic() < until and _add_some(engine, mailing_id):
            pass


def begin_again(connection: Connection, mailing_id: int) -> None:
    """Forget what was added up of a mailing, because its recipients have become more."""
    connection.execute(delete(BreakdownRow).where(BreakdownRow.mailing_id == mailing_id))


def the_sum(connection: Connection, mailing_id: int, *, to_change: bool = False) -> dict[str, Any] | None:
    """Return what was added up of a mailing, or nothing where that was not begun."""
    this = (BreakdownRow.mailing_id == mailing_id) & (BreakdownRow.first_seq == _SUM)
    found = select(BreakdownRow.counts).where(this)
    if to_change:
        found = found.with_for_update(skip_locked=True)
    return connection.execute(found).scalar()


def _large() -> Any:
    begun = select(BreakdownRow.mailing_id).where(BreakdownRow.mailing_id == Mailing.id).exists()
    lately = Mailing.finished_at > clock.now() - _AFTERWARDS
    return (
        select(Mailing.id)
        .where(Mailing.recipients > SMALL, or_(Mailing.state.in_(RUNNING), lately, ~begun))
        .order_by(Mailing.id.desc())
    )


def _add_some(engine: Engine, mailing_id: int) -> bool:
    """Count some batches again; tell whether there may be more."""
    with transaction(engine) as connection:
        if the_sum(connection, mailing_id) is None:
            _begin(connection, mailing_id)
        whole = the_sum(connection, mailing_id, to_change=True)
        if whole is None:  # another process is at it
            return False
        rested = connection.execute(_rested(mailing_id)).all()
        if rested or _is_due(whole):
            _add(connection, mailing_id, whole, rested)
        return len(rested) == _AT_ONCE


def _begin(connection: Connection, mailing_id: int) -> None:
    domains, of = largest(connection, mailing_id, DOMAINS)
    whole = {"domains": domains, "of": of, "counts": {}, "samples": []}
    add(connection, BreakdownRow, {"mailing_id": mailing_id, "first_seq": _SUM}, counts=whole)


def _rested(mailing_id: int) -> Any:
    """Batches that nobody has in hand and that have moved since they were counted."""
    kept = and_(BreakdownRow.mailing_id == Batch.mailing_id, BreakdownRow.first_seq == Batch.first_seq)
    moved = BreakdownRow.first_seq.is_(None) | (BreakdownRow.moves != Batch.moves)
    return (
        select(Batch.first_seq, Batch.moves, BreakdownRow.counts)
        .outerjoin(BreakdownRow, kept)
        .where(Batch.mailing_id == mailing_id, Batch.lease_owner.is_(None), moved)
        .order_by(Batch.first_seq)
        .limit(_AT_ONCE)
    )


def _add(
    connection: Connection, mailing_id: int, whole: dict[str, Any], rested: Sequence[Row[*tuple[Any, ...]]]
) -> None:
    counts: Counts = Counter(whole["counts"])
    firsts = [row.first_seq for row in rested]
    found = count_batches(connection, mailing_id, firsts, whole["domains"]) if firsts else {}
    for row in rested:
        now = _bounded(found.get(row.first_seq, Counter()), counts)
        counts.subtract(row.counts or {})
        counts.update(now)
        _keep(connection, mailing_id, row, now)
    whole = {
        **whole,
        "counts": {key: count for key, count in counts.items() if count},
        "samples": _samples(whole, counts),
    }
    this = (BreakdownRow.mailing_id == mailing_id) & (BreakdownRow.first_seq == _SUM)
    connection.execute(update(BreakdownRow).where(this).values(counts=whole))


def _bounded(found: Counts, so_far: Mapping[str, int]) -> dict[str, int]:
    """Leave out rates, which are measured otherwise here, and tell no more replies apart than can be read."""
    bounded: Counts = Counter()
    full = len(so_far) > _MOST_REASONS
    for key, count in found.items():
        if not key.startswith("recent"):
            bounded[without_words(key) if full and key not in so_far else key] += count
    return dict(bounded)


def _keep(
    connection: Connection, mailing_id: int, row: Row[*tuple[Any, ...]], counts: dict[str, int]
) -> None:
    values = {"moves": row.moves, "counts": counts}
    kept = insert_into(connection, BreakdownRow).values(
        mailing_id=mailing_id, first_seq=row.first_seq, **values
    )
    connection.execute(kept.on_conflict_do_update(index_elements=["mailing_id", "first_seq"], set_=values))


# How fast each domain takes mail


def _is_due(whole: Mapping[str, Any]) -> bool:
    """Whether the rates have to be measured again although nothing has come to rest: they have fallen."""
    samples = whole["samples"]
    return bool(samples) and samples[0][1] != samples[-1][1] and _now() - samples[-1][0] >= _SAMPLE_EVERY


def _samples(whole: Mapping[str, Any], counts: Mapping[str, int]) -> list[Any]:
    samples, now = whole["samples"], _now()
    if samples and now - samples[-1][0] < _SAMPLE_EVERY:
        return list(samples)
    sent = {name: counts.get(share_of(name, "sent"), 0) for name in whole["domains"]}
    return [*(one for one in samples if one[0] > now - _SAMPLES), [now, sent]]


def _now() -> float:
    return clock.now().timestamp()
