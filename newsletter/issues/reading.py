"""Issues as they were sent: what the archive shows."""

from sqlalchemy import select

from newsletter.database import db
from newsletter.errors import NotFound
from newsletter.issues.tables import Edition, Issue


def sent_issues(list_id: int | None = None, limit: int | None = None) -> list[Issue]:
    """Return the issues that were frozen and handed over, the latest first."""
    found = select(Issue).where(Issue.sent_at.is_not(None)).order_by(Issue.sent_at.desc(), Issue.id.desc())
    if list_id is not None:
        found = found.where(Issue.list_id == list_id)
    return list(db.session.scalars(found if limit is None else found.limit(limit)))


def editions(issue_id: int) -> list[Edition]:
    """Return the frozen editions of an issue, in the order in which they were frozen; none while it is a draft."""
    return list(db.session.scalars(select(Edition).where(Edition.issue_id == issue_id).order_by(Edition.id)))


def edition(issue_id: int, language: str) -> Edition:
    """Return the edition of a language, or the first there is. Raises `NotFound` while the issue was not sent."""
    found = editions(issue_id)
    if not found:
        raise NotFound("This issue was not sent yet.")
    return next((one for one in found if one.language == language), found[0])
