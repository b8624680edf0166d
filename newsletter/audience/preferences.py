"""What a reader chose: lists, topics, language, name, time zone; and all that is held about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from newsletter import delivery, settings
from newsletter.audience.consent import consents, keep_wording, record, wording
from newsletter.audience.leaving import unsubscribe
from newsletter.audience.lists import lists as all_lists
from newsletter.audience.people import (
    good_language,
    good_name,
    good_topics,
    good_zone,
    set_topics,
    subscriber,
    topic_ids,
)
from newsletter.audience.tables import Action, MailingList, Source, State, Subscriber, Subscription
from newsletter.clock import now
from newsletter.database import db
from newsletter.errors import Invalid


@dataclass(frozen=True)
class Choice:
    """A list, and where a reader stands with it (`None`: never asked for)."""

    mailing_list: MailingList
    state: State | None

    @property
    def chosen(self) -> bool:
        """Tell whether its mail comes, or will once it is confirmed."""
        return self.state in {State.CONFIRMED, State.PENDING}


@dataclass(frozen=True)
class Preferences:
    """What a reader chose. No topic means all of them; no time zone means the publication's."""

    reader: int
    address: str
    name: str
    language: str
    timezone: str
    since: datetime | None
    """When the first of their subscriptions was confirmed."""
    choices: tuple[Choice, ...]
    topics: tuple[str, ...]


def preferences(reader: int) -> Preferences:
    """Return what a reader chose: of all public lists, and of those they have. Raises `NotFound`."""
    found = subscriber(reader)
    held = _held(reader)
    confirmed = [s.confirmed_at for s in held.values() if s.confirmed_at]
    chosen = topic_ids(reader)
    return Preferences(
        reader=reader,
        address=found.address,
        name=found.name,
        language=found.language,
        timezone=found.timezone,
        since=min(confirmed, default=None),
        choices=tuple(
            Choice(each, held[each.id].state if each.id in held else None)
            for each in all_lists()
            if each.public or each.id in held
        ),
        topics=tuple(topic.slug for topic in settings.topics() if topic.id in chosen),
    )


def change_preferences(
    reader: int,
    *,
    lists: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
    language: str | None = None,
    name: str | None = None,
    timezone: str | None = None,
    how: Source = Source.PREFERENCES,
    ip: str = "",
) -> Preferences:
    """Change what is given, leave the rest. `lists` are all that the reader wants from now on.

    Raises `Invalid` with the field before anything is changed, `NotFound` for somebody who is not there any more.
    """
    found = subscriber(reader)
    changes = {
        "language": None if language is None else good_language(language),
        "name": None if name is None else good_name(name),
        "timezone": None if timezone is None else good_zone(timezone),
    }
    chosen = None if topics is None else good_topics(topics)
    wanted = None if lists is None else _wanted(reader, lists)
    for field, value in changes.items():
        if value is not None:
            setattr(found, field, value)
    if chosen is not None:
        set_topics(reader, chosen)
    if wanted is not None:
        _choose_lists(found, wanted, how, ip)
    db.session.flush()
    return preferences(reader)


def personal_data(reader: int) -> dict[str, Any]:
    """Return all that is held about a subscriber, ready for JSON. Raises `NotFound`."""
    found, chosen = subscriber(reader), preferences(reader)
    return {
        "address": found.address,
        "name": found.name,
        "language": found.language,
        "timezone": found.timezone,
        "fields": found.fields or {},
        "known_since": found.created_at.isoformat(),
        "topics": list(chosen.topics),
        "subscriptions": [_told(reader, choice) for choice in chosen.choices if choice.state],
        "consents": [
            {
                "action": entry.action.value,
                "list": entry.list_slug,
                "at": entry.at.isoformat(),
                "asked_at": _iso(entry.asked_at),
                "source": entry.source.value,
                "language": entry.language,
                "wording": entry.wording.text if entry.wording else "",
                "ip": entry.ip,
                "reference": entry.reference,
            }
            for entry in consents(reader)
        ],
        "mails": [
            {"mail": row.label, "state": row.state.value, "sent_at": _iso(row.sent_at)}
            for row in delivery.history(reader)
        ],
    }


def _held(reader: int) -> dict[int, Subscription]:
    query = select(Subscription).where(Subscription.subscriber_id == reader)
    return {held.list_id: held for held in db.session.scalars(query)}


def _wanted(reader: int, slugs: Sequence[str]) -> set[int]:
    offered = {choice.mailing_list.slug: choice.mailing_list.id for choice in preferences(reader).choices}
    for slug in slugs:
        if slug not in offered:
            raise Invalid(f"There is no list “{slug}”. Choose among those on this page.", "list")
    return {offered[slug] for slug in slugs}


def _choose_lists(reader: Subscriber, wanted: set[int], how: Source, ip: str) -> None:
    held = _held(reader.id)
    for each in all_lists():
        subscription = held.get(each.id)
        gets = subscription is not None and subscription.state is State.CONFIRMED
        if each.id in wanted and not gets:
            _join(reader, each, subscription, how, ip)
        elif each.id not in wanted and subscription and subscription.state is not State.UNSUBSCRIBED:
            unsubscribe(reader.id, each.id, how, ip)


def _join(
    reader: Subscriber, mailing_list: MailingList, subscription: Subscription | None, how: Source, ip: str
) -> None:
    if subscription is None:
        subscription = Subscription(subscriber_id=reader.id, list_id=mailing_list.id)
        db.session.add(subscription)
    subscription.state, subscription.confirmed_at, subscription.left_at = State.CONFIRMED, now(), None
    words = keep_wording(wording(reader.language), reader.language)
    record(reader, Action.CONFIRMED, how, mailing_list, wording_id=words, ip=ip, asked_at=now())
    delivery.lift(reader.address)


def _told(reader: int, choice: Choice) -> dict[str, Any]:
    held = _held(reader)[choice.mailing_list.id]
    return {
        "list": choice.mailing_list.slug,
        "state": held.state.value,
        "asked_at": _iso(held.created_at),
        "confirmed_at": _iso(held.confirmed_at),
        "left_at": _iso(held.left_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
