"""What an entry says, as plain frozen data: the form and the importers hand it in, the tables keep it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_DAYS = 400


class Kind(StrEnum):
    """What sort of entry it is."""

    EVENT = "event"
    NEWS = "news"
    ANALYSIS = "analysis"


class State(StrEnum):
    """Whether readers may see it."""

    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Day:
    """One day of an event, in the event's own zone. Without times it is all-day; an end before its start is next morning."""

    date: date
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks, and as what."""

    name: str
    role: str = ""


@dataclass(frozen=True)
class Text:
    """What an entry says in one language. A link here stands in for the entry's own in this language."""

    title: str = ""
    summary: str = ""
    body_html: str = ""
    venue: str = ""
    online_place: str = ""
    organiser: str = ""
    authors: str = ""
    price: str = ""
    language_note: str = ""
    contact_name: str = ""
    image_alt: str = ""
    image_credit: str = ""
    agenda_url: str = ""
    register_url: str = ""
    speakers: tuple[Speaker, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was written in this language."""
        return self == Text()


@dataclass(frozen=True)
class Content:
    """A whole entry as somebody wrote it or as a source gave it, without its life (state, versions, changes)."""

    kind: Kind
    texts: Mapping[str, Text]
    topics: tuple[str, ...] = ()
    series: str = ""
    url: str = ""
    dated: datetime | None = None
    image: str = ""
    days: tuple[Day, ...] = ()
    timezone: str = ""
    map_url: str = ""
    online_url: str = ""
    agenda_url: str = ""
    register_url: str = ""
    register_by: datetime | None = None
    full: bool = False
    contact_email: str = ""
    languages_spoken: tuple[str, ...] = field(default=())


EVENT_FIELDS = (
    "days", "timezone", "map_url", "online_url", "agenda_url", "register_url",
    "register_by", "full", "contact_email", "languages_spoken",
)  # fmt: skip
"""Fields of `Content` that only an event has."""


@dataclass(frozen=True)
class Span:
    """When an event begins and ends, in UTC. `ends_at` is None where no end is known; `over_at` never is."""

    starts_at: datetime
    ends_at: datetime | None
    over_at: datetime


def days_to_rows(days: tuple[Day, ...]) -> list[list[str | None]]:
    """Return days as plain JSON: for each its date, its start and its end."""
    return [[day.date.isoformat(), _hour(day.start), _hour(day.end)] for day in days]


def days_from(rows: list[list[str | None]]) -> tuple[Day, ...]:
    """Read days back out of plain JSON."""
    return tuple(Day(date.fromisoformat(on or ""), _time(start), _time(end)) for on, start, end in rows)


def span(days: tuple[Day, ...], zone: str) -> Span:
    """Work out an event's span from its days, which are in order."""
    tz = ZoneInfo(zone)
    first, last = days[0], days[-1]
    starts_at = datetime.combine(first.date, first.start or time(), tz).astimezone(UTC)
    midnight = datetime.combine(last.date + timedelta(days=1), time(), tz).astimezone(UTC)
    if last.end is None:
        return Span(starts_at, midnight if last.start is None else None, midnight)
    ends_on = (
        last.date + timedelta(days=1) if last.start is not None and last.end <= last.start else last.date
    )
    ends_at = datetime.combine(ends_on, last.end, tz).astimezone(UTC)
    return Span(starts_at, ends_at, ends_at)


def _hour(at: time | None) -> str | None:
    return None if at is None else at.isoformat("minutes")


def _time(hour: str | None) -> time | None:
    return None if hour is None else time.fromisoformat(hour)
