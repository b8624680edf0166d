"""Unfolds what a calendar repeats, within bounds: a year ahead, a hundred dates, a few seconds of work."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from types import FrameType
from typing import Any

import recurring_ical_events
from icalendar import Calendar

Part = Any
"""A component of a calendar; its library types a property as anything that a property can be."""
MOST = 100
AHEAD = timedelta(days=366)
SECONDS = 2.0


class TooOften(Exception):
    """A rule asks for more work than a newsletter's event can be worth."""


def unfold(
    parts: Iterable[Part], zones: Iterable[Part], now: datetime, seconds: float = SECONDS
) -> tuple[list[Part], bool]:
    """Return the dates of one series from now on, a year ahead, and whether there are more than the hundred returned.

    A series that is over, or begins later than that, gives the first year of its dates. Raises `TooOften`, and whatever
    the library raises at broken rules.
    """
    events: list[Part] = list(parts)
    whole = Calendar()
    for part in (*zones, *events):
        whole.add_component(part)
    with _within(seconds):
        query = recurring_ical_events.of(whole)
        found = _some(query, now)
        if not found:
            begin = min(_moment(part["DTSTART"].dt) for part in events)
            found = _some(query, begin)
    return found[:MOST], len(found) > MOST


def _some(query: Any, begin: datetime) -> list[Part]:
    end = begin + AHEAD
    dates = takewhile(lambda part: _moment(part["DTSTART"].dt) <= end, query.after(begin))
    return list(islice(dates, MOST + 1))


def _moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Stop this thread's work with `TooOften` after some seconds: a rule that never matches would be tried until year 9999.

    Python asks the profiler at each call, and it may answer with an error; that reaches loops inside of libraries.
    """
    until = time.monotonic() + seconds
    before = sys.getprofile()

    def watch(_frame: FrameType, _event: str, _argument: object) -> None:
        if time.monotonic() > until:
            sys.setprofile(before)
            raise TooOften

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)
