"""Reads one event of an iCalendar file: when it is, in which zone, where, and what it says."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.entries import zones
from newsletter.entries.content import MOST_DAYS, Content, Day, Kind, Text
from newsletter.entries.items import Item, Reading, Unreadable, key
from newsletter.entries.prose import (
    WHAT_LIBRARIES_RAISE,
    language_of,
    line,
    mail_address,
    summary_and_body,
    text_of,
)
from newsletter.entries.recurring import Part

ONCE = "Its repetition cannot be read; taken once."
_ANY_URL = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Setting:
    """What holds for all events of one calendar."""

    zone: str
    """The zone of times that name none: what the calendar says, else the publication's."""
    cancelled: bool
    zones: tuple[Part, ...]


class CalendarEvent:
    """Reads one event."""

    def __init__(self, part: Part, setting: Setting, how: Reading) -> None:
        self._part = part
        self._setting = setting
        self._how = how
        self._notes: list[str] = []

    def item(self, uid: str, recurrence: date | None) -> Item:
        """Return what it says. Raises `Unreadable`, or whatever the library raises."""
        start = self._start()
        zone = self._zone(start)
        title = title_of(self._part) or line(text_of(self._part.get("DESCRIPTION")).strip().split("\n")[0])
        if not title:
            raise Unreadable("It has no title (SUMMARY).")
        text = self._text(title)
        said = _parameter(self._part.get("SUMMARY"), "LANGUAGE") or self._part.get("LANGUAGE")
        language, note = language_of(said, f"{title} {text.summary}", self._how.languages, self._how.language)
        self._notes += [note] if note else []
        if any(name == "RRULE" for name, _ in self._part.errors):
            self._notes.append(ONCE)
        days = self._days(start, zone)
        identity = key("ics", uid, in_utc(recurrence)) if uid else key("ics-", title, in_utc(start))
        return Item(
            identity,
            self._content(language, text, days, zone),
            language,
            self._cancelled(),
            " ".join(self._notes),
        )

    def _start(self) -> date:
        if not has_start(self._part):
            broken = any(name == "DTSTART" for name, _ in self._part.errors)
            raise Unreadable("Its date (DTSTART) cannot be read." if broken else "It has no date (DTSTART).")
        start = self._part["DTSTART"].dt
        if not isinstance(start, date):
            raise Unreadable("Its date (DTSTART) cannot be read.")
        return start

    def _end(self, start: date) -> date | None:
        """Return the end as it is written, or by the duration; None where there is none or it is not after the start."""
        end, duration = value_of(self._part.get("DTEND")), value_of(self._part.get("DURATION"))
        if (
            end is None
            and isinstance(duration, timedelta)
            and timedelta(0) < duration < timedelta(days=MOST_DAYS)
        ):
            end = start + duration
            if not isinstance(start, datetime) and duration % timedelta(days=1):
                end = start + duration + timedelta(days=1)
        if end is None and any(name in ("DTEND", "DURATION") for name, _ in self._part.errors):
            self._notes.append("Its end cannot be read, and was left out.")
        return end if isinstance(end, date) else None

    def _zone(self, start: date) -> str:
        if not isinstance(start, datetime):
            return self._setting.zone
        tzid = _parameter(self._part["DTSTART"], "TZID")
        if tzid and (named := zones.by_name(tzid)):
            return named
        if start.tzinfo is None:
            if tzid:
                self._notes.append(
                    f"Its time zone “{line(tzid)[:60]}” is unknown; taken as {self._setting.zone}."
                )
            return self._setting.zone
        if not tzid:
            return _named(start) or self._setting.zone
        return self._by_rule(start, tzid)

    def _by_rule(self, start: datetime, tzid: str) -> str:
        assert start.tzinfo is not None
        found = zones.by_rules(start.tzinfo, start, self._how.zone)
        zone = found or self._setting.zone
        self._notes.append(f"Its time zone “{line(tzid)[:60]}” is written as {zone}.")
        return zone

    def _days(self, start: date, zone: str) -> tuple[Day, ...]:
        end = self._end(start)
        if not isinstance(start, datetime):
            return self._whole_days(start, end)
        begin = _local(start, zone)
        if not isinstance(end, datetime):
            return (Day(begin.date(), begin.time()),)
        return self._timed(begin, _local(end, zone))

    def _whole_days(self, start: date, end: date | None) -> tuple[Day, ...]:
        if isinstance(end, datetime):
            end = end.date() + timedelta(days=1 if end.time() > time() else 0)
        count = (end - start).days if end else 1
        if count > MOST_DAYS:
            raise Unreadable(f"It lasts {count} days; {MOST_DAYS} is the most.")
        return tuple(Day(start + timedelta(days=number)) for number in range(max(1, count)))

    def _timed(self, begin: datetime, end: datetime) -> tuple[Day, ...]:
        if end <= begin:
            if end < begin:
                self._notes.append("Its end lies before its beginning, and was left out.")
            return (Day(begin.date(), begin.time()),)
        if end - begin <= timedelta(days=1):
            return (Day(begin.date(), begin.time(), end.time()),)
        nights = (end.date() - begin.date()).days
        if nights >= MOST_DAYS:
            raise Unreadable(f"It lasts {nights + 1} days; {MOST_DAYS} is the most.")
        between = (Day(begin.date() + timedelta(days=number)) for number in range(1, nights))
        last = () if end.time() == time() else (Day(end.date(), None, end.time()),)
        return (Day(begin.date(), begin.time()), *between, *last)

    def _text(self, title: str) -> Text:
        formatted = _first(self._part.get("X-ALT-DESC")) or _first(self._part.get("STYLED-DESCRIPTION"))
        described = str(_first(self._part.get("DESCRIPTION")) or "")
        html = str(formatted) if formatted and "<" in str(formatted) else ""
        summary, body = summary_and_body(described or html, html)
        place = line(_first(self._part.get("LOCATION")))
        return Text(
            title=title, summary=summary, body_html=body, venue="" if _ANY_URL.fullmatch(place) else place
        )

    def _content(self, language: str, text: Text, days: tuple[Day, ...], zone: str) -> Content:
        part = self._part
        place = line(_first(part.get("LOCATION")))
        conference = str(_first(part.get("CONFERENCE")) or _first(part.get("X-GOOGLE-CONFERENCE")) or "")
        name, address = self._contact()
        return Content(
            kind=Kind.EVENT,
            texts={language: replace(text, contact_name=name)},
            topics=_topics(part, self._how),
            url=_link(_first(part.get("URL"))),
            days=days,
            timezone=zone,
            online_url=_link(conference) or (_link(place) if _ANY_URL.fullmatch(place) else ""),
            agenda_url=_attached(part),
            contact_email=address,
        )

    def _contact(self) -> tuple[str, str]:
        organiser = _first(self._part.get("ORGANIZER"))
        said = line(_first(self._part.get("CONTACT")))[:200]
        return said or line(_parameter(organiser, "CN"))[:200], mail_address(str(organiser or ""))

    def _cancelled(self) -> bool:
        return self._setting.cancelled or str(self._part.get("STATUS", "")).upper() == "CANCELLED"


