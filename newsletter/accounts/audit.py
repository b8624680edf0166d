"""The audit trail: who did what, about what, when."""

from dataclasses import dataclass

from sqlalchemy import func, select

from newsletter.accounts.tables import AuditRecord, User
from newsletter.database import db

_PAGE = 50


@dataclass(frozen=True)
class AuditPage:
    """One page of the trail, newest first."""

    items: tuple[AuditRecord, ...]
    number: int
    pages: int


def audit(user: User | None, what: str, about: str = "") -> None:
    """Write down that `user` (nobody: the service itself) did `what`, such as "sent an issue", about `about`."""
    who = user.email if user else ""
    user_id = user.id if user else None
    db.session.add(AuditRecord(user_id=user_id, who=who, what=what[:200], about=about[:400]))


def audit_log(page: int = 1) -> AuditPage:
    """Return one page of the trail, newest first, fifty a page."""
    number = max(page, 1)
    newest = select(AuditRecord).order_by(AuditRecord.id.desc())
    records = db.session.scalars(newest.limit(_PAGE).offset((number - 1) * _PAGE))
    total = db.session.scalar(select(func.count(AuditRecord.id))) or 0
    return AuditPage(tuple(records), number, max(1, -(-total // _PAGE)))
