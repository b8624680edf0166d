"""Who has an issue open at this moment: rows that live for seconds."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from newsletter.database import Model, UTCDateTime


class Presence(Model):
    """One open page of one person at one issue; its moment is told by the database's clock."""

    __tablename__ = "presences"

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    page: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A word that the page made up for itself: a person may have several open."""
    block_id: Mapped[str] = mapped_column(String(80), default="")
    """Where the cursor is; empty: in no block."""
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
