"""The rule by which an entry list takes what it tells, and how it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from newsletter.errors import Invalid

W = TypeVar("W", bound=StrEnum)


class Layout(StrEnum):
    """How large an entry is told."""

    FEATURE = "feature"
    CARD = "card"
    LINE = "line"


class Window(StrEnum):
    """From how long back an entry list takes news and analysis, and events from how far ahead."""

    ISSUE = "issue"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ANY = "any"

    @property
    def span(self) -> timedelta | None:
        """Return how long it is; nothing where it has no length of its own."""
        return _SPANS.get(self)


_SPANS = {
    Window.MONTH: timedelta(days=31),
    Window.QUARTER: timedelta(days=92),
    Window.YEAR: timedelta(days=366),
}


class Order(StrEnum):
    """In which order an entry list tells what it takes, and so what it leaves out: `usual` is events soonest first, then articles newest first."""

    USUAL = "usual"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


MOST = 50
"""The most entries one list takes."""


@dataclass(frozen=True)
class Rule:
    """What an entry list takes: kinds, topics (any, where none is named), a window, an order, and how many at most.

    With `unsent` it leaves out what an issue of its list has told before. `taken` are the entries it took when its issue was
    frozen.
    """

    kinds: tuple[str, ...] = ("news", "analysis")
    topics: tuple[str, ...] = ()
    window: Window = Window.ISSUE
    order: Order = Order.USUAL
    limit: int = 4
    layout: Layout = Layout.CARD
    unsent: bool = False
    taken: tuple[int, ...] | None = None


def dump_rule(rule: Rule) -> dict[str, Any]:
    """Write a rule as JSON."""
    document: dict[str, Any] = {"kinds": list(rule.kinds), "topics": list(rule.topics), "limit": rule.limit}
    document |= {"window": rule.window.value, "order": rule.order.value, "layout": rule.layout.value}
    document |= {"unsent": True} if rule.unsent else {}
    return document if rule.taken is None else {**document, "taken": list(rule.taken)}


def load_rule(document: Mapping[str, Any]) -> Rule:
    """Read a rule from JSON; what is left out is as usual. Raises `Invalid`."""
    taken = document.get("taken")
    return Rule(
        kinds=tuple(document.get("kinds", Rule.kinds)),
        topics=tuple(document.get("topics", ())),
        window=_word(Window, document.get("window", Rule.window)),
        order=_word(Order, document.get("order", Rule.order)),
        limit=max(1, min(int(document.get("limit", Rule.limit)), MOST)),
        layout=load_layout(document.get("layout", Rule.layout)),
        unsent=bool(document.get("unsent", False)),
        taken=None if taken is None else tuple(taken),
    )


def load_layout(word: str) -> Layout:
    """Read a layout. Raises `Invalid`."""
    return _word(Layout, word, "layout")


def _word(words: type[W], word: str, field: str | None = None) -> W:
    try:
        return words(word)
    except ValueError:
        raise Invalid(f"“{word}” is not known here; choose {', '.join(words)}.", field) from None
