"""What is kept of the links that readers follow: a row a visit for a while, then sums alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from newsletter.database import Model, UTCDateTime


class Visit(Model):
    """Somebody followed a link of a mail. Rows are only ever added, and dropped once they are summed up."""

    __tablename__ = "visits"
    __table_args__ = (Index(None, "issue_id", "who"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    n: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    who: Mapped[str] = mapped_column(String(16))
    """A keyed hash of the mailing and the reader: it tells two people of one issue apart, and says no more."""
    machine: Mapped[bool]
    """Whether the program that came called itself something else than a browser."""


class VisitSum(Model):
    """What remains of an issue's visits: a row for each link that was followed, and one for all together (`n` 0)."""

    __tablename__ = "visit_sums"

    issue_id: Mapped[int] = mapped_column(
        ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]
    visits: Mapped[int]
    machines: Mapped[int]
