"""Writes down many subscribers of one list at once: people, subscriptions, topics, and what was agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import delete, literal, select, update

from newsletter.audience.consent import hash_of, keep_wording
from newsletter.audience.judging import Incoming
from newsletter.audience.tables import (
    Action,
    ConsentRecord,
    MailingList,
    Source,
    State,
    Subscriber,
    SubscriberTopic,
    Subscription,
)
from newsletter.clock import now
from newsletter.database import db, insert

_WORDING = "Imported by the publisher, who states that these people had agreed to get this list."


@dataclass(frozen=True)
class Known:
    """A subscriber as they stand before the import."""

    id: int
    name: str
    language: str
    timezone: str
    fields: dict[str, str]
    state: State | None
    topics: frozenset[int]


class Enrolment:
    """Enrols people in a list; `confirmed` says that they have agreed already."""

    def __init__(self, into: MailingList, *, confirmed: bool) -> None:
        self._list_id, self._slug, self._confirmed = into.id, into.slug, confirmed
        self._default_language = into.languages[0]
        self._moment = now()

    def begin(self) -> None:
        """Let another import into the same list wait until this one commits: it would write down the same again."""
        db.session.execute(
            select(MailingList.id).where(MailingList.id == self._list_id).with_for_update(key_share=True)
        )

    def known(self, keys: Sequence[str]) -> dict[str, Known]:
        """Return those of these addresses that are here already."""
        if not keys:
            return {}
        people = db.session.execute(
            select(
                Subscriber.address_key,
                Subscriber.id,
                Subscriber.name,
                Subscriber.language,
                Subscriber.timezone,
                Subscriber.fields,
                Subscription.state,
            )
            .outerjoin(
                Subscription,
                (Subscription.subscriber_id == Subscriber.id) & (Subscription.list_id == self._list_id),
            )
            .where(Subscriber.address_key.in_(keys))
        ).all()
        topics = _chosen([person.id for person in people])
        return {
            key: Known(reader, name, language, zone, fields or {}, state, frozenset(topics.get(reader, ())))
            for key, reader, name, language, zone, fields, state in people
        }

    def create(self, incoming: Sequence[Incoming]) -> None:
        """Add people who were not here, with their topics, and subscribe them."""
        if not incoming:
            return
        db.session.execute(
            insert(Subscriber.__table__).on_conflict_do_nothing(), [self._person(one) for one in incoming]
        )
        keys = [one.address.key for one in incoming]
        query = select(Subscriber.address_key, Subscriber.id).where(Subscriber.address_key.in_(keys))
        ids = {person.address_key: person.id for person in db.session.execute(query)}
        self.subscribe([(ids[one.address.key], one) for one in incoming])
        set_topics({ids[one.address.key]: one.topics for one in incoming if one.topics})

    def _person(self, one: Incoming) -> dict[str, Any]:
        return {
            "address": one.address.email,
            "address_key": one.address.key,
            "name": one.name,
            "language": one.language or self._default_language,
            "timezone": one.timezone,
            "fields": one.fields or None,
            "created_at": self._moment,
        }

    def subscribe(self, people: Sequence[tuple[int, Incoming]]) -> None:
        """Add subscriptions that were not there."""
        if not people:
            return
        values = {
            "list_id": self._list_id,
            "state": State.CONFIRMED if self._confirmed else State.PENDING,
            "created_at": self._moment,
            "confirmed_at": self._moment if self._confirmed else None,
        }
        columns = Subscription.__table__.c
        constants = [literal(value, columns[name].type) for name, value in values.items()]
        theirs = select(Subscriber.id, *constants).where(Subscriber.id.in_([reader for reader, _ in people]))
        added = insert(Subscription.__table__).from_select(
            ["subscriber_id", *values], theirs, include_defaults=False
        )
        db.session.execute(added.on_conflict_do_nothing())
        if self._confirmed:
            self._write_down(people)

    def confirm(self, people: Sequence[tuple[int, Incoming]]) -> None:
        """Confirm subscriptions that waited."""
        if not people:
            return
        db.session.execute(
            update(Subscription)
            .where(
                Subscription.list_id == self._list_id,
                Subscription.subscriber_id.in_([id_ for id_, _ in people]),
                Subscription.state == State.PENDING,  # whoever leaves meanwhile has left
            )
            .values(state=State.CONFIRMED, confirmed_at=self._moment)
            .execution_options(synchronize_session=False)
        )
        self._write_down(people)

    def _write_down(self, people: Sequence[tuple[int, Incoming]]) -> None:
        common = {
            "list_id": self._list_id,
            "list_slug": self._slug,
            "action": Action.IMPORTED,
            "source": Source.IMPORT,
            "wording_id": self._wording,
            "at": self._moment,
        }
        rows = [
            {
                "subscriber_id": reader,
                "address_hash": hash_of(one.address.key),
                "language": one.language or self._default_language,
                **common,
            }
            for reader, one in people
        ]
        db.session.execute(insert(ConsentRecord.__table__), rows)

    @cached_property
    def _wording(self) -> int:
        return keep_wording(_WORDING, "en")


def change(told: dict[int, dict[str, Any]]) -> None:
    """Write what the file says of each of these subscribers."""
    if told:
        db.session.execute(
            update(Subscriber), [{"id": reader, **changes} for reader, changes in told.items()]
        )


def set_topics(chosen: dict[int, frozenset[int]]) -> None:
    """Make these the topics that each of these subscribers chose."""
    if not chosen:
        return
    db.session.execute(
        delete(SubscriberTopic)
        .where(SubscriberTopic.subscriber_id.in_(chosen))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {"subscriber_id": reader, "topic_id": topic}
        for reader, topics in chosen.items()
        for topic in sorted(topics)
    ]
    db.session.execute(insert(SubscriberTopic.__table__), rows)


def _chosen(readers: Sequence[int]) -> dict[int, set[int]]:
    query = select(SubscriberTopic.subscriber_id, SubscriberTopic.topic_id).where(
        SubscriberTopic.subscriber_id.in_(readers)
    )
    found: dict[int, set[int]] = {}
    for reader, topic in db.session.execute(query):
        found.setdefault(reader, set()).add(topic)
    return found
