"""What an issue has been: a row for each saved version, so that saves can be merged, undone, compared and brought back.

Rows older than an hour are thinned out: what one person saved within a minute becomes one version.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock
from newsletter.database import Json, Model, UTCDateTime, db, one_of
from newsletter.errors import NotFound
from newsletter.issues.blocks import load
from newsletter.issues.differences import differences
from newsletter.issues.manuscripts import Manuscript
from newsletter.issues.tables import Issue

WHOLE_FOR = timedelta(hours=1)
"""How long every single save can be told from the next."""

MERGED_WITHIN = timedelta(minutes=1)
_THINNED_EVERY = 50


class Deed(StrEnum):
    """What brought a version about."""

    BEGIN = "begin"
    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    RESTORE = "restore"


class Version(Model):
    """One saved version of an issue: who, when, and all that was written then."""

    __tablename__ = "issue_versions"
    __table_args__ = (UniqueConstraint("issue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    number: Mapped[int]
    since: Mapped[int]
    """The first of the numbers that were thinned into this one; usually its own."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(default="")
    deed: Mapped[Deed] = mapped_column(one_of(Deed), default=Deed.EDIT)
    target: Mapped[int | None]
    """The version that was undone, redone or brought back."""
    place: Mapped[str] = mapped_column(default="")
    """Where it differs from the one before, if that is one place alone."""
    tag: Mapped[str] = mapped_column(default="")
    """A word that the browser made up for this save, by which it is known again where its answer was lost."""
    subjects: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    preheaders: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)

    @property
    def manuscript(self) -> Manuscript:
        """What was written then."""
        return Manuscript(self.subjects, self.preheaders, load(self.blocks))


@dataclass(frozen=True)
class Step:
    """A version without its content."""

    number: int
    since: int
    at: datetime
    by: str
    deed: Deed
    target: int | None
    place: str


def keep_version(found: Issue, by: str, deed: Deed, target: int | None = None, tag: str = "") -> None:
    """Keep what an issue is now as a version of its own."""
    kept = Version(
        issue_id=found.id, number=found.version, since=found.version, at=clock.now(), by=by, deed=deed,
        target=target, tag=tag, subjects=found.subjects, preheaders=found.preheaders, blocks=found.blocks,
    )  # fmt: skip
    before = _latest(found.id)
    kept.place = _only_place(before.manuscript, kept.manuscript) if before else ""
    db.session.add(kept)
    db.session.flush()
    if found.version % _THINNED_EVERY == 0:
        thin(found.id, kept.at)


def _only_place(before: Manuscript, after: Manuscript) -> str:
    changed = differences(before, after)
    return ".".join(changed[0].place) if len(changed) == 1 else ""


def _latest(issue_id: int, up_to: int | None = None) -> Version | None:
    found = select(Version).where(Version.issue_id == issue_id).order_by(Version.number.desc()).limit(1)
    return db.session.scalar(found if up_to is None else found.where(Version.number <= up_to))


def version(issue_id: int, number: int) -> Version:
    """Return one version. Raises `NotFound`."""
    found = db.session.scalar(select(Version).where(Version.issue_id == issue_id, Version.number == number))
    if found is None:
        raise NotFound(f"This issue has no version {number} any more.")
    return found


def version_before(issue_id: int, number: int) -> Version | None:
    """Return the version before another one."""
    return _latest(issue_id, number - 1)


def base_of(issue_id: int, number: int, unanswered: Collection[str] = ()) -> Manuscript | None:
    """Return what somebody saw who works on a version; nothing where that was thinned out.

    `unanswered` are the tags of their saves of which they never heard: one that did arrive is what they work on.
    """
    of_issue = select(Version).where(Version.issue_id == issue_id)
    own = of_issue.where(Version.tag.in_([tag for tag in unanswered if tag]), Version.number > number)
    arrived = db.session.scalar(own.order_by(Version.number.desc()).limit(1))
    if arrived:
        return arrived.manuscript
    next_one = of_issue.where(Version.number > number).order_by(Version.number).limit(1)
    following, found = db.session.scalar(next_one), _latest(issue_id, number)
    return None if found is None or (following and following.since <= number) else found.manuscript


def has_arrived(issue_id: int, tag: str) -> bool:
    """Tell whether a save with this tag was kept before: it was sent again because its answer was lost."""
    found = select(Version.id).where(Version.issue_id == issue_id, Version.tag == tag).limit(1)
    return bool(tag) and db.session.scalar(found) is not None


def steps(issue_id: int) -> list[Step]:
    """Return all versions of an issue, the first one first, without what was written in them."""
    columns = (
        Version.number,
        Version.since,
        Version.at,
        Version.by,
        Version.deed,
        Version.target,
        Version.place,
    )
    rows = db.session.execute(select(*columns).where(Version.issue_id == issue_id).order_by(Version.number))
    return [Step(*row) for row in rows]


def versions(issue_id: int, before: int | None = None, size: int = 50) -> list[Version]:
    """Return versions, the latest first; `before` is the number above which they were seen already."""
    found = select(Version).where(Version.issue_id == issue_id).order_by(Version.number.desc()).limit(size)
    return list(db.session.scalars(found if before is None else found.where(Version.number < before)))


def thin(issue_id: int, now: datetime) -> None:
    """Merge what one person saved within a minute, where it is older than an hour and nothing refers to it."""
    kept = steps(issue_id)
    referred = {step.target for step in kept}
    first = None
    for this, following in pairwise(kept):
        first = first or this
        fit = this.deed is following.deed is Deed.EDIT and this.by == following.by
        old = now - following.at > WHOLE_FOR and following.at - first.at < MERGED_WITHIN
        if fit and old and not {this.number, following.number} & referred:
            _merge_into(issue_id, this.number, following.number, first.since)
        else:
            first = None


def _merge_into(issue_id: int, number: int, following: int, since: int) -> None:
    of_issue = Version.issue_id == issue_id
    quietly = {"synchronize_session": False}
    db.session.execute(delete(Version).where(of_issue, Version.number == number), execution_options=quietly)
    db.session.execute(
        update(Version).where(of_issue, Version.number == following).values(since=since, place=""),
        execution_options=quietly,
    )
