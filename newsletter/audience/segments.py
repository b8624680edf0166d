"""Who gets an issue: the one SELECT that delivery freezes into its ledger."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, case, cast, exists, func, or_, select

from newsletter.audience.lists import mailing_list
from newsletter.audience.tables import State, Subscriber, SubscriberTopic, Subscription
from newsletter.database import db


def readers(
    list_id: int,
    languages: Sequence[str] | None = None,
    *,
    also_lists: Collection[int] = (),
    topics: Collection[int] = (),
    exclude_lists: Collection[int] = (),
    exclude_readers: Collection[int] = (),
) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of a list's readers as `delivery.enqueue` wants it: one row each.

    Columns: address, variant (their language, or the first of `languages` where theirs is none of these), reader,
    name, fields (JSON text or null). Whoever reads one of `also_lists` is among them too, once. `topics` keeps those who chose one of them, or none at all; `exclude_lists`
    leaves out who reads one of those lists too.
    """
    offered = tuple(languages or mailing_list(list_id).languages)
    query = select(
        Subscriber.address.label("address"),
        _variant(offered).label("variant"),
        Subscriber.id.label("reader"),
        Subscriber.name.label("name"),
        cast(Subscriber.fields, Text).label("fields"),
    ).where(Subscriber.erased_at.is_(None))
    if also_lists:
        query = query.where(_reads([list_id, *also_lists]))
    else:
        query = query.join(Subscription, Subscription.subscriber_id == Subscriber.id).where(
            Subscription.list_id == list_id, Subscription.state == State.CONFIRMED
        )
    if topics:
        query = query.where(_interested(topics))
    if exclude_lists:
        query = query.where(~_reads(exclude_lists))
    if exclude_readers:
        query = query.where(Subscriber.id.not_in(exclude_readers))
    return query


def count_by_language(list_id: int, languages: Sequence[str] | None = None) -> dict[str, int]:
    """Count the readers of a list by the language that their issue is in."""
    chosen = readers(list_id, languages).subquery()
    query = select(chosen.c.variant, func.count()).group_by(chosen.c.variant)
    found = {str(variant): int(n) for variant, n in db.session.execute(query)}
    return {language: found.get(language, 0) for language in languages or mailing_list(list_id).languages}


def count_unconfirmed(lists: Collection[int]) -> int:
    """Count those who asked for one of these lists, have not pressed the link in their mail, and read none of them."""
    asked = exists().where(
        Subscription.subscriber_id == Subscriber.id,
        Subscription.list_id.in_(lists),
        Subscription.state == State.PENDING,
    )
    waiting = select(func.count()).where(Subscriber.erased_at.is_(None), asked, ~_reads(lists))
    return db.session.scalar(waiting) or 0


def _variant(offered: tuple[str, ...]) -> ColumnElement[str]:
    return case((Subscriber.language.in_(offered), Subscriber.language), else_=offered[0])


def _interested(topics: Collection[int]) -> ColumnElement[bool]:
    theirs = SubscriberTopic.subscriber_id == Subscriber.id
    return or_(~exists().where(theirs), exists().where(theirs, SubscriberTopic.topic_id.in_(topics)))


def _reads(lists: Collection[int]) -> ColumnElement[bool]:
    # Aliased, because the outer query has subscriptions of its own.
    other = Subscription.__table__.alias("other")
    return exists().where(
        other.c.subscriber_id == Subscriber.id, other.c.list_id.in_(lists), other.c.state == State.CONFIRMED
    )
