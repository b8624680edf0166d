"""Issues that come by themselves: drafted by a rule for their list, some days ahead or at their time, and sent if asked.

Each date of a rule is taken by one conditional update in the transaction that makes its draft, so that of many workers one
does it, once. After downtime what is late by less than a day is made up for; of what is older the editors are told.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import audience, clock, languages, settings
from newsletter.database import Json, Model, UTCDateTime, db
from newsletter.errors import Invalid, NewsletterError, NotFound
from newsletter.issues.choosing import new_entries
from newsletter.issues.drafting import draft, issue, name_of
from newsletter.issues.sending.rhythms import Beat, Rhythm
from newsletter.issues.sending.sending import LATE, hold, send
from newsletter.issues.sending.telling import tell_editors
from newsletter.issues.tables import Issue

_log = logging.getLogger(__name__)
MOST_AHEAD = 14


class RecurrenceRow(Model):
    """The rule by which a list's issues come out."""

    __tablename__ = "recurrences"

    list_id: Mapped[int] = mapped_column(
        ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    rhythm: Mapped[dict[str, Any]] = mapped_column(Json)
    ahead: Mapped[int] = mapped_column(default=0)
    sends: Mapped[bool] = mapped_column(default=False)
    skips: Mapped[bool] = mapped_column(default=True)
    paused_by: Mapped[str | None]
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    act_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="SET NULL"), index=True)
    """What it made last."""
    skipped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The last date for which there was nothing new to tell."""


@dataclass(frozen=True)
class Recurrence:
    """How the issues of a list come out.

    A draft is made `ahead` days before its date, or at the date itself. With `sends` it goes out by itself, unless a
    check finds an error; else editors are told that it is ready. With `skips` none is made while nothing is new.
    """

    rhythm: Rhythm
    ahead: int = 3
    sends: bool = False
    skips: bool = True
    paused_by: str = ""
    next_at: datetime | None = None
    issue_id: int | None = None
    skipped_at: datetime | None = None


def recurrence(list_id: int) -> Recurrence | None:
    """Return how the issues of a list come out by themselves; none where they do not."""
    row = db.session.get(RecurrenceRow, list_id, populate_existing=True)
    return _read(row) if row else None


def set_recurrence(list_id: int, new: Recurrence) -> Recurrence:
    """Let the issues of a list come out by a rule from now on. Raises `Invalid`, `NotFound`."""
    audience.mailing_list(list_id)
    if not 0 <= new.ahead <= MOST_AHEAD:
        raise Invalid(f"Choose a number of days from 0 to {MOST_AHEAD}.", "ahead")
    kept = db.session.get(RecurrenceRow, list_id) or RecurrenceRow(list_id=list_id)
    kept.rhythm = _dump(new.rhythm)
    kept.ahead, kept.sends, kept.skips = new.ahead, new.sends, new.skips
    _set_next(kept, new.rhythm, clock.now())
    db.session.add(kept)
    db.session.flush()
    return _read(kept)


def end_recurrence(list_id: int) -> None:
    """Let no more issues of a list come by themselves; what was made stays."""
    row = db.session.get(RecurrenceRow, list_id)
    if row:
        db.session.delete(row)
        db.session.flush()


def pause_recurrence(list_id: int, by: str) -> None:
    """Make no issues by a rule until it is resumed. Raises `NotFound`."""
    _row(list_id).paused_by = by
    db.session.flush()


def resume_recurrence(list_id: int) -> None:
    """Go on with a rule from its next date on; what was missed is not made up for. Raises `NotFound`."""
    row = _row(list_id)
    row.paused_by = None
    _set_next(row, _rhythm(row.rhythm), clock.now())
    db.session.flush()


def next_dates(rhythm: Rhythm, count: int = 3) -> list[datetime]:
    """Return the next moments of a rule, by the organisation's clock."""
    return rhythm.next_ones(settings.publication().zone, clock.now(), count)


def recur(now: datetime | None = None) -> list[int]:
    """Make the issues whose turn has come by their lists' rules, and return their ids."""
    now = now or clock.now()
    due = select(RecurrenceRow).where(RecurrenceRow.act_at <= now, RecurrenceRow.paused_by.is_(None))
    made = [_made_or_left(row, now) for row in db.session.scalars(due.order_by(RecurrenceRow.list_id)).all()]
    return [one for one in made if one is not None]


