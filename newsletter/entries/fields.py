"""An entry seen as named fields, so that two versions of it can be laid side by side and changed one field at a time.

A field is `days` or, within a language, `title.en`. Its value is plain JSON.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from newsletter import settings
from newsletter.database import db
from newsletter.entries.content import EVENT_FIELDS, Content, Kind, Speaker, Text, days_to_rows, span
from newsletter.entries.tables import Entry, EntryText, Image

Value = Any
"""Plain JSON: a string, a list of strings, rows of days."""

TEXT_FIELDS = tuple(f.name for f in fields(Text))
_PLAIN = (
    "series",
    "url",
    "map_url",
    "online_url",
    "agenda_url",
    "register_url",
    "contact_email",
    "timezone",
)
TOLD = ("days", "timezone", "venue", "online_place", "register_by", "cancelled")
"""Fields whose change readers must be told once they had seen the old value."""
IN_CALENDARS = (*TOLD, "title", "summary", "online_url", "url")


def of_content(content: Content, languages: Iterable[str] = ()) -> dict[str, Value]:
    """Lay out what `content` says; a language of `languages` that it lacks is laid out empty."""
    values: dict[str, Value] = {name: getattr(content, name) for name in _PLAIN}
    values |= {
        "topics": sorted(content.topics),
        "image": content.image,
        "dated": _moment(content.dated),
        "days": days_to_rows(content.days),
        "register_by": _moment(content.register_by),
        "full": content.full,
        "languages_spoken": list(content.languages_spoken),
    }
    for language in {*content.texts, *languages}:
        values |= _of_text(content.texts.get(language, Text()), language)
    return (
        values if content.kind is Kind.EVENT else {k: v for k, v in values.items() if k not in EVENT_FIELDS}
    )


def of_entry(entry: Entry) -> dict[str, Value]:
    """Lay out what is kept of an entry."""
    return of_content(content_of(entry))


def content_of(entry: Entry) -> Content:
    """Return an entry's content as it would be handed in again."""
    return Content(
        kind=entry.kind,
        texts={language: _text(row) for language, row in entry.texts.items()},
        topics=tuple(topic.slug for topic in entry.topics),
        dated=entry.published_at,
        image=entry.image.digest if entry.image else "",
        days=entry.days,
        register_by=entry.register_by,
        full=entry.full,
        languages_spoken=tuple(entry.languages_spoken or ()),
        **{name: getattr(entry, name) or "" for name in _PLAIN},
    )


def put(entry: Entry, values: dict[str, Value]) -> None:
    """Set fields of an entry and what follows from them."""
    for name, value in values.items():
        head, _, language = name.partition(".")
        if language:
            _put_text(entry, head, language, value)
        else:
            _put_plain(entry, head, value)
    for language in [language for language, row in entry.texts.items() if _text(row).is_empty]:
        del entry.texts[language]
    if entry.kind is Kind.EVENT:
        when = span(entry.days, entry.timezone)
        entry.starts_at, entry.ends_at, entry.over_at = when.starts_at, when.ends_at, when.over_at


def _put_plain(entry: Entry, name: str, value: Value) -> None:
    match name:
        case "days":
            entry.day_rows = value
        case "dated":
            entry.published_at = value and datetime.fromisoformat(value)
        case "register_by":
            entry.register_by = value and datetime.fromisoformat(value)
        case "topics":
            entry.topics = [topic for topic in settings.topics() if topic.slug in value] if value else []
        case "image":
            entry.image = db.session.scalar(select(Image).where(Image.digest == value)) if value else None
        case _:
            setattr(entry, name, value)


def _put_text(entry: Entry, name: str, language: str, value: Value) -> None:
    if language not in entry.texts:
        if not value:
            return
        entry.texts[language] = EntryText(language=language, speaker_rows=[], **dict.fromkeys(_LINES, ""))
    setattr(entry.texts[language], "speaker_rows" if name == "speakers" else name, value)


_LINES = tuple(name for name in TEXT_FIELDS if name != "speakers")


def _text(row: EntryText) -> Text:
    return Text(speakers=row.speakers, **{name: getattr(row, name) for name in _LINES})


def _of_text(text: Text, language: str) -> dict[str, Value]:
    values: dict[str, Value] = {f"{name}.{language}": getattr(text, name) for name in _LINES}
    values[f"speakers.{language}"] = [_speaker(speaker) for speaker in text.speakers]
    return values


def _speaker(speaker: Speaker) -> dict[str, str]:
    return {"name": speaker.name, "role": speaker.role}


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
