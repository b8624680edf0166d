"""Through which list a reader got mail that went to several, so that its link to unsubscribe leaves that one.

It is the first of them, in their order, on which the reader was when they were written down as a recipient. Their variant
says which one, as the mail itself does in its `List-Id`.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import delivery
from newsletter.audience.circles import way_of
from newsletter.audience.tables import State, Subscription
from newsletter.database import Json, Model, db


class WayIn(Model):
    """A mailing to the readers of several lists. A mailing to those of one list alone has no such row."""

    __tablename__ = "ways_in"

    mailing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    list_ids: Mapped[list[int]] = mapped_column(Json)
    """The list whose mail it is, then the others in their order."""


def note_lists(mailing_id: int, list_ids: Sequence[int]) -> None:
    """Keep to which lists a mailing goes, its own first; of one alone nothing need be kept."""
    if len(list_ids) > 1:
        db.session.add(WayIn(mailing_id=mailing_id, list_ids=list(list_ids)))
        db.session.flush()


def way_in(reader: int, scope: int, mailing_id: int) -> int:
    """Return the list through which a reader got a mailing: its own, `scope`, where it went to no other."""
    kept = db.session.get(WayIn, mailing_id) if mailing_id else None
    variant = delivery.variant_of(mailing_id, reader) if kept else None
    return kept.list_ids[way_of(variant)] if kept and variant else scope


def withdraw_ways(reader: int, left: Sequence[int]) -> None:
    """Withdraw what still waits for a reader who has left these lists and reads no other that it goes to."""
    reads = select(Subscription.list_id).where(
        Subscription.subscriber_id == reader, Subscription.state == State.CONFIRMED
    )
    still = set(db.session.scalars(reads))
    ways = [one.list_ids for one in db.session.scalars(select(WayIn))]
    for scope in {lists[0] for lists in ways if set(left) & set(lists) and not still & set(lists)}:
        delivery.withdraw_reader(reader, scope)
