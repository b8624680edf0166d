"""Who would get an issue if it went out now, and who would be left out, each once and with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select

from newsletter import audience, delivery
from newsletter.database import db
from newsletter.issues.materials import Materials
from newsletter.issues.plans import Plan, plan_of, readers_of
from newsletter.issues.tables import Issue
from newsletter.issues.variants import by_language, counted

LOOKED_THROUGH = 20_000
"""Of so many readers the suppressed are counted while somebody waits: a tenth of a second. Of more a rehearsal counts them."""


class Why(StrEnum):
    """Why somebody is left out."""

    SUPPRESSED = "suppressed"
    UNCONFIRMED = "unconfirmed"
    OTHER_TOPICS = "other_topics"
    ON_A_LIST = "on_a_list"
    HAD_ANOTHER = "had_another"


@dataclass(frozen=True)
class Outlook:
    """How many get an issue in each language, and how many are left out for each reason; nobody is in two of the counts.

    Where `exact` is false, those whose address is suppressed still stand among the readers: they are too many to look
    through at once.
    """

    readers: Mapping[str, int]
    left_out: Mapping[Why, int] = field(default_factory=dict)
    exact: bool = True

    @property
    def total(self) -> int:
        """How many get it."""
        return sum(self.readers.values())

    @property
    def left(self) -> int:
        """How many are left out."""
        return sum(self.left_out.values())


def outlook(materials: Materials, planned: Plan | None = None) -> Outlook:
    """Look ahead: who would get the issue now. `planned` stands in for the plan that is kept."""
    found, in_languages = materials.issue, materials.languages
    planned = plan_of(found.id) if planned is None else planned
    readers = readers_of(found, in_languages, planned)
    counts = by_language(counted(readers))
    exact = sum(counts.values()) <= LOOKED_THROUGH
    spared = delivery.count_suppressed(readers) if exact else {}
    left = {
        Why.SUPPRESSED: sum(spared.values()),
        Why.UNCONFIRMED: audience.count_unconfirmed([found.list_id, *planned.lists]),
        **_planned_out(materials, planned),
    }
    return Outlook(
        readers={one: counts.get(one, 0) - spared.get(one, 0) for one in in_languages},
        left_out={why: count for why, count in left.items() if count},
        exact=exact,
    )


def count_readers(found: Issue, in_languages: Sequence[str] | None = None) -> dict[str, int]:
    """Count by language who gets an issue as it is planned, those whose address is suppressed among them."""
    in_languages = in_languages or audience.mailing_list(found.list_id).languages
    counts = by_language(counted(readers_of(found, in_languages)))
    return {one: counts.get(one, 0) for one in in_languages}


def _planned_out(materials: Materials, planned: Plan) -> dict[Why, int]:
    """Count whom each line of the plan leaves out, of those whom the lines before it left in."""
    steps = {
        Why.OTHER_TOPICS: Plan(planned.lists, topics=planned.topics),
        Why.ON_A_LIST: Plan(planned.lists, planned.without_lists, topics=planned.topics),
        Why.HAD_ANOTHER: planned,
    }
    before = Plan(planned.lists)
    left: dict[Why, int] = {}
    for why, step in steps.items():
        if step != before:
            left[why] = _count(materials, before) - _count(materials, step)
        before = step
    return left


def _count(materials: Materials, planned: Plan) -> int:
    readers: Select[Any] = readers_of(materials.issue, materials.languages, planned)
    return db.session.scalar(select(func.count()).select_from(readers.subquery())) or 0
