"""Tells people by mail that comments name them: once the talk has paused, all of one issue in one letter."""

from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select, update

from newsletter import accounts, clock, languages
from newsletter.accounts import User
from newsletter.database import db
from newsletter.issues.approving import tell
from newsletter.issues.drafting import OPEN, issue, name_of
from newsletter.issues.together.tables import Comment, CommentMention

PAUSE = timedelta(minutes=1)
"""How long nobody has named a person in an issue before they are told."""

LONGEST_WAIT = timedelta(minutes=10)
"""A talk that never pauses is told of by then."""

Rows = list[tuple[int, Comment]]
"""The number of a person, and a comment that names them."""


def tell_mentioned(now: datetime | None = None) -> int:
    """Tell those whom comments name, where the talk has paused; return how many letters that are."""
    now = now or clock.now()
    return sum(_tell(rows, now) for rows in _untold() if _has_paused(rows, now))


def _tell(rows: Rows, now: datetime) -> bool:
    """Post one letter, unless another worker is at it."""
    this = update(CommentMention).where(
        CommentMention.comment_id.in_([said.id for _, said in rows]),
        CommentMention.user_id == rows[0][0],
        CommentMention.told_at.is_(None),
    )
    taken = db.session.execute(this.values(told_at=now))
    return bool(taken.rowcount) and _post(  # type: ignore[attr-defined]
        accounts.user(rows[0][0]), [said for _, said in rows]
    )


def _untold() -> list[Rows]:
    """Return who is to be told of which comments, those of one person and issue together."""
    query = (
        select(CommentMention.user_id, Comment)
        .join(Comment, Comment.id == CommentMention.comment_id)
        .where(CommentMention.told_at.is_(None))
        .order_by(CommentMention.user_id, Comment.issue_id, Comment.id)
    )
    rows = [(user_id, said) for user_id, said in db.session.execute(query)]
    return [list(group) for _, group in groupby(rows, key=lambda row: (row[0], row[1].issue_id))]


def _has_paused(rows: Rows, now: datetime) -> bool:
    moments = [said.reworded_at or said.at for _, said in rows]
    return now - max(moments) >= PAUSE or now - min(moments) >= LONGEST_WAIT


def _post(person: User, comments: list[Comment]) -> bool:
    found = issue(comments[0].issue_id)
    if not person.active or found.state not in OPEN:
        return False
    t = languages.translator(person.language)
    subject = t("You are mentioned in %(name)s", name=name_of(found, person.language))
    said = [part for one in comments for part in (t("%(who)s writes:", who=one.by), one.words)]
    place = f"comments#thread-{comments[0].thread_id or comments[0].id}"
    tell(person, found, subject, said, button=t("Read it there"), place=place)
    return True
