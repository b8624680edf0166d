"""Reads iCalendar files (RFC 5545, 7986): several calendars in one, dates of all sorts, repetition, zones by name or rule.

A component that cannot be read costs only itself; a file that cannot be read as a whole is read component by component.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from time import thread_time

from icalendar import Calendar, Component

from newsletter.entries import zones
from newsletter.entries.calendar_event import (
    ONCE,
    CalendarEvent,
    Setting,
    has_start,
    in_utc,
    title_of,
    value_of,
)
from newsletter.entries.items import Found, Gone, Item, Reading, Seen, Unreadable, Unusable, key, with_note
from newsletter.entries.patience import TooLong
from newsletter.entries.prose import (
    WHAT_LIBRARIES_RAISE,
    damaged,
    decode,
    line,
)
from newsletter.entries.recurring import MOST, SECONDS, Part, unfold

_MOST_COMPONENTS = 20_000
_SECONDS_FOR_ALL = 15.0
_MOST_GONE = 500
_HIDDEN = ("PRIVATE", "CONFIDENTIAL")


def read(data: bytes, how: Reading) -> Found:
    """Read the events of a file."""
    text = decode(data, how.content_type)
    calendars, broken = _parse(text)
    seen, patience = Seen(), _Patience()
    found: Found = list(broken)
    for calendar in calendars:
        found += _Calendar(calendar, how, seen, patience).read()
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
    for name, block in _components(text):
        try:
            whole.add_component(Component.from_ical(block))
        except WHAT_LIBRARIES_RAISE as error:
            if name == "VEVENT":
                title = re.search(r"(?im)^SUMMARY[^:\r\n]*:(.*)$", block)
                broken.append(Unusable(line(title[1]) if title else "", damaged(error)))
    return [whole], broken


def _components(text: str) -> Iterator[tuple[str, str]]:
    """Find all that is begun and ended, in one walk: to look for the end of each that has none takes hours."""
    begun: re.Match[str] | None = None
    for mark in re.finditer(r"(?im)^(BEGIN|END):(VEVENT|VTIMEZONE)[ \t\r]*$", text):
        if mark[1].upper() == "BEGIN":
            begun = mark
        elif begun and begun[2].upper() == mark[2].upper():
            yield mark[2].upper(), f"{text[begun.start() : mark.end()].rstrip()}\r\n"
            begun = None


@dataclass
class _Patience:
    """How much work may still go into the repetitions of a file, however many calendars it is made of."""

    seconds: float = _SECONDS_FOR_ALL


class _Calendar:
    """Reads one calendar, event by event."""

    def __init__(self, calendar: Part, how: Reading, seen: Seen, patience: _Patience) -> None:
        self._calendar = calendar
        self._how = how
        self._seen = seen
        self._patience = patience
        said = zones.by_name(str(calendar.get("X-WR-TIMEZONE") or calendar.get("TIMEZONE-ID") or ""))
        self._setting = Setting(
            zone=said or how.zone,
            cancelled=str(calendar.get("METHOD", "")).upper() == "CANCEL",
            zones=tuple(calendar.walk("VTIMEZONE")),
        )

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
                yield Unusable(title_of(part), "Its calendar marks it as private.")
        if any(_repeats(part) for part in usable):
            yield from self._repeated(uid, usable)
            return
        for part in _newest(usable):
            yield self._one(uid, part, None)

    def _repeated(self, uid: str, parts: list[Part]) -> Iterator[Item | Unusable | Gone]:
        master = next((part for part in parts if "RECURRENCE-ID" not in part), parts[0])
        readable = [part for part in parts if has_start(part)]
        before = thread_time()
        try:
            seconds = min(SECONDS, self._patience.seconds)
            dates, more = unfold(readable, self._setting.zones, self._how.now, seconds)
        except TooLong:
            yield Unusable(
                title_of(master), "It repeats too often, or by a rule that takes too long to work out."
            )
            return
        except WHAT_LIBRARIES_RAISE:
            yield self._first_only(uid, master)
            return
        finally:
            self._patience.seconds -= thread_time() - before
        yield from self._dates(uid, dates, title_of(master))
        yield from (Gone(key("ics", uid, in_utc(on))) for on in _taken_out(master)[:_MOST_GONE])
        if more:
            yield Unusable(
                title_of(master), f"It goes on; {MOST} dates were taken, the rest follows with time."
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
        if not isinstance(item, Item) or ONCE in item.note:
            return item
        return with_note(item, ONCE)

    def _one(self, uid: str, part: Part, recurrence: date | None) -> Item | Unusable:
        try:
            item = CalendarEvent(part, self._setting, self._how).item(uid, recurrence)
        except Unreadable as error:
            return Unusable(title_of(part), str(error))
        except WHAT_LIBRARIES_RAISE as error:
            return Unusable(title_of(part), damaged(error))
        if not self._seen.is_new(item.key):
            return Unusable(title_of(part), "The same event stands in the file before.")
        return item


def _newest(parts: list[Part]) -> list[Part]:
    """Of several versions of one event keep the last; events that merely share an identity by mistake are all kept."""
    latest: dict[str, Part] = {}
    for part in parts:
        named = title_of(part)
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
    found = (value_of(one) for each in lists for one in getattr(each, "dts", []))
    return [on for on in found if isinstance(on, date)]
