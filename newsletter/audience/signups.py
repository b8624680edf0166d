"""Coming in: what is asked for at the door, the mail that asks back, and the confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update

from newsletter import delivery, mail, settings
from newsletter.audience import letters
from newsletter.audience.asked import may_write, tidy_asked
from newsletter.audience.consent import keep_wording, record, wording
from newsletter.audience.lists import lists as all_lists
from newsletter.audience.people import (
    find,
    good_language,
    good_name,
    good_topics,
    good_zone,
    nothing_left,
    set_topics,
    topic_ids,
)
from newsletter.audience.tables import (
    Action,
    MailingList,
    Signup,
    Source,
    State,
    Subscriber,
    Subscription,
)
from newsletter.clock import now
from newsletter.database import db, insert
from newsletter.errors import Expired, Invalid
from newsletter.tokens import Purpose

LINK_AGE = timedelta(days=7)
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


def look_at(token: str) -> Asked:
    """Return what a link to confirm is about; changes nothing. Raises `Expired` or `Damaged`."""
    signup = _signup(token)
    confirmed = signup.confirmed_at is not None
    return Asked(signup.address, signup.language, tuple(_lists_of(signup)), confirmed)


def confirm(token: str, ip: str = "") -> Confirmation:
    """Let a subscription begin, once. Raises `Expired` or `Damaged`."""
    signup = _signup(token)
    taken = db.session.execute(
        update(Signup)
        .where(Signup.id == signup.id, Signup.confirmed_at.is_(None))
        .values(confirmed_at=now())
        .returning(Signup.id)
    ).first()
    if taken:
        _begin(signup, ip)
    return Confirmation(
        signup.subscriber_id, signup.address, signup.language, tuple(_lists_of(signup)), already=not taken
    )


def ask_again(token: str) -> Announcement:
    """Send a fresh link for one that grew too old, or was lost. Raises `Damaged`, or `Expired` when all is gone."""
    signup = _signup(token, max_age=None)
    lists = _lists_of(signup)
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
        _write(signup, _lists_of(signup))
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
    states = _states(subscriber)
    if all(states.get(each.id) is State.CONFIRMED for each in wanted):
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


def _signup(token: str, max_age: timedelta | None = LINK_AGE) -> Signup:
    number = settings.tokens().read(Purpose.CONFIRM, token, max_age)[0]
    found = db.session.get(Signup, number)
    if found is None:
        raise Expired("What this link was for is no longer kept. Subscribe again to get a fresh one.")
    return found


def _lists_of(signup: Signup) -> list[MailingList]:
    return [each for each in all_lists() if each.id in signup.list_ids]


def _states(subscriber: Subscriber) -> dict[int, State]:
    query = select(Subscription.list_id, Subscription.state).where(
        Subscription.subscriber_id == subscriber.id
    )
    return {list_id: State(state) for list_id, state in db.session.execute(query)}


def _ever_confirmed(subscriber: Subscriber) -> bool:
    query = select(Subscription.id).where(
        Subscription.subscriber_id == subscriber.id, Subscription.confirmed_at.is_not(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def _begin(signup: Signup, ip: str) -> None:
    subscriber = signup.subscriber
    reads_already = State.CONFIRMED in _states(subscriber).values()
    begun = [each for each in _lists_of(signup) if _begin_one(signup, each, ip)]
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
