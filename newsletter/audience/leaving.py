"""Going out: leaving a list or all, coming back at once, and being forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from newsletter import delivery, settings
from newsletter.audience.asked import forget_asked
from newsletter.audience.consent import record
from newsletter.audience.people import nothing_left, set_topics
from newsletter.audience.tables import (
    Action,
    ConsentRecord,
    MailingList,
    Signup,
    Source,
    State,
    Subscriber,
    Subscription,
)
from newsletter.audience.ways_in import way_in, withdraw_ways
from newsletter.clock import now
from newsletter.database import db
from newsletter.tokens import Purpose

_UNDO = timedelta(days=7)
ERASED = "erased"
"""The reason of a suppression that keeps us from writing to somebody who was forgotten."""


@dataclass(frozen=True)
class Link:
    """Whom a link in a mail belongs to, and the list through which they got that mail, if any."""

    reader: int
    list_id: int | None


@dataclass(frozen=True)
class Standing:
    """What a reader gets and what they left within a week; empty for somebody who is not there any more."""

    reader: int
    address: str
    language: str
    gets: tuple[MailingList, ...]
    left: tuple[MailingList, ...]
    scope: MailingList | None
    """The list that the link was for."""


def read_link(purpose: Purpose, token: str) -> Link:
    """Return whom a link to unsubscribe or to the preferences belongs to. It never ages. Raises `Damaged`."""
    reader, scope, mailing_id, *_ = (*settings.tokens().read(purpose, token), 0, 0, 0)
    return Link(reader, (way_in(reader, scope, mailing_id) if scope else 0) or None)


def standing(link: Link) -> Standing:
    """Return what the reader of a link gets now and has left of late; changes nothing."""
    subscriber = db.session.get(Subscriber, link.reader)
    if subscriber is None or subscriber.erased_at:
        return Standing(link.reader, "", "", (), (), None)
    subscriptions = _subscriptions(link.reader)
    gets = [s.list_id for s in subscriptions if s.state is not State.UNSUBSCRIBED]
    left = [s.list_id for s in subscriptions if _left_of_late(s)]
    return Standing(
        link.reader,
        subscriber.address,
        subscriber.language,
        _lists(gets),
        _lists(left),
        db.session.get(MailingList, link.list_id) if link.list_id else None,
    )


def unsubscribe(reader: int, list_id: int | None, how: Source, ip: str = "") -> None:
    """End a subscription, or all of them, from this moment on; mail that still waits is withdrawn.

    Does the same once or often, and nothing for somebody who is not there any more.
    """
    subscriber = db.session.get(Subscriber, reader)
    if subscriber is None:
        return
    for subscription in _subscriptions(reader, list_id, lock=True):
        if subscription.state is State.UNSUBSCRIBED:
            continue
        if subscription.state is State.CONFIRMED:
            record(
                subscriber, Action.WITHDRAWN, how, db.session.get(MailingList, subscription.list_id), ip=ip
            )
        subscription.state, subscription.left_at = State.UNSUBSCRIBED, now()
    delivery.withdraw_reader(reader, list_id)
    if list_id is not None:
        db.session.flush()
        withdraw_ways(reader, [list_id])


def come_back(reader: int, list_id: int | None, ip: str = "") -> None:
    """Undo what was left within a week, by the same link. What waited for its confirmation waits again."""
    subscriber = db.session.get(Subscriber, reader)
    if subscriber is None or subscriber.erased_at:
        return
    for subscription in _subscriptions(reader, list_id, lock=True):
        if not _left_of_late(subscription):
            continue
        subscription.state = State.CONFIRMED if subscription.confirmed_at else State.PENDING
        subscription.left_at = None
        mailing_list = db.session.get(MailingList, subscription.list_id)
        if subscription.confirmed_at:
            record(subscriber, Action.RESTORED, Source.PAGE, mailing_list, ip=ip)
            delivery.lift(subscriber.address)


def forget(reader: int, how: Source = Source.PREFERENCES) -> None:
    """Erase a subscriber: what stays is a keyed hash that keeps us from writing again, and the ledger under it."""
    subscriber = db.session.get(Subscriber, reader)
    if subscriber is None or subscriber.erased_at:
        return
    unsubscribe(reader, None, how)
    record(subscriber, Action.ERASED, how)
    db.session.flush()
    delivery.suppress(subscriber.address, ERASED, readable=False)
    delivery.forget(reader, subscriber.address)
    for table in (Subscription, Signup):
        db.session.execute(delete(table).where(table.subscriber_id == reader))
    set_topics(reader, ())
    forget_asked(subscriber.address_key)
    # The one change the ledger ever sees: where somebody sat is no part of what they agreed to.
    db.session.execute(update(ConsentRecord).where(ConsentRecord.subscriber_id == reader).values(ip=""))
    db.session.execute(update(Subscriber).where(Subscriber.id == reader).values(**nothing_left()))
    db.session.expire(subscriber)


def _subscriptions(reader: int, list_id: int | None = None, *, lock: bool = False) -> Sequence[Subscription]:
    query = select(Subscription).where(Subscription.subscriber_id == reader).order_by(Subscription.list_id)
    query = query.with_for_update() if lock else query
    return db.session.scalars(query.where(Subscription.list_id == list_id) if list_id else query).all()


def _left_of_late(subscription: Subscription) -> bool:
    left = subscription.left_at
    return subscription.state is State.UNSUBSCRIBED and left is not None and left > now() - _UNDO


def _lists(ids: Sequence[int]) -> tuple[MailingList, ...]:
    query = select(MailingList).where(MailingList.id.in_(ids)).order_by(MailingList.position, MailingList.id)
    return tuple(db.session.scalars(query))
