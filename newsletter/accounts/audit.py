"""The audit trail: who did what, about what, when."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from newsletter.accounts.tables import AuditRecord, User
from newsletter.database import db

_PAGE = 50
_AFTER_A_NAME = (": ", ", ", " · ")
"""What stands between a thing's name and more about it."""


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


def deeds_about(name: str) -> list[AuditRecord]:
    """Return what was done about one thing, such as an issue by its short name, the first deed first."""
    begins = (AuditRecord.about.startswith(f"{name}{mark}", autoescape=True) for mark in _AFTER_A_NAME)
    about = or_(AuditRecord.about == name, *begins)
    return list(db.session.scalars(select(AuditRecord).where(about).order_by(AuditRecord.id)))


def audit_log(page: int = 1) -> AuditPage:
    """Return one page of the trail, newest first, fifty a page."""
    number = max(page, 1)
    newest = select(AuditRecord).order_by(AuditRecord.id.desc())
    records = db.session.scalars(newest.limit(_PAGE).offset((number - 1) * _PAGE))
    total = db.session.scalar(select(func.count(AuditRecord.id))) or 0
    return AuditPage(tuple(records), number, max(1, -(-total // _PAGE)))
