"""Confirming: what the link in the mail is about, and the moment in which a subscription begins."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from newsletter import delivery, settings
from newsletter.audience import letters
from newsletter.audience.consent import record
from newsletter.audience.lists import lists as all_lists
from newsletter.audience.people import set_topics, topic_ids
from newsletter.audience.tables import Action, MailingList, Signup, State, Subscriber, Subscription
from newsletter.clock import now
from newsletter.database import db
from newsletter.errors import Expired
from newsletter.tokens import Purpose

LINK_AGE = timedelta(days=7)
"""How long a link to confirm is good."""


@dataclass(frozen=True)
class Asked:
    """What a link to confirm is about."""

    address: str
    language: str
    lists: tuple[MailingList, ...]
    confirmed: bool


@dataclass(frozen=True)
class Confirmation:
    """What pressing the button did: `already` where the link had been used before and so did nothing."""

    reader: int
    address: str
    language: str
    lists: tuple[MailingList, ...]
    already: bool


def look_at(token: str) -> Asked:
    """Return what a link to confirm is about; changes nothing. Raises `Expired` or `Damaged`."""
    signup = signup_of(token)
    confirmed = signup.confirmed_at is not None
    return Asked(signup.address, signup.language, tuple(lists_of(signup)), confirmed)


def confirm(token: str, ip: str = "") -> Confirmation:
    """Let a subscription begin, once. Raises `Expired` or `Damaged`."""
    signup = signup_of(token)
    taken = db.session.execute(
        update(Signup)
        .where(Signup.id == signup.id, Signup.confirmed_at.is_(None))
        .values(confirmed_at=now())
        .returning(Signup.id)
    ).first()
    if taken:
        _begin(signup, ip)
    return Confirmation(
        signup.subscriber_id, signup.address, signup.language, tuple(lists_of(signup)), already=not taken
    )


def signup_of(token: str, max_age: timedelta | None = LINK_AGE) -> Signup:
    """Return what a link to confirm is about. Raises `Expired` or `Damaged`."""
    number = settings.tokens().read(Purpose.CONFIRM, token, max_age)[0]
    found = db.session.get(Signup, number)
    if found is None:
        raise Expired("What this link was for is no longer kept. Subscribe again to get a fresh one.")
    return found


def lists_of(signup: Signup) -> list[MailingList]:
    """Return the lists that were asked for, as far as they are still there."""
    return [each for each in all_lists() if each.id in signup.list_ids]


def states(subscriber: Subscriber) -> dict[int, State]:
    """Return how a subscriber stands in each list that they ever asked for."""
    query = select(Subscription.list_id, Subscription.state).where(
        Subscription.subscriber_id == subscriber.id
    )
    return {list_id: State(state) for list_id, state in db.session.execute(query)}


def _begin(signup: Signup, ip: str) -> None:
    subscriber = signup.subscriber
    reads_already = State.CONFIRMED in states(subscriber).values()
    begun = [each for each in lists_of(signup) if _begin_one(signup, each, ip)]
    subscriber.address = signup.address
    subscriber.language = signup.language
    subscriber.name = subscriber.name or signup.name
    subscriber.timezone = subscriber.timezone or signup.timezone
    chosen = topic_ids(subscriber.id)
    if not reads_already:
        set_topics(subscriber.id, signup.topic_ids)
    elif chosen and signup.topic_ids:
        set_topics(subscriber.id, {*chosen, *signup.topic_ids})
    delivery.lift(subscriber.address)
    welcoming = [each for each in begun if each.welcomes]
    if welcoming:
        letters.send_welcome(subscriber, welcoming, signup.language)


def _begin_one(signup: Signup, mailing_list: MailingList, ip: str) -> bool:
    """Let one subscription begin; return whether it did, or had begun before."""
    query = select(Subscription).where(
        Subscription.subscriber_id == signup.subscriber_id, Subscription.list_id == mailing_list.id
    )
    subscription = db.session.scalars(query).one_or_none()
    if subscription is None:
        subscription = Subscription(subscriber_id=signup.subscriber_id, list_id=mailing_list.id)
        db.session.add(subscription)
    if subscription.state is State.CONFIRMED:
        return False
    subscription.state, subscription.confirmed_at, subscription.left_at = State.CONFIRMED, now(), None
    record(
        signup.subscriber,
        Action.CONFIRMED,
        signup.source,
        mailing_list,
        language=signup.language,
        wording_id=signup.wording_id,
        ip=signup.ip or ip,
        asked_at=signup.created_at,
        reference=f"signup:{signup.id} mailing:{signup.mailing}",
    )
    return True
