"""What an entry says, as plain frozen data: the form and the importers hand it in, the tables keep it.

Promises that what is kept is whole: dates in order, a zone that exists, links that are links, a title in some language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from newsletter.errors import Invalid
from newsletter.rendering import sanitise

MOST_DAYS = 400
_LONGEST_LINE = 500
_LONGEST_SUMMARY = 4_000
_LONGEST_BODY = 400_000
_LINE_FIELDS = (
    "title",
    "venue",
    "online_place",
    "organiser",
    "authors",
    "price",
    "language_note",
    "image_alt",
    "image_credit",
)


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
    contact_name: str = ""
    contact_email: str = ""
    languages_spoken: tuple[str, ...] = field(default=())


EVENT_FIELDS = (
    "days", "timezone", "map_url", "online_url", "agenda_url", "register_url",
    "register_by", "contact_name", "contact_email", "languages_spoken",
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


def checked(content: Content) -> Content:
    """Return `content` tidied: trimmed, in order, its HTML safe. Raises `Invalid` that names the field.

    A field within a language is named `title.en`, one of the days `days.0`.
    """
    texts = {language: _text(text, language) for language, text in content.texts.items()}
    texts = {language: text for language, text in texts.items() if not text.is_empty}
    _titles(texts)
    plain = {
        f.name: getattr(content, f.name).strip()
        for f in fields(content)
        if isinstance(getattr(content, f.name), str) and f.name != "kind"
    }
    content = replace(content, texts=texts, **plain)
    for name in ("url", "map_url", "online_url", "agenda_url", "register_url"):
        _link(getattr(content, name), name)
    _address(content.contact_email)
    return _event(content) if content.kind is Kind.EVENT else replace(content, **_NO_EVENT)


_NO_EVENT: dict[str, Any] = {f.name: f.default for f in fields(Content) if f.name in EVENT_FIELDS}


def _titles(texts: Mapping[str, Text]) -> None:
    if not texts:
        raise Invalid("Give the entry a title in at least one language.", "title")
    for language, text in texts.items():
        if not text.title:
            raise Invalid("There is text in this language, but no title.", f"title.{language}")


def _text(text: Text, language: str) -> Text:
    lines = {name: " ".join(getattr(text, name).split()) for name in _LINE_FIELDS}
    for name, value in lines.items():
        if len(value) > _LONGEST_LINE:
            raise Invalid("This is too long for one line; shorten it.", f"{name}.{language}")
    if len(text.summary) > _LONGEST_SUMMARY:
        raise Invalid(
            "The summary is too long; move some of it to the text.",
            f"summary.{language}",
        )
    if len(text.body_html) > _LONGEST_BODY:
        raise Invalid("The text is too long; shorten it.", f"body_html.{language}")
    links = {name: getattr(text, name).strip() for name in ("agenda_url", "register_url")}
    for name, value in links.items():
        _link(value, f"{name}.{language}")
    speakers = tuple(
        Speaker(s.name.strip(), s.role.strip()) for s in text.speakers if s.name.strip() or s.role.strip()
    )
    for speaker in speakers:
        if not speaker.name:
            raise Invalid(
                "There is a role without a name; give the name of the speaker.", f"speakers.{language}"
            )
    return replace(
        text,
        **lines,
        **links,
        summary=text.summary.strip(),
        body_html=sanitise(text.body_html).strip(),
        speakers=speakers,
    )


def _link(value: str, name: str) -> None:
    if not value:
        return
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in value) or len(value) > 2_000:  # noqa: PLR2004 - what browsers take
        raise Invalid("This is no web address. Write one that begins with https://.", name)


def _address(value: str) -> None:
    if value and ("@" not in value.strip("@") or any(sign.isspace() or sign in "<>,;" for sign in value)):
        raise Invalid("This is no mail address. Write one such as office@example.org.", "contact_email")


def _event(content: Content) -> Content:
    if not content.days:
        raise Invalid("Give the event at least one day.", "days")
    if len(content.days) > MOST_DAYS:
        raise Invalid("This event has too many days; make several events of it.", "days")
    if content.timezone not in available_timezones():
        raise Invalid("There is no such time zone. Write one such as Asia/Tokyo.", "timezone")
    days = tuple(sorted(content.days, key=lambda day: (day.date, day.start or time())))
    for number, day in enumerate(days):
        _day(day, days[number - 1] if number else None, number)
    return replace(content, days=days)


def _day(day: Day, before: Day | None, number: int) -> None:
    if not 1900 <= day.date.year <= 2200:  # noqa: PLR2004 - beyond these a date is a slip of the keyboard
        raise Invalid("This year cannot be right.", f"days.{number}")
    if before and before.date == day.date and not (before.start and day.start):
        raise Invalid("The same day stands here twice.", f"days.{number}")
    runs_on = before is not None and before.end is None and before.date == day.date - timedelta(days=1)
    if day.end is not None and day.start is None and not runs_on:
        raise Invalid("Give the time at which the day begins, or leave both times empty.", f"days.{number}")


def _hour(at: time | None) -> str | None:
    return None if at is None else at.isoformat("minutes")


def _time(hour: str | None) -> time | None:
    return None if hour is None else time.fromisoformat(hour)
