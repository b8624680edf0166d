"""Unfolds what a calendar repeats, within bounds: a year ahead, a hundred dates, a few seconds of work."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from newsletter.entries.patience import within

Part = Any
"""A component of a calendar; its library types a property as anything that a property can be."""
MOST = 100
SECONDS = 2.0
_LOOKS = (2, 40, 366)
"""How many days ahead to look, first, then and at last: most rules give enough early."""


def unfold(
    parts: Iterable[Part], zones: Iterable[Part], now: datetime, seconds: float = SECONDS
) -> tuple[list[Part], bool]:
    """Return the dates of one series from now on, a year ahead, and whether there are more than the hundred returned.

    A series that is over, or begins later than that, gives the first year of its dates. Raises `TooLong`, and whatever
    the library raises at broken rules.
    """
    events: list[Part] = list(parts)
    whole = Calendar()
    for part in (*zones, *events):
        whole.add_component(part)
    with within(seconds):
        query = recurring_ical_events.of(whole)
        found = _some(query, now)
        if not found:
            begin = min(_moment(part["DTSTART"].dt) for part in events)
            found = _some(query, begin)
    return found[:MOST], len(found) > MOST


def _some(query: Any, begin: datetime) -> list[Part]:
    """Return the first dates of a year, a hundred and one at most, looking ever further ahead until there are enough."""
    found: dict[str, Part] = {}
    since = begin
    for days in _LOOKS:
        until = begin + timedelta(days=days)
        for part in query.between(since, until):
            if _moment(part["DTSTART"].dt) <= until:
                found.setdefault(part["RECURRENCE-ID"].dt.isoformat(), part)
        if len(found) > MOST:
            break
        since = until
    return sorted(found.values(), key=lambda part: _moment(part["DTSTART"].dt))[: MOST + 1]


def _moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
