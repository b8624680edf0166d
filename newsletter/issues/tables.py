"""What an issue leaves in the database: the issue, its frozen editions, and what each told about each entry."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from newsletter.database import Json, Model, UTCDateTime, one_of
from newsletter.issues.blocks import Blocks, load


class State(StrEnum):
    """Where an issue stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What an issue told an entry for."""

    ANNOUNCE = "announce"
    REMINDER = "reminder"
    LAST_CALL = "last_call"
    RECAP = "recap"


class Issue(Model):
    """One newsletter issue, from draft to sent."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("list_id", "number"),
        Index(None, "state", "send_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("lists.id"))
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    corrects: Mapped[int | None] = mapped_column(ForeignKey("entries.id", ondelete="SET NULL"), index=True)
    """The entry about which it sets right what an earlier issue told; most issues have none."""
    state: Mapped[State] = mapped_column(one_of(State), default=State.DRAFT)
    subjects: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    preheaders: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(default="")
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who saved it last, whatever they are called by now; empty where a command or the service did."""
    send_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    held: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    """Why the sweep did not send it, by language; empty while nothing holds it."""
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mailing_id: Mapped[int | None] = mapped_column(index=True)

    @property
    def pieces(self) -> Blocks:
        """The blocks, read."""
        return load(self.blocks)


class Edition(Model):
    """An issue frozen for one language: what was sent is what is archived."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("issue_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    language: Mapped[str]
    subject: Mapped[str]
    preheader: Mapped[str] = mapped_column(default="")
    html: Mapped[str]
    text: Mapped[str]
    web_html: Mapped[str]
    template: Mapped[bytes] = mapped_column(LargeBinary)
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Link(Model):
    """Where a numbered link of an issue leads; the numbers run on from edition to edition. Links that are not counted have none."""

    __tablename__ = "links"

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str]
    url: Mapped[str]
    words: Mapped[str]
    """What readers press, as it stands in the archive."""


class Mention(Model):
    """What one edition told about one entry: its title, dates, place and deadline as they were then."""

    __tablename__ = "mentions"
    __table_args__ = (UniqueConstraint("issue_id", "language", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    role: Mapped[Role] = mapped_column(one_of(Role))
    told: Mapped[dict[str, Any]] = mapped_column(Json)
    settled: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The facts of a later day of which an editor said that readers need not be told; empty where nobody did."""
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
