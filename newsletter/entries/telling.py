"""Says in a reader's words what was changed about an entry."""

from datetime import datetime, time

from newsletter import settings
from newsletter.entries.content import Day, days_from
from newsletter.entries.fields import Value
from newsletter.entries.tables import Entry, EntryChange
from newsletter.languages import (
    Translate,
    place_of,
    translator,
    write_date,
    write_days,
    write_moment,
    write_time,
)

_NAMES = {
    "days": "Date and time",
    "timezone": "Time zone",
    "venue": "Venue",
    "online_place": "Online place",
    "online_url": "Link to take part online",
    "map_url": "Link to a map",
    "agenda_url": "Link to the agenda",
    "register_url": "Link to register",
    "register_by": "Registration deadline",
    "full": "No places left",
    "contact_name": "Contact",
    "contact_email": "Contact’s address",
    "languages_spoken": "Languages spoken",
    "language_note": "About languages",
    "cancelled": "Cancelled",
    "title": "Title",
    "summary": "Summary",
    "body_html": "Text",
    "speakers": "Speakers",
    "organiser": "Organiser",
    "authors": "Authors",
    "price": "Price",
    "image": "Picture",
    "image_alt": "Picture in words",
    "image_credit": "Picture credit",
    "topics": "Topics",
    "series": "Series",
    "url": "Link",
    "dated": "Date",
    "kind": "Kind",
}


def name_field(what: str, language: str) -> str:
    """Return what a field is called on screens."""
    return translator(language)(_NAMES.get(what, what))


def describe_change(change: EntryChange, entry: Entry, language: str) -> str:
    """Return one sentence for readers: what the date, time or place was, and what it is now."""
    t = translator(language)
    if change.what == "cancelled":
        return t("This event has been cancelled.") if change.new else t("This event takes place after all.")
    old, new = (_value(change.what, value, entry, language) for value in (change.old, change.new))
    name = name_field(change.what, language)
    if not new:
        return t("%(what)s: no longer given (it was %(old)s).", what=name, old=old)
    if not old:
        return t("%(what)s: now %(new)s.", what=name, new=new)
    return t("%(what)s: now %(new)s, not %(old)s.", what=name, new=new, old=old)


def write_days_of(days: tuple[Day, ...], language: str) -> str:
    """Write an event's days with their times, as one line."""
    joint = " " if language == "ja" else ", "
    if len(days) > 1 and len({(day.start, day.end) for day in days}) == 1 and _in_a_row(days):
        times = _times(days[0], language)
        return joint.join(part for part in (write_days(days[0].date, days[-1].date, language), times) if part)
    separator = "、" if language == "ja" else "; "
    return separator.join(
        joint.join(part for part in (write_date(day.date, language), _times(day, language)) if part)
        for day in days
    )


def _times(day: Day, language: str) -> str:
    if day.start:
        return write_time(day.start, day.end, language)
    return _until(day.end, translator(language), language) if day.end else ""


def _until(end: time, t: Translate, language: str) -> str:
    return t("until %(time)s", time=write_time(end, None, language))


def _in_a_row(days: tuple[Day, ...]) -> bool:
    return (days[-1].date - days[0].date).days == len(days) - 1


def _value(what: str, value: Value, entry: Entry, language: str) -> str:
    if not value:
        return ""
    match what:
        case "days":
            return write_days_of(days_from(value), language)
        case "timezone":
            return place_of(value, language)
        case "register_by" | "dated":
            return write_moment(
                datetime.fromisoformat(value), entry.timezone or settings.publication().timezone, language
            )
        case _:
            return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


__all__ = ["describe_change", "name_field", "write_days_of"]
