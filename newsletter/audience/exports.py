"""Giving subscribers out as a table."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from newsletter import settings
from newsletter.audience.lists import mailing_list
from newsletter.audience.sheets import neutral, write
from newsletter.audience.tables import State, Subscriber, SubscriberTopic, Subscription
from newsletter.database import db

_COLUMNS = ("email", "name", "language", "timezone", "topics", "state", "confirmed_at")
_CHUNK = 2000


def export_subscribers(
    which: int | str, states: Collection[State] = (State.CONFIRMED,)
) -> Iterator[list[str]]:
    """Yield a list's subscribers as rows, the header first; no states means all.

    Each cell is neutral: no spreadsheet takes it for a formula. An import reads it back as it was. Raises `NotFound`
    at once.
    """
    list_id = mailing_list(which).id
    return ([neutral(cell) for cell in row] for row in _rows(list_id, tuple(states) or tuple(State)))


def export_csv(which: int | str, states: Collection[State] = (State.CONFIRMED,)) -> Iterator[str]:
    """Yield the lines of a CSV file of a list's subscribers. Raises `NotFound` at once."""
    return write(export_subscribers(which, states))


def _rows(list_id: int, states: tuple[State, ...]) -> Iterator[list[str]]:
    extra = _field_names(list_id, states)
    topics = {topic.id: topic.slug for topic in settings.topics()}
    yield [*_COLUMNS, *extra]
    for people in _in_parts(list_id, states):
        chosen = _chosen([person.id for person in people], topics)
        for person in people:
            known = _known(person, chosen.get(person.id, []))
            yield [*known, *((person.fields or {}).get(name, "") for name in extra)]


def _in_parts(list_id: int, states: tuple[State, ...]) -> Iterator[Sequence[Any]]:
    query = (
        select(
            Subscriber.id,
            Subscriber.address,
            Subscriber.name,
            Subscriber.language,
            Subscriber.timezone,
            Subscriber.fields,
            Subscription.state,
            Subscription.confirmed_at,
        )
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(Subscription.list_id == list_id, Subscription.state.in_(states))
        .order_by(Subscriber.id)
    )
    return db.session.execute(query.execution_options(yield_per=_CHUNK)).partitions()


def _known(person: Any, topics: Sequence[str]) -> list[str]:
    confirmed = person.confirmed_at.isoformat() if person.confirmed_at else ""
    told = [person.address, person.name, person.language, person.timezone]
    return [*told, ";".join(topics), person.state.value, confirmed]


def _chosen(readers: list[int], topics: dict[int, str]) -> dict[int, list[str]]:
    query = select(SubscriberTopic.subscriber_id, SubscriberTopic.topic_id).where(
        SubscriberTopic.subscriber_id.in_(readers)
    )
    found: dict[int, list[str]] = {}
    for reader, topic in db.session.execute(query.order_by(SubscriberTopic.topic_id)):
        found.setdefault(reader, []).append(topics[topic])
    return found


def _field_names(list_id: int, states: tuple[State, ...]) -> list[str]:
    """Return the names of all fields that somebody on the list has, in the order of the alphabet."""
    query = (
        select(Subscriber.fields)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(
            Subscription.list_id == list_id, Subscription.state.in_(states), Subscriber.fields.is_not(None)
        )
        .execution_options(yield_per=_CHUNK)
    )
    return sorted({name for fields in db.session.scalars(query) for name in fields or {}})
