"""Circles of readers: those who chose a topic, those who read a list; and which of them each reader of an issue belongs to.

Whoever chose no topic at all belongs to the circle of each, as they get all that is told.
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


def variant_of(language: str, belongs: int) -> str:
    """Name the variant of a language for readers who belong to some of its circles: `en+5` is the first and the third."""
    return f"{language}+{belongs}"


def language_of(variant: str) -> str:
    """Return the language of a variant, `en` of `en+5`; a language is a variant of itself."""
    return variant.partition("+")[0]


def parted(
    readers: Select[*tuple[Any, ...]], asked: Mapping[str, Sequence[Circle]]
) -> Select[*tuple[Any, ...]]:
    """Return a SELECT of readers in which the variant says their circles too, in one statement.

    `readers` is as `audience.readers` makes it; `asked` names by language the circles that matter there. A language for
    which none matter stays its own variant.
    """
    telling = {language: circles for language, circles in asked.items() if circles}
    if not telling:
        return readers
    given = readers.subquery("readers")
    parts = [
        (given.c.variant == language, literal(f"{language}+") + cast(_sum(given, circles), String))
        for language, circles in telling.items()
    ]
    variant = case(*parts, else_=given.c.variant).label("variant")
    return select(given.c.address, variant, given.c.reader, given.c.name, given.c.fields)


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
