"""Reads iCalendar files (RFC 5545, 7986): several calendars in one, dates of all sorts, repetition, zones by name or rule.

A component that cannot be read costs only itself; a file that cannot be read as a whole is read component by component.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from time import thread_time
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component

from newsletter.entries import zones
from newsletter.entries.content import MOST_DAYS, Content, Day, Kind, Text
from newsletter.entries.items import Found, Gone, Item, Reading, Seen, Unusable, key, with_note
from newsletter.entries.prose import (
    WHAT_LIBRARIES_RAISE,
    damaged,
    decode,
    language_of,
    line,
    summary_and_body,
    text_of,
)
from newsletter.entries.recurring import MOST, SECONDS, Part, TooOften, unfold

_MOST_COMPONENTS = 20_000
_SECONDS_FOR_ALL = 15.0
_MOST_GONE = 500
_ONCE = "Its repetition cannot be read; taken once."
_HIDDEN = ("PRIVATE", "CONFIDENTIAL")
_ANY_URL = re.compile(r"https?://[^\s<>\"]+")


class _Unreadable(Exception):
    """This one event cannot be taken in, and why."""


@dataclass(frozen=True)
class _Setting:
    """What holds for all events of one calendar."""

    zone: str
    """The zone of times that name none: what the calendar says, else the publication's."""
    cancelled: bool
    zones: tuple[Part, ...]


def read(data: bytes, how: Reading) -> Found:
    """Read the events of a file."""
    text = decode(data, how.content_type)
    calendars, broken = _parse(text)
    seen = Seen()
    found: Found = list(broken)
    for calendar in calendars:
        found += _Calendar(calendar, how, seen).read()
    return found


def _parse(text: str) -> tuple[list[Part], Found]:
    """Return the calendars of a file; where it breaks the reader, one calendar of all components that can be read."""
    if len(re.findall(r"(?im)^BEGIN:VEVENT", text)) > _MOST_COMPONENTS:
        return [], [Unusable("", f"It has more than {_MOST_COMPONENTS} events; hand in a part of it.")]
    try:
        with warnings.catch_warnings():  # a guessed zone is noted where it is used
            warnings.simplefilter("ignore")
            parts = Calendar.from_ical(text, multiple=True)
    except WHAT_LIBRARIES_RAISE:
        return _salvage(text)
    return list(parts), []


def _salvage(text: str) -> tuple[list[Part], Found]:
    whole, broken = Calendar(), Found()
    head = re.split(r"(?im)^BEGIN:V(?:EVENT|TIMEZONE|TODO|ALARM|JOURNAL)", text, maxsplit=1)[0]
    for name in ("X-WR-TIMEZONE", "METHOD"):
        if said := re.search(rf"(?im)^{name}[^:\r\n]*:(.*)$", head):
            whole.add(name, said[1].strip())
    for block in re.findall(r"(?ims)^BEGIN:(VEVENT|VTIMEZONE)\s*$(.*?)^END:\1\s*$", text):
        try:
            whole.add_component(Component.from_ical(f"BEGIN:{block[0]}{block[1]}END:{block[0]}\r\n"))
        except WHAT_LIBRARIES_RAISE as error:
            if block[0].upper() == "VEVENT":
                title = re.search(r"(?im)^SUMMARY[^:\r\n]*:(.*)$", block[1])
                broken.append(Unusable(line(title[1]) if title else "", damaged(error)))
    return [whole], broken


class _Calendar:
    """Reads one calendar, event by event."""

    def __init__(self, calendar: Part, how: Reading, seen: Seen) -> None:
        self._calendar = calendar
        self._how = how
        self._seen = seen
        said = zones.by_name(str(calendar.get("X-WR-TIMEZONE") or calendar.get("TIMEZONE-ID") or ""))
        self._setting = _Setting(
            zone=said or how.zone,
            cancelled=str(calendar.get("METHOD", "")).upper() == "CANCEL",
            zones=tuple(calendar.walk("VTIMEZONE")),
        )
        self._seconds_left = _SECONDS_FOR_ALL

    def read(self) -> Found:
        """Read all events, those that belong to one series together."""
        series: dict[str, list[Part]] = {}
        for number, part in enumerate(self._calendar.walk("VEVENT")):
            uid = str(part.get("UID") or "").strip()
            series.setdefault(uid or f"\n{number}", []).append(part)
        return Found(thing for uid, parts in series.items() for thing in self._series(uid.strip(), parts))

    def _series(self, uid: str, parts: list[Part]) -> Iterator[Item | Unusable | Gone]:
        usable = [part for part in parts if str(part.get("CLASS", "")).upper() not in _HIDDEN]
        for part in parts:
            if part not in usable:
                yield Unusable(_title(part), "Its calendar marks it as private.")
        if any(_repeats(part) for part in usable):
            yield from self._repeated(uid, usable)
            return
        for part in _newest(usable):
            yield self._one(uid, part, None)

    def _repeated(self, uid: str, parts: list[Part]) -> Iterator[Item | Unusable | Gone]:
        master = next((part for part in parts if "RECURRENCE-ID" not in part), parts[0])
        readable = [part for part in parts if _has_start(part)]
        before = thread_time()
        try:
            seconds = min(SECONDS, self._seconds_left)
            dates, more = unfold(readable, self._setting.zones, self._how.now, seconds)
        except TooOften:
            yield Unusable(
                _title(master), "It repeats too often, or by a rule that takes too long to work out."
            )
            return
        except WHAT_LIBRARIES_RAISE:
            yield self._first_only(uid, master)
            return
        finally:
            self._seconds_left -= thread_time() - before
        yield from self._dates(uid, dates, _title(master))
        yield from (Gone(key("ics", uid, _utc(on))) for on in _taken_out(master)[:_MOST_GONE])
        if more:
            yield Unusable(
                _title(master), f"It goes on; {MOST} dates were taken, the rest follows with time."
            )

    def _dates(self, uid: str, dates: list[Part], series: str) -> Iterator[Item | Unusable]:
        for part in dates:
            item = self._one(uid, part, part["RECURRENCE-ID"].dt)
            yield (
                replace(item, content=replace(item.content, series=series))
                if isinstance(item, Item)
                else item
            )

    def _first_only(self, uid: str, master: Part) -> Item | Unusable:
        item = self._one(uid, master, None)
        if not isinstance(item, Item) or _ONCE in item.note:
            return item
        return with_note(item, _ONCE)

    def _one(self, uid: str, part: Part, recurrence: date | None) -> Item | Unusable:
        try:
            item = _Event(part, self._setting, self._how).item(uid, recurrence)
        except _Unreadable as error:
            return Unusable(_title(part), str(error))
        except WHAT_LIBRARIES_RAISE as error:
            return Unusable(_title(part), damaged(error))
        if not self._seen.is_new(item.key):
            return Unusable(_title(part), "The same event stands in the file before.")
        return item


