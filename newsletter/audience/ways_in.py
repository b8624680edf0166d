"""Through which list a reader got mail that went to several, so that its link to unsubscribe leaves that one.

It is the first of them, in their order, on which the reader was when the mail went out. Somebody who joined them later,
and got it as a later reader, got it through the first that they read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from newsletter import delivery
from newsletter.audience.tables import JOINED, Action, ConsentRecord, State, Subscription
from newsletter.clock import now
from newsletter.database import Json, Model, UTCDateTime, db


class WayIn(Model):
    """A mailing to the readers of several lists. A mailing to those of one list alone has no such row."""

    __tablename__ = "ways_in"

    mailing_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    list_ids: Mapped[list[int]] = mapped_column(Json)
    """The list whose mail it is, then the others in their order."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)


def note_lists(mailing_id: int, list_ids: Sequence[int]) -> None:
    """Keep to which lists a mailing goes, its own first; of one alone nothing need be kept."""
    if len(list_ids) > 1:
        db.session.add(WayIn(mailing_id=mailing_id, list_ids=list(list_ids), at=now()))
        db.session.flush()


def way_in(reader: int, scope: int, mailing_id: int) -> int:
    """Return the list through which a reader got a mailing: its own, `scope`, where it went to no other."""
    kept = db.session.get(WayIn, mailing_id) if mailing_id else None
    if kept is None:
        return scope
    joined, on_then = _memberships(reader, kept)
    return next((one for found in (on_then, joined) for one in kept.list_ids if one in found), scope)


def _memberships(reader: int, kept: WayIn) -> tuple[set[int | None], set[int | None]]:
    """Return which of a mailing's lists a reader has ever joined, and on which they were when it went out.

    The consent ledger knows, whatever happened since; a subscription remembers only how it stands.
    """
    said = select(ConsentRecord.list_id, ConsentRecord.action, ConsentRecord.at).where(
        ConsentRecord.subscriber_id == reader, ConsentRecord.list_id.in_(kept.list_ids)
    )
    joined: set[int | None] = set()
    last: dict[int | None, Action] = {}
    for list_id, action, at in db.session.execute(said.order_by(ConsentRecord.id)):
        joined |= {list_id} if action in JOINED else set()
        if at <= kept.at:
            last[list_id] = action
    return joined, {list_id for list_id, action in last.items() if action in JOINED}


def withdraw_ways(reader: int, left: Sequence[int]) -> None:
    """Withdraw what still waits for a reader who has left these lists and reads no other that it goes to."""
    reads = select(Subscription.list_id).where(
        Subscription.subscriber_id == reader, Subscription.state == State.CONFIRMED
    )
    still = set(db.session.scalars(reads))
    ways = [one.list_ids for one in db.session.scalars(select(WayIn))]
    for scope in {lists[0] for lists in ways if set(left) & set(lists) and not still & set(lists)}:
        delivery.withdraw_reader(reader, scope)
