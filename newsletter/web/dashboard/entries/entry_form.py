"""The form of an entry: how what is stored becomes fields, and what was typed becomes content.

Names: `title-ja` for a text, `day-0-date` `-last` `-start` `-end` for a row of days, `speaker-0-name-ja` for a speaker.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from newsletter import rendering, settings
from newsletter.entries import MOST_DAYS, Content, Day, Entry, Kind, Speaker, Text
from newsletter.web.dashboard.markdown import as_typed

MOST_ROWS = 60
_LINES = (
    "title", "summary", "venue", "online_place", "organiser", "authors", "price", "language_note", "contact_name",
    "image_alt", "image_credit", "agenda_url", "register_url",
)  # fmt: skip
_PLAIN = (
    "series",
    "url",
    "timezone",
    "map_url",
    "online_url",
    "agenda_url",
    "register_url",
    "contact_email",
)


@dataclass(frozen=True)
class Row:
    """A run of days that have the same times."""

    first: date
    last: date
    start: time | None
    end: time | None


def fields_of(content: Content) -> dict[str, str]:
    """Lay content out as the fields of the form."""
    zone = ZoneInfo(content.timezone) if content.timezone else settings.publication().zone
    filled = {name: getattr(content, name) for name in _PLAIN}
    filled |= {"image": content.image, "timezone": content.timezone or settings.publication().timezone}
    filled |= _moment("register_by", content.register_by, zone)
    filled["full"] = "1" if content.full else ""
    filled["dated"] = (
        content.dated.astimezone(settings.publication().zone).date().isoformat() if content.dated else ""
    )
    for language, text in content.texts.items():
        filled |= {f"{name}-{language}": getattr(text, name) for name in _LINES}
        filled[f"body-{language}"] = as_typed(text.body_html)
        for number, speaker in enumerate(text.speakers):
            filled[f"speaker-{number}-name-{language}"] = speaker.name
            filled[f"speaker-{number}-role-{language}"] = speaker.role
    for number, row in enumerate(_rows(content.days)):
        filled[f"day-{number}-date"] = row.first.isoformat()
        filled[f"day-{number}-last"] = row.last.isoformat() if row.last != row.first else ""
        filled[f"day-{number}-start"] = f"{row.start:%H:%M}" if row.start else ""
        filled[f"day-{number}-end"] = f"{row.end:%H:%M}" if row.end else ""
    return filled


@lru_cache(maxsize=1)
def zones() -> list[str]:
    """Return the names of the time zones to choose from; to find them takes a walk through the file system."""
    others = ("Etc/", "SystemV/", "US/")
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith(others))


def rows_in(form: Mapping[str, str], name: str, least: int = 1) -> int:
    """Return how many rows of days or speakers a form has, empty ones at its end left out."""
    numbers = [int(key.split("-")[1]) for key, value in form.items() if _is_row(key, name) and value]
    return min(MOST_ROWS, max([least, *(number + 1 for number in numbers)]))


def read(form: Mapping[str, str], kind: Kind, kept: Entry | None) -> tuple[Content, dict[str, str]]:
    """Return what was typed, and by field what of it cannot be read at all."""
    errors: dict[str, str] = {}
    languages = dict.fromkeys((*settings.publication().languages, *(kept.texts if kept else ())))
    content = Content(
        kind=kind,
        texts={language: text for language in languages if not (text := _text(form, language)).is_empty},
        image=form.get("image", ""),
        dated=_dated(form, kept, errors),
        **_plain(form),
    )
    if kind is not Kind.EVENT:
        return content, errors
    zone = content.timezone if content.timezone in zones() else settings.publication().timezone
    days = tuple(_days(form, errors))
    content = replace(content, days=days, full=bool(form.get("full")))
    return replace(content, register_by=_deadline(form, ZoneInfo(zone), errors)), errors


def _plain(form: Mapping[str, str]) -> dict[str, Any]:
    return {name: form.get(name, "").strip() for name in _PLAIN}


def _rows(days: tuple[Day, ...]) -> Iterator[Row]:
    """Draw days that follow each other with the same times together into one row."""
    row: Row | None = None
    for day in days:
        if row and day.date == row.last + timedelta(days=1) and (day.start, day.end) == (row.start, row.end):
            row = replace(row, last=day.date)
            continue
        if row:
            yield row
        row = Row(day.date, day.date, day.start, day.end)
    if row:
        yield row


def _days(form: Mapping[str, str], errors: dict[str, str]) -> Iterator[Day]:
    for number in range(rows_in(form, "day", 0)):
        name = f"day-{number}"
        first, last = _date(form, f"{name}-date", errors), _date(form, f"{name}-last", errors)
        start, end = _time(form, f"{name}-start", errors), _time(form, f"{name}-end", errors)
        if first is None:
            if last or start or end:
                errors.setdefault(f"{name}-date", "Give the date of this day.")
            continue
        last = last or first
        if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
            errors[f"{name}-last"] = "The last day lies before the first, or too far from it."
            continue
        for step in range((last - first).days + 1):
            yield Day(first + timedelta(days=step), start, end)


def _text(form: Mapping[str, str], language: str) -> Text:
    body = form.get(f"body-{language}", "").replace("\r\n", "\n").strip()
    html = rendering.sanitise(body) if body.startswith("<") else rendering.markdown(body)
    return Text(
        body_html=html.strip(),
        speakers=_speakers(form, language),
        **{name: form.get(f"{name}-{language}", "").replace("\r\n", "\n").strip() for name in _LINES},
    )


def _speakers(form: Mapping[str, str], language: str) -> tuple[Speaker, ...]:
    """Read who speaks. Whoever has no name in a language that names others is called there as the other language does."""
    rows = range(rows_in(form, "speaker", 0))
    named = [_speaker(form, number, language) for number in rows]
    if any(speaker.name for speaker in named):
        codes = settings.publication().languages
        named = [
            next((one for code in (language, *codes) if (one := _speaker(form, number, code)).name), speaker)
            if not speaker.role
            else speaker
            for number, speaker in zip(rows, named, strict=True)
        ]
    return tuple(speaker for speaker in named if speaker.name or speaker.role)


def _speaker(form: Mapping[str, str], number: int, language: str) -> Speaker:
    name, role = (form.get(f"speaker-{number}-{what}-{language}", "").strip() for what in ("name", "role"))
    return Speaker(name, role)


def _dated(form: Mapping[str, str], kept: Entry | None, errors: dict[str, str]) -> datetime | None:
    """Return the date of news: the very moment that is kept, as long as its day was not changed."""
    day = _date(form, "dated", errors)
    if day is None:
        return None
    zone = settings.publication().zone
    if kept and kept.published_at and kept.published_at.astimezone(zone).date() == day:
        return kept.published_at
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _deadline(form: Mapping[str, str], zone: ZoneInfo, errors: dict[str, str]) -> datetime | None:
    day, at = _date(form, "register_by-date", errors), _time(form, "register_by-time", errors)
    if day is None:
        if at:
            errors.setdefault("register_by-date", "Give the date of the deadline as well.")
        return None
    return datetime.combine(day, at or time(23, 59), zone).astimezone(UTC)


def _moment(name: str, moment: datetime | None, zone: ZoneInfo) -> dict[str, str]:
    if moment is None:
        return {}
    local = moment.astimezone(zone)
    at = "" if local.time() == time(23, 59) else f"{local:%H:%M}"
    return {f"{name}-date": local.date().isoformat(), f"{name}-time": at}


def _date(form: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    typed = form.get(name, "").strip()
    try:
        found = date.fromisoformat(typed) if typed else None
    except ValueError:
        errors[name] = "This is no date. Write it as 2026-11-10."
        return None
    if found and not MINYEAR < found.year < MAXYEAR:  # elsewhere it may be a day for which there is no date
        errors[name] = "This year cannot be right."
        return None
    return found


def _time(form: Mapping[str, str], name: str, errors: dict[str, str]) -> time | None:
    typed = form.get(name, "").strip()
    try:
        return (
            time.fromisoformat(typed.zfill(5)).replace(second=0, microsecond=0, tzinfo=None)
            if typed
            else None
        )
    except ValueError:
        errors[name] = "This is no time. Write it as 9:30."
        return None


def _is_row(key: str, name: str) -> bool:
    parts = key.split("-")
    return len(parts) > 2 and parts[0] == name and parts[1].isdecimal() and len(parts[1]) < 4  # noqa: PLR2004


def field_name(name: str) -> str:
    """Return the form's name of a field as the domain calls it: `title.ja`, `days.0`, `days`."""
    head, _, tail = name.partition(".")
    if head == "days":
        return "day-0-date"
    if head == "register_by":
        return "register_by-date"
    if head == "title" and not tail:
        return f"title-{settings.publication().languages[0]}"
    if head == "speakers":
        return f"speaker-0-name-{tail}"
    return f"{'body' if head == 'body_html' else head}-{tail}" if tail else head
