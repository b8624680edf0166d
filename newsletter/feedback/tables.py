"""What is kept of messages that came back."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from newsletter.clock import now
from newsletter.database import Model, UTCDateTime


class Returned(Model):
    """One recipient's report: which delivery it is about, and what it means."""

    __tablename__ = "returned_mails"
    __table_args__ = (Index("ix_returned_mails_mailing_id_kind", "mailing_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the message and the recipient, so that one that is received twice counts once."""
    mailing_id: Mapped[int | None]
    seq: Mapped[int | None]
    reader: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
