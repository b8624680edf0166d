"""At the same time by each reader's own clock: an issue frozen once, whose readers get it zone by zone.

It stays one mailing, so its report, its links and what comes back need nothing new: those of the first zone begin it, those
of each further one are added when their time has come. Who has a row in it gets it no second time, and whoever moves to a
zone whose time has passed gets it with the next. Readers without a zone go by the organisation's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock, delivery, settings
from newsletter.audience import Subscriber
from newsletter.database import Model, UTCDateTime, db
from newsletter.errors import Conflict
from newsletter.issues.drafting import issue
from newsletter.issues.plans import readers_of
from newsletter.issues.reading import editions
from newsletter.issues.tables import Issue, State
from newsletter.issues.variants import with_variants

_LOOK_AGAIN = timedelta(minutes=15)
"""So often it is looked who has moved meanwhile to a zone whose turn comes sooner."""


class WaveRow(Model):
    """The time by readers' own clocks at which an issue goes out, while some of them still wait for it."""

    __tablename__ = "waves"

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    local: Mapped[str] = mapped_column(String(16))
    """As a clock on the wall shows it: `2026-12-07T09:00`."""
    next_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    paused_by: Mapped[str | None] = mapped_column(String(200))


@dataclass(frozen=True)
class Wave:
    """The readers who get an issue at one moment, and the zones that they are in; the empty one stands for none."""

    at: datetime
    zones: tuple[str, ...]
    readers: int


def local_time(issue_id: int) -> datetime | None:
    """Return the time by readers' own clocks at which an issue goes out, without a zone; none for most issues."""
    row = _row(issue_id)
    return datetime.fromisoformat(row.local) if row else None


def paused_by(issue_id: int) -> str:
    """Return who has paused what is still to come; empty where nobody has."""
    row = _row(issue_id)
    return (row.paused_by or "") if row else ""


def waves(found: Issue, local: datetime, in_languages: Sequence[str] | None = None) -> list[Wave]:
    """Return who gets an issue when, the first first: those alone who have no row of it yet."""
    by_moment: dict[datetime, list[tuple[str, int]]] = {}
    for zone, count in _by_zone(found, in_languages):
        by_moment.setdefault(_moment(zone, local), []).append((zone, count))
    return [
        Wave(at, tuple(zone for zone, _ in ones), sum(count for _, count in ones))
        for at, ones in sorted(by_moment.items())
    ]


def set_waves(found: Issue, local: datetime | None) -> datetime | None:
    """Keep that an issue goes by readers' own clocks, or no longer; return the first moment, also one that has passed."""
    row = _row(found.id)
    if local is None:
        if row:
            db.session.delete(row)
            db.session.flush()
        return None
    planned = waves(found, local)
    first = planned[0].at if planned else _moment("", local)
    db.session.merge(WaveRow(issue_id=found.id, local=local.isoformat(timespec="minutes"), next_at=first))
    db.session.flush()
    return first


def whose_time_has_come(
    found: Issue, readers: Select[*tuple[Any, ...]], now: datetime
) -> Select[*tuple[Any, ...]]:
    """Narrow readers, as `readers_of` selects them, to those whose time has come; to nobody less where all go at once."""
    local = local_time(found.id)
    if local is None:
        return readers
    zones = [zone for zone, _ in _by_zone(found) if _moment(zone, local) <= now]
    return readers.where(Subscriber.timezone.in_(zones))


def next_wave(found: Issue, now: datetime) -> bool:
    """Note when the next of an issue's readers get it, and tell whether there are any."""
    row = _row(found.id)
    if row is None:
        return False
    left = [one.at for one in waves(found, datetime.fromisoformat(row.local))]
    if left:
        row.next_at = min(max(left[0], now), now + _LOOK_AGAIN)
    else:
        db.session.delete(row)
    db.session.flush()
    return bool(left)


def send_waves(now: datetime | None = None) -> list[int]:
    """Add to the mailings of issues the readers whose time has come by their own clock; return those issues' ids."""
    now = now or clock.now()
    due = (
        select(WaveRow.issue_id)
        .join(Issue, Issue.id == WaveRow.issue_id)
        .where(WaveRow.next_at <= now, WaveRow.paused_by.is_(None), Issue.state == State.SENDING)
    )
    return [one for one in db.session.scalars(due).all() if _send_wave(issue(one), now)]


def _send_wave(found: Issue, now: datetime) -> bool:
    in_languages = [one.language for one in editions(found.id)]
    readers = whose_time_has_come(found, _without_row(found, readers_of(found, in_languages)), now)
    try:
        with db.session.begin_nested():
            # the mailing is locked by this, so that of two who are at it the second finds nobody left
            added = delivery.extend(
                found.mailing_id or 0, with_variants(readers, found, found.pieces, in_languages)
            )
    except Conflict:  # its first readers are not all frozen yet; the next sweep looks again
        return False
    next_wave(found, now)
    return bool(added)


def to_come(issue_id: int) -> list[Wave]:
    """Return which readers of an issue that is going out still wait for their time."""
    found, local = issue(issue_id), local_time(issue_id)
    return waves(found, local) if local and found.state is State.SENDING else []


def pause_waves(issue_id: int, by: str | None) -> bool:
    """Hold back the zones that are still to come, or with nobody let them go on; tell whether there are any."""
    row = _row(issue_id)
    if row is not None:
        row.paused_by = by
        db.session.flush()
    return row is not None


def waiting_issues() -> Select[tuple[int]]:
    """Return the SELECT of the issues of which some readers still wait for their time."""
    return select(WaveRow.issue_id)


def _row(issue_id: int) -> WaveRow | None:
    return db.session.get(WaveRow, issue_id, populate_existing=True)


def _by_zone(found: Issue, in_languages: Sequence[str] | None = None) -> list[tuple[str, int]]:
    readers = _without_row(found, readers_of(found, in_languages))
    zones = readers.with_only_columns(Subscriber.timezone, func.count(), maintain_column_froms=True)
    return [(zone, count) for zone, count in db.session.execute(zones.group_by(Subscriber.timezone))]


def _without_row(found: Issue, readers: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    if found.mailing_id is None:
        return readers
    return readers.where(~delivery.has_row(found.mailing_id, Subscriber.id))


def _moment(zone: str, local: datetime) -> datetime:
    """Return when clocks in a zone show a time; a zone that is none is the organisation's."""
    own = settings.publication().zone
    try:
        return local.replace(tzinfo=ZoneInfo(zone) if zone else own)
    except (KeyError, ValueError):
        return local.replace(tzinfo=own)
