"""Adding up how a large mailing fares by domain and by reply, so that nobody who looks has to count a million rows.

Only batches that have moved since the last time are counted again, a few at a time, once nobody has them in hand: what
each came to then is kept, so that the difference can be added to the sum. Nothing on a courier's way knows of it.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, literal, or_, select, update

from newsletter import clock
from newsletter.database import transaction
from newsletter.delivery.claims import share
from newsletter.delivery.fates import Counts, count_batches, largest, said_in, share_of, without_words
from newsletter.delivery.tables import LARGE, Batch, BreakdownRow, Mailing, Recipient
from newsletter.delivery.upserts import add, insert_into

DOMAINS = 8
"""So many of the largest domains are told apart."""
_SHARED = 20
"""A domain of a large mailing with fewer readers than this has no line of its own: its name might tell who they are."""
_AT_ONCE = 20
"""Batches that are counted in one transaction: some hundredths of a second, for which SQLite keeps couriers waiting."""
_LONGEST = 0.25
_AFTERWARDS = timedelta(minutes=10)
"""How long after its end a mailing is still looked at, for answers that come late and rates that fall."""
_MOST_REPLIES = 200
"""Beyond so many, what servers said is no longer told apart."""
_SUM = 0
_SAMPLES = 60.0
"""Seconds over which a domain's rate is measured."""
_SAMPLE_EVERY = 5.0


def add_up(engine: Engine) -> None:
    """Add up what has moved; for a quarter of a second at most, and what is left next time."""
    until = time.monotonic() + _LONGEST
    with transaction(engine) as connection:
        mailings = connection.execute(_large()).all()
    for mailing_id, finished_at in mailings:
        while time.monotonic() < until and _add_some(engine, mailing_id, finished_at):
            pass


def begin_again(connection: Connection, mailing_id: int) -> None:
    """Forget what was added up of a mailing, because its recipients have become more."""
    connection.execute(delete(BreakdownRow).where(BreakdownRow.mailing_id == mailing_id))


def the_sum(connection: Connection, mailing_id: int, *, to_change: bool = False) -> dict[str, Any] | None:
    """Return what was added up of a mailing, or nothing where that was not begun."""
    found = select(BreakdownRow.counts).where(_sum_of(mailing_id))
    if to_change:
        found = found.with_for_update(skip_locked=True)
    return connection.execute(found).scalar()


def told_apart(connection: Connection, rows: ColumnElement[bool]) -> list[int]:
    """Return the mailings of these rows whose sum has a line for the row's own domain."""
    whole = (BreakdownRow.mailing_id == Recipient.mailing_id) & (BreakdownRow.first_seq == _SUM)
    domains = BreakdownRow.counts["domains"]
    found = select(Recipient.mailing_id, Recipient.domain, domains).join(BreakdownRow, whole).where(rows)
    return [mailing_id for mailing_id, domain, lines in connection.execute(found) if domain in lines]


def _sum_of(mailing_id: int) -> ColumnElement[bool]:
    return (BreakdownRow.mailing_id == mailing_id) & (BreakdownRow.first_seq == _SUM)


def _large() -> Any:
    """Large mailings that may have moved: those that run, those that ended lately, those that were never seen to the end.

    One that still grows has no sum to begin with.
    """
    whole = (BreakdownRow.mailing_id == Mailing.id) & (BreakdownRow.first_seq == _SUM)
    seen = select(BreakdownRow.mailing_id).where(whole, BreakdownRow.finished_at == Mailing.finished_at)
    lately = Mailing.finished_at > clock.now() - _AFTERWARDS
    large = Mailing.recipients > literal(LARGE, literal_execute=True)  # else no engine takes the index
    return (
        select(Mailing.id, Mailing.finished_at)
        .where(large, Mailing.readers.is_(None), or_(lately, ~seen.exists()))
        .order_by(Mailing.id.desc())
    )


def _add_some(engine: Engine, mailing_id: int, finished_at: datetime | None) -> bool:
    """Count some batches again; tell whether there may be more."""
    with transaction(engine) as connection:
        share(connection)  # while somebody steers it, its rows and its sum change
        if the_sum(connection, mailing_id) is None:
            _begin(connection, mailing_id)
        whole = the_sum(connection, mailing_id, to_change=True)
        if whole is None:  # another process is at it
            return False
        over = finished_at is not None and not _in_hand(connection, mailing_id)
        moved = connection.execute(_moved(mailing_id)).all()
        if moved or _is_due(whole):
            _add(connection, mailing_id, whole, moved)
        elif over:
            _close(connection, mailing_id, finished_at)
        return len(moved) == _AT_ONCE


def _in_hand(connection: Connection, mailing_id: int) -> bool:
    leased = select(Batch.first_seq).where(Batch.mailing_id == mailing_id, Batch.lease_owner.is_not(None))
    return connection.execute(leased.limit(1)).first() is not None


def _close(connection: Connection, mailing_id: int, finished_at: datetime | None) -> None:
    """Keep that all is in the sum, as of an end that was read before anything was looked for."""
    open_yet = _sum_of(mailing_id) & BreakdownRow.finished_at.is_distinct_from(finished_at)
    connection.execute(update(BreakdownRow).where(open_yet).values(finished_at=finished_at))


def _begin(connection: Connection, mailing_id: int) -> None:
    found, of = largest(connection, mailing_id, DOMAINS)
    domains = {name: total for name, total in found.items() if total >= _SHARED}
    whole = {"domains": domains, "of": of, "counts": {}, "samples": []}
    add(connection, BreakdownRow, {"mailing_id": mailing_id, "first_seq": _SUM}, counts=whole)


def _moved(mailing_id: int) -> Any:
    """Batches that nobody has in hand and that have moved since they were counted."""
    kept = and_(BreakdownRow.mailing_id == Batch.mailing_id, BreakdownRow.first_seq == Batch.first_seq)
    anew = BreakdownRow.first_seq.is_(None) | (BreakdownRow.moves != Batch.moves)
    return (
        select(Batch.first_seq, Batch.moves, BreakdownRow.counts)
        .outerjoin(BreakdownRow, kept)
        .where(Batch.mailing_id == mailing_id, Batch.lease_owner.is_(None), anew)
        .order_by(Batch.first_seq)
        .limit(_AT_ONCE)
    )


def _add(
    connection: Connection, mailing_id: int, whole: dict[str, Any], moved: Sequence[Row[*tuple[Any, ...]]]
) -> None:
    counts: Counts = Counter(whole["counts"])
    firsts = [row.first_seq for row in moved]
    found = count_batches(connection, mailing_id, firsts, whole["domains"]) if firsts else {}
    told = {said_in(key) for key in counts} | {""}
    for row in moved:
        now = _bounded(found.get(row.first_seq, Counter()), told)
        counts.subtract(row.counts or {})
        counts.update(now)
        _keep(connection, mailing_id, row, now)
    whole = {
        **whole,
        "counts": {key: count for key, count in counts.items() if count},
        "samples": _samples(whole, counts),
    }
    connection.execute(update(BreakdownRow).where(_sum_of(mailing_id)).values(counts=whole))


def _bounded(found: Counts, told: set[str]) -> dict[str, int]:
    """Leave out rates, which are measured otherwise here, and tell no more replies apart than can be read."""
    bounded: Counts = Counter()
    for key, count in found.items():
        said = said_in(key)
        if len(told) < _MOST_REPLIES:
            told.add(said)
        if not key.startswith("recent"):
            bounded[key if said in told else without_words(key)] += count
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
    """Whether the rates have to be measured again although nothing has moved: they have fallen."""
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
