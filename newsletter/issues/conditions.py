"""Who sees a block: everybody, those who belong to one circle of readers, or all but those.

A condition is kept, and stands in forms, as a word: `topic:security`, `not list:members`. It names topics and lists by
their short names, which never change.
"""

import re
from dataclasses import dataclass

from newsletter.audience import Circle, Sort
from newsletter.errors import Invalid

_WORD = re.compile(r"(?P<no>not )?(?P<sort>topic|list):(?P<slug>[\w-]{1,80})")


@dataclass(frozen=True)
class Condition:
    """Readers who belong to a circle; with `within` false all the others."""

    circle: Circle
    within: bool = True

    def meets(self, belongs: frozenset[Circle]) -> bool:
        """Tell whether a reader who belongs to these circles is meant."""
        return (self.circle in belongs) is self.within


def dump_condition(condition: Condition | None) -> str:
    """Write a condition as its word; nothing for everybody."""
    if condition is None:
        return ""
    return f"{'' if condition.within else 'not '}{condition.circle.sort}:{condition.circle.slug}"


def load_condition(word: str) -> Condition | None:
    """Read a condition from its word; an empty one means everybody. Raises `Invalid`."""
    if not word:
        return None
    found = _WORD.fullmatch(word)
    if found is None:
        raise Invalid(f"“{word}” does not say which readers see a block. Choose them anew.")
    return Condition(Circle(Sort(found["sort"]), found["slug"]), within=not found["no"])
