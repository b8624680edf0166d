"""What colleagues say to each other about an issue. None of it is ever part of what is sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock
from newsletter.database import Model, UTCDateTime


class Comment(Model):
    """One comment: it begins a thread about a block or the issue as a whole, or answers in one."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    """The comment that it answers; empty: it begins a thread."""
    block_id: Mapped[str] = mapped_column(default="")
    """The block it is about; empty: the issue as a whole."""
    block_kind: Mapped[str] = mapped_column(default="")
    block_words: Mapped[str] = mapped_column(default="")
    """What the block said then, in short, to be known by once it is dropped."""
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by: Mapped[str]
    """What the person was called then."""
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    reworded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its writer took it back; it stays, empty, while there are answers to it."""
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolved_by: Mapped[str] = mapped_column(default="")


class CommentMention(Model):
    """A person whom a comment names, and when they were told by mail."""

    __tablename__ = "comment_mentions"
    __table_args__ = (
        Index(
            "ix_comment_mentions_untold",
            "told_at",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False, index=True
    )
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
