"""Subscribers one at a time: finding them, and checking what is said about them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import String, cast, delete, literal, select

from newsletter import mail, settings
from newsletter.audience.tables import Subscriber, SubscriberTopic
from newsletter.clock import now
from newsletter.database import db
from newsletter.errors import Invalid, NotFound

_LONGEST_NAME = 200
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")
"""Also the wide one, which Japanese keyboards put between family name and given name."""
_TURNS = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def find(key: str) -> Subscriber | None:
    """Return the subscriber with this address key."""
    return db.session.scalars(select(Subscriber).where(Subscriber.address_key == key)).one_or_none()


def subscriber(which: int | str) -> Subscriber:
    """Return a subscriber by number or address. Raises `NotFound`, also for one who was erased."""
    found = (
        db.session.get(Subscriber, which) if isinstance(which, int) else find(mail.read_address(which).key)
    )
    if found is None or found.erased_at:
        raise NotFound("There is no such subscriber; they may have had their data erased.")
    return found


def good_name(name: str) -> str:
    """Return a name fit to stand in a greeting and a header. Raises `Invalid`.

    Joiners stay, by which several signs are one; what would turn the direction of the words behind the name goes.
    """
    name = _SPACES.sub(" ", _TURNS.sub("", name)).strip()
    if not mail.is_one_line(name):
        raise Invalid("Write the name on one line, without control characters.", "name")
    if len(name) > _LONGEST_NAME:
        raise Invalid(f"Shorten the name to {_LONGEST_NAME} characters.", "name")
    return name


def good_language(language: str) -> str:
    """Return a language that the publication appears in. Raises `Invalid`."""
    offered = settings.publication().languages
    if language not in offered:
        raise Invalid(
            f"The publication does not appear in “{language}”. Choose among {', '.join(offered)}.", "language"
        )
    return language


def good_zone(timezone: str) -> str:
    """Return a time zone, or nothing for the publication's. Raises `Invalid`."""
    timezone = timezone.strip()
    if timezone and timezone not in available_timezones():
        raise Invalid(f"“{timezone}” is no time zone. Choose one such as Asia/Tokyo.", "timezone")
    return timezone


def good_topics(slugs: Sequence[str]) -> list[int]:
    """Return the numbers of topics given by their short names. Raises `Invalid`."""
    known = {topic.slug: topic.id for topic in settings.topics()} if slugs else {}
    for slug in slugs:
        if slug not in known:
            raise Invalid(f"There is no topic “{slug}”. Choose among those on this page.", "topic")
    return sorted({known[slug] for slug in slugs})


def topic_ids(reader: int) -> set[int]:
    """Return the topics that a subscriber chose; none means all."""
    return set(
        db.session.scalars(select(SubscriberTopic.topic_id).where(SubscriberTopic.subscriber_id == reader))
    )


def set_topics(reader: int, chosen: Iterable[int]) -> None:
    """Make these the topics that a subscriber chose."""
    known = {topic.id for topic in settings.topics()}
    db.session.execute(delete(SubscriberTopic).where(SubscriberTopic.subscriber_id == reader))
    db.session.add_all(
        SubscriberTopic(subscriber_id=reader, topic_id=each) for each in sorted(known & set(chosen))
    )
    db.session.flush()


def nothing_left() -> dict[str, Any]:
    """Return what the row of an erased subscriber holds: nothing but its number, so that no link fits another."""
    return {
        "address": "",
        "address_key": literal("erased:") + cast(Subscriber.id, String),
        "name": "",
        "timezone": "",
        "fields": None,
        "erased_at": now(),
    }