class _Event:
    """Reads one event."""

    def __init__(self, part: Part, setting: _Setting, how: Reading) -> None:
        self._part = part
        self._setting = setting
        self._how = how
        self._notes: list[str] = []

    def item(self, uid: str, recurrence: date | None) -> Item:
        """Return what it says. Raises `_Unreadable`, or whatever the library raises."""
        start = self._start()
        zone = self._zone(start)
        title = _title(self._part) or line(text_of(self._part.get("DESCRIPTION")).strip().split("\n")[0])
        if not title:
            raise _Unreadable("It has no title (SUMMARY).")
        text = self._text(title)
        said = _parameter(self._part.get("SUMMARY"), "LANGUAGE") or self._part.get("LANGUAGE")
        language, note = language_of(said, f"{title} {text.summary}", self._how.languages, self._how.language)
        self._notes += [note] if note else []
        if any(name == "RRULE" for name, _ in self._part.errors):
            self._notes.append(_ONCE)
        days = self._days(start, zone)
        identity = key("ics", uid, _utc(recurrence)) if uid else key("ics-", title, _utc(start))
        return Item(
            identity,
            self._content(language, text, days, zone),
            language,
            self._cancelled(),
            " ".join(self._notes),
        )

    def _start(self) -> date:
        if not _has_start(self._part):
            broken = any(name == "DTSTART" for name, _ in self._part.errors)
            raise _Unreadable("Its date (DTSTART) cannot be read." if broken else "It has no date (DTSTART).")
        start = self._part["DTSTART"].dt
        if not isinstance(start, date):
            raise _Unreadable("Its date (DTSTART) cannot be read.")
        return start

    def _end(self, start: date) -> date | None:
        """Return the end as it is written, or by the duration; None where there is none or it is not after the start."""
        end, duration = _value(self._part.get("DTEND")), _value(self._part.get("DURATION"))
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
            raise _Unreadable(f"It lasts {count} days; {MOST_DAYS} is the most.")
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
            raise _Unreadable(f"It lasts {nights + 1} days; {MOST_DAYS} is the most.")
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
            texts={language: text},
            topics=_topics(part, self._how),
            url=_link(_first(part.get("URL"))),
            days=days,
            timezone=zone,
            online_url=_link(conference) or (_link(place) if _ANY_URL.fullmatch(place) else ""),
            agenda_url=_attached(part),
            contact_name=name,
            contact_email=address,
        )

    def _contact(self) -> tuple[str, str]:
        organiser = _first(self._part.get("ORGANIZER"))
        address = re.sub(r"(?i)^mailto:", "", str(organiser or "")).strip()
        good = re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", address)
        said = line(_first(self._part.get("CONTACT")))[:200]
        return said or line(_parameter(organiser, "CN"))[:200], address if good else ""

    def _cancelled(self) -> bool:
        return self._setting.cancelled or str(self._part.get("STATUS", "")).upper() == "CANCELLED"


def _newest(parts: list[Part]) -> list[Part]:
    """Of several versions of one event keep the last; events that merely share an identity by mistake are all kept."""
    latest: dict[str, Part] = {}
    for part in parts:
        named = _title(part)
        if named not in latest or _sequence(part) >= _sequence(latest[named]):
            latest[named] = part
    return list(latest.values())


def _sequence(part: Part) -> int:
    try:
        return int(part.get("SEQUENCE", 0))
    except WHAT_LIBRARIES_RAISE:
        return 0


def _repeats(part: Part) -> bool:
    return any(name in part for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def _taken_out(part: Part) -> list[date]:
    """Return the dates that a series leaves out (EXDATE)."""
    values = part.get("EXDATE")
    lists = values if isinstance(values, list) else [values]
    found = (_value(one) for each in lists for one in getattr(each, "dts", []))
    return [on for on in found if isinstance(on, date)]


def _has_start(part: Part) -> bool:
    return isinstance(_value(part.get("DTSTART")), date)


def _title(part: Part) -> str:
    return line(_first(part.get("SUMMARY")))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None if isinstance(value, list) else value


def _value(prop: Any) -> Any:
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


def _utc(value: date | None) -> str:
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
