"""The audit trail: who did what, about what, when."""

from sqlalchemy import select

from newsletter.accounts.tables import AuditRecord, User
from newsletter.database import db

_PAGE = 50


def audit(user: User | None, what: str, about: str = "") -> None:
    """Write down that `user` (nobody: the service itself) did `what`, such as "sent an issue", about `about`."""
    who = user.email if user else ""
    user_id = user.id if user else None
    db.session.add(AuditRecord(user_id=user_id, who=who, what=what[:200], about=about[:400]))


def audit_log(page: int = 1) -> list[AuditRecord]:
    """Return one page of the trail, newest first, fifty a page."""
    newest = select(AuditRecord).order_by(AuditRecord.id.desc())
    return list(db.session.scalars(newest.limit(_PAGE).offset((max(page, 1) - 1) * _PAGE)))
