"""Circles of readers: those who chose a topic, those who read a list; and which of them each reader of an issue belongs to.

Whoever chose no topic at all belongs to the circle of each, as they get all that is told. Of the lists that an issue goes
to, a reader gets it through the first that they read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, exists, false, literal, or_, select
from sqlalchemy.sql import FromClause

from newsletter.audience.tables import MailingList, State, SubscriberTopic, Subscription
from newsletter.settings import Topic


class Sort(StrEnum):
    """By what readers belong to a circle."""

    TOPIC = "topic"
    LIST = "list"


@dataclass(frozen=True, order=True)
class Circle:
    """The readers who chose a topic, or who read a list; `slug` is its short name."""

    sort: Sort
    slug: str


_CIRCLES, _WAY = "+", "@"


def variant_of(language: str, belongs: int | None = None, way: int = 0) -> str:
    """Name the variant of a language for readers who belong to some of its circles, and get it through one of its lists.

    `en+5@1`: the first and the third circle, the second list. Where no circle matters, or it is the first list, that part
    is left out.
    """
    circles = "" if belongs is None else f"{_CIRCLES}{belongs}"
    return f"{language}{circles}{f'{_WAY}{way}' if way else ''}"


def language_of(variant: str) -> str:
    """Return the language of a variant, `en` of `en+5@1`; a language is a variant of itself."""
    return by_any_way(variant).partition(_CIRCLES)[0]


def by_any_way(variant: str) -> str:
    """Return a variant without the list through which its readers get it: `en+5` of `en+5@1`."""
    return variant.partition(_WAY)[0]


def way_of(variant: str) -> int:
    """Return the place of the list through which the readers of a variant get it, 0 for the first."""
    return int(variant.partition(_WAY)[2] or 0)


def parted(
    readers: Select[*tuple[Any, ...]],
    asked: Mapping[str, Sequence[Circle]],
    lists: Sequence[int] = (),
) -> Select[*tuple[Any, ...]]:
    """Return a SELECT of readers in which the variant says their circles too, and their list, in one statement.

    `readers` is as `audience.readers` makes it; `asked` names by language the circles that matter there. A language for
    which none matter stays its own variant. `lists` are those that the issue goes to, its own first.
    """
    telling = {language: circles for language, circles in asked.items() if circles}
    if not telling and len(lists) < 2:  # noqa: PLR2004 - through one list there is one way
        return readers
    given = readers.subquery("readers")
    parts = [
        (given.c.variant == language, literal(f"{language}{_CIRCLES}") + cast(_sum(given, circles), String))
        for language, circles in telling.items()
    ]
    variant = case(*parts, else_=given.c.variant) if parts else given.c.variant
    variant = (variant + _way(given, lists)).label("variant")
    return select(given.c.address, variant, given.c.reader, given.c.name, given.c.fields)


def _way(readers: FromClause, lists: Sequence[int]) -> ColumnElement[str]:
    """Return how a variant ends: with the first of the lists that a reader reads, unless that is the first of all."""
    if not lists[1:]:
        return literal("")
    ways = [
        (_is_on(readers, list_id), f"{_WAY}{place}" if place else "") for place, list_id in enumerate(lists)
    ]
    return case(*ways, else_="")


def _sum(readers: FromClause, circles: Sequence[Circle]) -> ColumnElement[int]:
    bits: list[ColumnElement[int]] = [
        case((_belongs(readers, circle), 1 << place), else_=0) for place, circle in enumerate(circles)
    ]
    return reduce(add, bits)


def _belongs(readers: FromClause, circle: Circle) -> ColumnElement[bool]:
    return (_chose if circle.sort is Sort.TOPIC else _reads)(readers, circle.slug)


def _chose(readers: FromClause, slug: str) -> ColumnElement[bool]:
    known = exists().where(Topic.slug == slug)
    theirs = SubscriberTopic.subscriber_id == readers.c.reader
    chosen = exists().where(theirs, SubscriberTopic.topic_id == Topic.id, Topic.slug == slug)
    return case((known, or_(~exists().where(theirs), chosen)), else_=false())


def _reads(readers: FromClause, slug: str) -> ColumnElement[bool]:
    other = Subscription.__table__.alias("other")
    return exists().where(
        other.c.subscriber_id == readers.c.reader,
        other.c.list_id == MailingList.id,
        other.c.state == State.CONFIRMED,
        MailingList.slug == slug,
    )


def _is_on(readers: FromClause, list_id: int) -> ColumnElement[bool]:
    other = Subscription.__table__.alias("way")
    return exists().where(
        other.c.subscriber_id == readers.c.reader,
        other.c.list_id == list_id,
        other.c.state == State.CONFIRMED,
    )
