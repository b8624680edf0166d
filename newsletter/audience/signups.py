"""Coming in: what is asked for at the door, and the mail that asks back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update

from newsletter import mail, settings
from newsletter.audience import letters
from newsletter.audience.asked import may_write, tidy_asked
from newsletter.audience.confirming import LINK_AGE, lists_of, signup_of, states
from newsletter.audience.consent import keep_wording, wording
from newsletter.audience.lists import lists as all_lists
from newsletter.audience.people import (
    find,
    good_language,
    good_name,
    good_topics,
    good_zone,
    nothing_left,
)
from newsletter.audience.tables import (
    MailingList,
    Signup,
    Source,
    State,
    Subscriber,
    Subscription,
)
from newsletter.clock import now
from newsletter.database import db, insert
from newsletter.errors import Invalid

_KEPT = timedelta(days=60)


@dataclass(frozen=True)
class Request:
    """What somebody asks for at the door: lists and topics by their short names, no list meaning the first."""

    email: str
    language: str
    name: str = ""
    lists: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    timezone: str = ""
    source: Source = Source.FORM
    ip: str = ""
    wording: str = ""
    """The words beside the button, where they were others than `wording(language)`."""


@dataclass(frozen=True)
class Announcement:
    """What the page may say of the mail on its way: made from what was asked alone, never from what is known."""

    address: str
    sender_name: str
    sender_email: str
    subject: str
    subject_for_readers: str
    until: datetime
    lists: tuple[MailingList, ...]


def subscribe(request: Request) -> Announcement:
    """Take a wish to subscribe and write to the address; the answer is the same whoever asks for whom.

    A reader of all these lists gets the way to their preferences; anybody else a link to confirm, until which nothing
    changes. No mailbox is written to more than four times an hour. Raises `Invalid`.
    """
    announcement = announce(request)
    address, language = mail.read_address(request.email), request.language
    if may_write(address):
        signup = Signup(
            address=address.email,
            list_ids=[each.id for each in announcement.lists],
            topic_ids=good_topics(request.topics),
            name=good_name(request.name),
            timezone=good_zone(request.timezone),
            language=language,
            source=request.source,
            ip=request.ip,
            wording_id=keep_wording(request.wording or wording(language), language),
        )
        _take(address, signup, announcement.lists)
    return announcement


def announce(request: Request) -> Announcement:
    """Check a wish and return what `subscribe` would, but write to nobody. Raises `Invalid`."""
    address, wanted = mail.read_address(request.email), _wanted(request.lists)
    good_name(request.name)
    good_zone(request.timezone)
    good_topics(request.topics)
    return _announce(address, wanted, good_language(request.language))


def ask_again(token: str) -> Announcement:
    """Send a fresh link for one that grew too old, or was lost. Raises `Damaged`, or `Expired` when all is gone."""
    signup = signup_of(token, max_age=None)
    lists = lists_of(signup)
    address = mail.Address(signup.address)
    if may_write(address):
        _write(signup, lists)
    return _announce(address, lists, signup.language)


def mail_link(email: str) -> str:
    """Send the link to their preferences to a subscriber; write to no stranger. Returns the address as read.

    Who never confirmed gets the link to confirm instead. A stranger's answer takes as long, so that a watch tells nobody
    who reads. Raises `Invalid` for what is no address.
    """
    address = mail.read_address(email)
    subscriber = find(address.key)
    if subscriber is None or not may_write(address):
        letters.rehearse_link()
        return address.email
    if _ever_confirmed(subscriber):
        letters.send_link(subscriber)
        return address.email
    last = select(Signup).where(Signup.subscriber_id == subscriber.id).order_by(Signup.id.desc())
    signup = db.session.scalars(last.limit(1)).first()
    if signup:
        _write(signup, lists_of(signup))
    return address.email


def tidy() -> None:
    """Drop what nobody confirmed in sixty days, with strangers who never became readers; call it now and then."""
    old = now() - _KEPT
    tidy_asked()
    asked = select(Signup.subscriber_id).where(Signup.created_at < old)
    strangers = select(Subscriber.id).where(
        Subscriber.id.in_(asked),
        ~exists().where(Subscription.subscriber_id == Subscriber.id, Subscription.state != State.PENDING),
        ~exists().where(Signup.subscriber_id == Subscriber.id, Signup.created_at >= old),
    )
    gone = db.session.scalars(strangers).all()
    db.session.execute(delete(Signup).where(Signup.created_at < old))
    db.session.execute(delete(Subscription).where(Subscription.subscriber_id.in_(gone)))
    db.session.execute(update(Subscriber).where(Subscriber.id.in_(gone)).values(**nothing_left()))


def _wanted(slugs: Sequence[str]) -> list[MailingList]:
    known = {each.slug: each for each in all_lists()}
    unknown = next((slug for slug in slugs if slug not in known), None)
    if unknown is not None:
        raise Invalid(f"There is no list “{unknown}”. Choose one of those on this page.", "list")
    if slugs:
        return [known[slug] for slug in dict.fromkeys(slugs)]
    first = next((each for each in known.values() if each.public), None)
    if first is None:
        raise Invalid("There is no list to subscribe to yet.", "list")
    return [first]


def _take(address: mail.Address, signup: Signup, wanted: Sequence[MailingList]) -> None:
    subscriber = _known_or_new(address, signup.language)
    standing = states(subscriber)
    if all(standing.get(each.id) is State.CONFIRMED for each in wanted):
        letters.send_already(subscriber, wanted, signup.language)
        return
    signup.subscriber = subscriber
    db.session.add(signup)
    db.session.flush()
    for each in wanted:
        pending = insert(Subscription).values(
            subscriber_id=subscriber.id, list_id=each.id, state=State.PENDING, created_at=now()
        )
        db.session.execute(pending.on_conflict_do_nothing())
    _write(signup, wanted)


def _write(signup: Signup, lists: Sequence[MailingList]) -> None:
    if signup.confirmed_at is None:
        letters.send_confirmation(signup, lists, now() + LINK_AGE)
    else:
        letters.send_already(signup.subscriber, lists, signup.language)


def _known_or_new(address: mail.Address, language: str) -> Subscriber:
    new = insert(Subscriber).values(
        address=address.email,
        address_key=address.key,
        language=language,
        name="",
        timezone="",
        created_at=now(),
    )
    db.session.execute(new.on_conflict_do_nothing())
    return db.session.scalars(select(Subscriber).where(Subscriber.address_key == address.key)).one()


def _announce(address: mail.Address, lists: Sequence[MailingList], language: str) -> Announcement:
    publication = settings.publication()
    return Announcement(
        address=address.email,
        sender_name=publication.sender_name(language),
        sender_email=publication.sender_email,
        subject=letters.confirm_subject(lists, language),
        subject_for_readers=letters.already_subject(lists, language),
        until=now() + LINK_AGE,
        lists=tuple(lists),
    )


def _ever_confirmed(subscriber: Subscriber) -> bool:
    query = select(Subscription.id).where(
        Subscription.subscriber_id == subscriber.id, Subscription.confirmed_at.is_not(None)
    )
    return db.session.scalar(query.limit(1)) is not None
