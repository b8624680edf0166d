"""Writes events as an iCalendar file (RFC 5545) that calendars can subscribe to or take in once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from newsletter import settings
from newsletter.entries.content import Day
from newsletter.entries.tables import Entry
from newsletter.later import later
from newsletter.rendering import plain

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = later("icalendar")

_PRODUCT = "-//Newsletter//Entries//EN"


@dataclass(frozen=True)
class _Piece:
    """A stretch of an event that calendars show as one: a run of whole days, one day, or one span across days."""

    days: tuple[Day, ...]

    @property
    def is_whole_days(self) -> bool:
        return self.days[0].start is None


def calendar(entries: Iterable[Entry], language: str, name: str = "") -> bytes:
    """Return the events among `entries` as one calendar in a language, as bytes with CRLF, folded at 75 octets.

    An event of several days with times becomes one component a day, a run of all-day ones a single component.
    """
    events = [entry for entry in entries if entry.is_event]
    whole = icalendar.Calendar()
    for key, value in (
        ("VERSION", "2.0"),
        ("PRODID", _PRODUCT),
        ("METHOD", "PUBLISH"),
        ("CALSCALE", "GREGORIAN"),
    ):
        whole.add(key, value)
    if name:
        whole.add("NAME", name)
        whole.add("X-WR-CALNAME", name)
    for zone in _zones(events):
        whole.add_component(zone)
    for entry in events:
        for component in _components(entry, language):
            whole.add_component(component)
    return bytes(whole.to_ical())


def _zones(events: list[Entry]) -> "Iterator[icalendar.Timezone]":
    """Describe each zone that a time refers to, for the years in which it does."""
    years: dict[str, list[date]] = {}
    for entry in events:
        if not entry.all_day and entry.timezone != "UTC":
            years.setdefault(entry.timezone, []).extend(day.date for day in entry.days)
    for zone, dates in sorted(years.items()):
        yield icalendar.Timezone.from_tzid(
            zone, first_date=date(min(dates).year - 1, 1, 1), last_date=date(max(dates).year + 1, 12, 31)
        )


def _components(entry: Entry, language: str) -> "Iterator[icalendar.Event]":
    for number, piece in enumerate(_pieces(entry.days)):
        component = icalendar.Event()
        uid = f"{entry.uid}-{number + 1}" if number else entry.uid
        component.add("UID", f"{uid}@{settings.environment().domain}")
        component.add("DTSTAMP", entry.changed_at.astimezone(UTC).replace(microsecond=0))
        component.add("LAST-MODIFIED", entry.changed_at.astimezone(UTC).replace(microsecond=0))
        component.add("SEQUENCE", entry.sequence)
        component.add("STATUS", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
        _add_when(component, piece, entry)
        _add_words(component, entry, language)
        yield component


def _pieces(days: tuple[Day, ...]) -> Iterator[_Piece]:
    """Cut an event's days into stretches: days run together while whole, or while one has not ended."""
    run: list[Day] = []
    for day in days:
        if run and not _goes_on(run, day):
            yield _Piece(tuple(run))
            run = []
        run.append(day)
    yield _Piece(tuple(run))


def _goes_on(run: list[Day], day: Day) -> bool:
    if day.date != run[-1].date + timedelta(days=1) or day.start is not None:
        return False
    is_whole = all(other.start is None and other.end is None for other in run)
    return day.end is None if is_whole else run[-1].end is None


def _add_when(component: "icalendar.Event", piece: _Piece, entry: Entry) -> None:
    first, last = piece.days[0], piece.days[-1]
    if piece.is_whole_days:
        component.add("DTSTART", icalendar.vDate(first.date))
        component.add("DTEND", icalendar.vDate(last.date + timedelta(days=1)))  # exclusive: 3.6.1
        return
    component.add(
        "DTSTART", icalendar.vDatetime(datetime.combine(first.date, first.start or time(), entry.zone))
    )
    if last.end is not None:
        overnight = last.start is not None and last.end <= last.start
        on = last.date + timedelta(days=1) if overnight else last.date
        component.add("DTEND", icalendar.vDatetime(datetime.combine(on, last.end, entry.zone)))
    elif len(piece.days) > 1:
        component.add(
            "DTEND", icalendar.vDatetime(datetime.combine(last.date + timedelta(days=1), time(), entry.zone))
        )


def _registration(entry: Entry, language: str) -> str:
    gone = entry.is_cancelled or entry.is_over or entry.registration_closed or entry.full
    return "" if gone else entry.registration(language)


def _add_words(component: "icalendar.Event", entry: Entry, language: str) -> None:
    text, shown = entry.text(language)
    page = settings.url(f"/entries/{entry.slug}?language={language}")
    component.add("SUMMARY", text.title, parameters={"LANGUAGE": shown})
    words = (text.summary or plain(text.body_html), _registration(entry, language), page)
    component.add("DESCRIPTION", "\n\n".join(word for word in words if word))
    place = ", ".join(
        word
        for word in (
            entry.fact("venue", language)[0],
            entry.fact("online_place", language)[0] or entry.online_url,
        )
        if word
    )
    if place:
        component.add("LOCATION", place)
    component.add("URL", page)
    if entry.topics:
        component.add("CATEGORIES", [topic.title(language) for topic in entry.topics])
    contact = " ".join(filter(None, (entry.fact("contact_name", language)[0], entry.contact_email)))
    if contact:
        component.add("CONTACT", contact)