def has_start(part: Part) -> bool:
    """Tell whether a component has a date that can be read."""
    return isinstance(value_of(part.get("DTSTART")), date)


def title_of(part: Part) -> str:
    """Return the title of a component as one line; empty where it has none."""
    return line(_first(part.get("SUMMARY")))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None if isinstance(value, list) else value


def value_of(prop: Any) -> Any:
    """Return the date or duration of a property; None where there is none or it is broken."""
    try:
        return getattr(prop, "dt", None)
    except WHAT_LIBRARIES_RAISE:
        return None


def _parameter(value: Any, name: str) -> str:
    return str(getattr(value, "params", {}).get(name) or "")


def _named(start: datetime) -> str | None:
    name = str(getattr(start.tzinfo, "key", ""))
    return None if name in ("", "UTC", "Etc/UTC") else zones.by_name(name)


def _local(moment: datetime, zone: str) -> datetime:
    """Write a moment as clocks in a zone show it; one without a zone is written so already."""
    local = moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone))
    return local.replace(tzinfo=None, second=0, microsecond=0)


def in_utc(value: date | None) -> str:
    """Write a date or moment so that the same one is always written the same, whatever its zone."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if value else ""


def _link(value: Any) -> str:
    address = str(value or "").strip()
    found = _ANY_URL.match(address)
    return found[0] if found else ""


def _attached(part: Part) -> str:
    values = part.get("ATTACH")
    for value in values if isinstance(values, list) else [values]:
        if address := _link(value):
            return address
    return ""


def _topics(part: Part, how: Reading) -> tuple[str, ...]:
    values = part.get("CATEGORIES")
    words: list[str] = []
    for value in values if isinstance(values, list) else [values]:
        words += [str(word) for word in getattr(value, "cats", [])]
    return tuple(
        dict.fromkeys(
            how.topics[word.strip().casefold()] for word in words if word.strip().casefold() in how.topics
        )
    )
