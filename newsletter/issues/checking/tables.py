"""What the checks keep: what links answered, which errors an editor let stand, and who has seen the warnings."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import clock
from newsletter.database import Model, UTCDateTime, one_of
from newsletter.fetching import Outcome


class LinkAnswer(Model):
    """What an address answered when it was last knocked at; without an outcome, somebody is on the way there."""

    __tablename__ = "link_answers"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """The SHA-256 of the address: addresses are longer than an index likes."""
    url: Mapped[str]
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    status: Mapped[int] = mapped_column(default=0)
    landed: Mapped[str] = mapped_column(default="")
    """Where redirects ended; the address itself where there was none."""
    for_good: Mapped[bool] = mapped_column(default=False)
    """Whether every redirect on the way says that it is for good."""
    closed_words: Mapped[str] = mapped_column(default="")
    """Words on the page that sound as if nobody could register any more."""


class Override(Model):
    """An error that somebody let stand, and why. It holds as long as the finding's mark is the same."""

    __tablename__ = "overrides"
    __table_args__ = (UniqueConstraint("issue_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    mark: Mapped[str]
    sentence: Mapped[str]
    """What the finding said to whoever overrode it."""
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class SeenWarnings(Model):
    """Who has seen which warnings of an issue; one that comes later, or says something else, is not among them."""

    __tablename__ = "seen_warnings"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
