"""What is written down of an approval: each step once, never changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock
from newsletter.database import Json, Model, UTCDateTime, one_of


class ApprovalDeed(StrEnum):
    """What somebody did about the approval of an issue."""

    ASKED = "asked"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    """Changes were asked for."""


class ApprovalStep(Model):
    """One step on the way of an issue to its approval: who did what, with which words, about which content."""

    __tablename__ = "approval_steps"
    __table_args__ = (UniqueConstraint("issue_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Counts the steps of an issue: of two who take the same one, one succeeds."""
    deed: Mapped[ApprovalDeed] = mapped_column(one_of(ApprovalDeed))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by: Mapped[str]
    """What the person was called then."""
    words: Mapped[str] = mapped_column(default="")
    version: Mapped[int]
    """The version of the issue that they had before them."""
    as_of: Mapped[datetime] = mapped_column(UTCDateTime)
    """The moment by which the content is told, so that the mere passing of time changes nothing."""
    digest: Mapped[str]
    parts: Mapped[dict[str, str]] = mapped_column(Json)
    """The digest of each part of the content, to say later what has changed."""
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
