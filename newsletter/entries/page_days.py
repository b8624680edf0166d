"""When an event is that a page describes by schema.org: its zone, its days, and until when one can register."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar.prop import vDDDTypes

from newsletter.entries import zones
from newsletter.entries.content import MOST_DAYS, Day
from newsletter.entries.items import Unreadable
from newsletter.entries.moments import read_when
from newsletter.entries.prose import WHAT_LIBRARIES_RAISE, line
from newsletter.entries.schema_org import Thing

_DURATION: Any = vDDDTypes


def start_of(thing: Thing) -> date:
    """Return the day or the moment in which it begins. Raises `Unreadable`."""
    said = thing.text("startDate", "startTime")
    start = read_when(said)
    if start is None:
        raise Unreadable(
            f"Its date “{line(said)[:60]}” cannot be read." if said else "It has no date (startDate)."
        )
    return start


def zone_of(start: date, preferred: str) -> tuple[str, str]:
    """Return the zone in which it is written, and what there is to note about that."""
    if not isinstance(start, datetime) or start.tzinfo is None:
        return preferred, ""
    zone = zones.by_offset(start, preferred) or preferred
    note = f"Its time is {start:%z} from UTC; written in the zone {zone}." if zone != preferred else ""
    return zone, note


def days_of(thing: Thing, start: date, zone: str) -> tuple[tuple[Day, ...], str]:
    """Return its days, and what there is to note about them. Raises `Unreadable`."""
    end = read_when(thing.text("endDate", "endTime")) or _by_duration(thing, start)
    first = _local(start, zone)
    if end is None:
        return (Day(*first),), ""
    last = _local(end, zone)
    if last[0] - first[0] >= timedelta(days=MOST_DAYS):
        raise Unreadable(f"It lasts more than {MOST_DAYS} days.")
    if last < (first[0], last[1] and (first[1] or time())):
        return (Day(*first),), "Its end lies before its beginning, and was left out."
    return _run(first, last), ""


def deadline_of(offers: list[Thing], zone: str) -> datetime | None:
    """Return until when one can register: the first end that its offers name, in UTC."""
    for said in (text for offer in offers for text in offer.texts("availabilityEnds", "validThrough")):
        when = read_when(said)
        if when is None:
            continue
        on, at = _local(when, zone)
        return datetime.combine(on, at or time(23, 59), ZoneInfo(zone)).astimezone(UTC)
    return None


def _by_duration(thing: Thing, start: date) -> date | None:
    try:
        lasting: timedelta = _DURATION.from_ical(thing.text("duration"))
    except WHAT_LIBRARIES_RAISE:
        return None
    good = isinstance(start, datetime) and timedelta(0) < lasting < timedelta(days=MOST_DAYS)
    return start + lasting if good else None


def _local(when: date, zone: str) -> tuple[date, time | None]:
    if not isinstance(when, datetime):
        return when, None
    local = when if when.tzinfo is None else when.astimezone(ZoneInfo(zone))
    return local.date(), local.time().replace(second=0, microsecond=0, tzinfo=None)


def _run(first: tuple[date, time | None], last: tuple[date, time | None]) -> tuple[Day, ...]:
    """Return the days from the first to the last, both counted: a date alone is inclusive in schema.org."""
    nights = (last[0] - first[0]).days
    if nights == 0:
        return (Day(first[0], first[1], last[1] if first[1] and last[1] != first[1] else None),)
    if nights == 1 and first[1] and last[1] and last[1] <= first[1]:
        return (Day(first[0], first[1], last[1]),)
    between = (Day(first[0] + timedelta(days=number)) for number in range(1, nights))
    return (Day(*first), *between, Day(last[0], None, last[1] if first[1] else None))