def _made_or_left(row: RecurrenceRow, now: datetime) -> int | None:
    """Take a list's turn; where its issue cannot be made it is tried again, and keeps no other list from its own."""
    list_id = row.list_id
    try:
        with db.session.begin_nested():
            return _take_turn(row, now)
    except DBAPIError:
        raise
    except Exception:  # noqa: BLE001 - set aside and logged, so that the others go on
        _log.exception("no issue of list %s could be made", list_id)
        return None


def _take_turn(row: RecurrenceRow, now: datetime) -> int | None:
    list_id, moment, act_at = row.list_id, row.next_at, row.act_at
    following = next(_rhythm(row.rhythm).moments(settings.publication().zone, max(moment, now - LATE)))
    mine = update(RecurrenceRow).where(
        RecurrenceRow.list_id == list_id,
        RecurrenceRow.next_at == moment,
        RecurrenceRow.act_at == act_at,
        RecurrenceRow.paused_by.is_(None),
    )
    values = {"next_at": following, "act_at": following - timedelta(days=row.ahead)}
    taken = db.session.execute(mine.values(**values), execution_options={"synchronize_session": False})
    db.session.expire(row)
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    if now - moment > LATE:
        _tell_missed(list_id, moment)
        return None
    if row.skips and not new_entries(audience.mailing_list(list_id)):
        row.skipped_at = moment
        db.session.flush()
        return None
    row.issue_id = _make(row, moment, now)
    db.session.flush()
    return row.issue_id


def _make(row: RecurrenceRow, moment: datetime, now: datetime) -> int:
    made = draft(row.list_id)
    if not row.sends:
        _tell_ready(made, moment)
        return made.id
    try:
        with db.session.begin_nested():
            send(made.id, moment if moment > now else None)
    except NewsletterError as error:
        sentence = str(error)
        hold(issue(made.id), lambda language: languages.translator(language).filled(sentence))
    return made.id


def _tell_ready(made: Issue, moment: datetime) -> None:
    tell_editors(
        "A draft of %(name)s is ready",
        ("It is meant for %(moment)s, and goes out only when you say so.",),
        f"/dashboard/issues/{made.id}",
        name=lambda language: name_of(made, language),
        moment=lambda language: _written(moment, language),
    )


def _tell_missed(list_id: int, moment: datetime) -> None:
    mailing_list = audience.mailing_list(list_id)
    tell_editors(
        "No issue of %(name)s was made",
        ("One was meant for %(moment)s, but no worker ran then and it is more than a day late.",),
        f"/dashboard/lists/{mailing_list.slug}/rhythm",
        name=mailing_list.title,
        moment=lambda language: _written(moment, language),
    )


def _written(moment: datetime, language: str) -> str:
    return languages.write_moment(moment, settings.publication().timezone, language)


def _set_next(row: RecurrenceRow, rhythm: Rhythm, now: datetime) -> None:
    """Begin with the next date; one whose draft should lie there already gets it at once."""
    row.next_at = next(rhythm.moments(settings.publication().zone, now))
    row.act_at = row.next_at - timedelta(days=row.ahead)
    last = db.session.get(Issue, row.issue_id) if row.issue_id else None
    if last and row.act_at <= last.created_at:  # that date has its draft already
        row.next_at = next(rhythm.moments(settings.publication().zone, row.next_at))
        row.act_at = row.next_at - timedelta(days=row.ahead)


def _row(list_id: int) -> RecurrenceRow:
    row = db.session.get(RecurrenceRow, list_id, populate_existing=True)
    if row is None:
        raise NotFound("The issues of this list do not come out by a rule.")
    return row


def _read(row: RecurrenceRow) -> Recurrence:
    return Recurrence(
        _rhythm(row.rhythm),
        row.ahead,
        row.sends,
        row.skips,
        row.paused_by or "",
        row.next_at,
        row.issue_id,
        row.skipped_at,
    )


def _dump(rhythm: Rhythm) -> dict[str, Any]:
    return asdict(rhythm) | {"hour": f"{rhythm.hour:%H:%M}", "since": rhythm.since.isoformat()}


def _rhythm(kept: Mapping[str, Any]) -> Rhythm:
    values = dict(kept)
    values |= {
        "beat": Beat(kept["beat"]),
        "hour": time.fromisoformat(kept["hour"]),
        "since": date.fromisoformat(kept["since"]),
    }
    return Rhythm(**values)
