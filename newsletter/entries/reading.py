"""Finds out what was handed in, by looking into it and never by its name, and reads it."""

import codecs
import re
from enum import StrEnum

from newsletter.entries import reading_calendar, reading_feed, reading_page
from newsletter.entries.items import Found, Item, Reading, Unusable
from newsletter.errors import Invalid

_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"RIFF", "a picture or a sound"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_HEAD = 8_192
_WHAT_TO_DO = "Hand in a feed (RSS, Atom or JSON), an .ics calendar, or a web page with schema.org data."


class Shape(StrEnum):
    """What was handed in, in words for a sentence."""

    CALENDAR = "a calendar"
    FEED = "a feed"
    JSON = "JSON"
    PAGE = "a web page"


def read(data: bytes, how: Reading) -> Found:
    """Read what was handed in. Raises `Invalid` in one sentence if nothing can be made of it."""
    shape = look(data)
    if isinstance(shape, str) and not isinstance(shape, Shape):
        raise Invalid(f"“{how.name}” looks like {shape}. {_WHAT_TO_DO}", "file")
    found = _READERS[shape](data, how)
    if not found and how.may_be_empty and shape in (Shape.CALENDAR, Shape.FEED):
        return []
    if not any(isinstance(thing, Item) for thing in found):
        raise Invalid(
            f"“{how.name}” looks like {shape}, but nothing in it can become an entry. {_why(found)}", "file"
        )
    return found


def look(data: bytes) -> Shape | str:
    """Return what the bytes are; in plain words where they are nothing that can be read."""
    if plain := next((words for magic, words in _MAGIC if data.startswith(magic)), ""):
        return plain
    head = _head(data)
    if re.search(
        r"^\s*BEGIN\s*:\s*(VCALENDAR|VEVENT|VTIMEZONE|VTODO|V\b)", head, re.IGNORECASE | re.MULTILINE
    ):
        return Shape.CALENDAR
    if head.startswith(("{", "[")):
        return Shape.JSON
    if head.startswith("<") and _is_feed(head):
        return Shape.FEED
    if head.startswith("<") or any(sign in head.lower() for sign in ("<html", "itemscope", "ld+json")):
        return Shape.PAGE
    return "data that is no text" if "\x00" in head else "plain text" if head else "an empty file"


def _head(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data[:_HEAD].decode("utf-16", "replace")
    else:
        text = data[:_HEAD].decode("utf-8", "replace")
    return text.lstrip("\ufeff \t\r\n\x00")


def _is_feed(head: str) -> bool:
    """Tell whether the first element, past comments and declarations, is one of a feed's, or no page's at all."""
    bare = re.sub(
        r"<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*(\[.*?\])?[^>]*>", "", head, flags=re.IGNORECASE | re.DOTALL
    )
    first = re.search(r"<([a-z][\w.-]*:)?([a-z][\w.-]*)", bare, re.IGNORECASE)
    if first is None:
        return False
    if first[2].lower() in ("rss", "feed", "rdf", "channel", "entry"):
        return True
    return head.lower().startswith("<?xml") and first[2].lower() not in ("html", "head", "body")


def _why(found: Found) -> str:
    """Return the first reason, where there is something to name it of."""
    first = next((thing for thing in found if isinstance(thing, Unusable)), None)
    if first is None:
        return _WHAT_TO_DO
    return f"The first is “{first.title[:60]}”. {first.reason}" if first.title else first.reason


def _json(data: bytes, how: Reading) -> Found:
    """Read JSON: a feed, or the data that would stand in a page."""
    return reading_feed.read_json(data, how) or reading_page.read_json(data, how)


_READERS = {
    Shape.CALENDAR: reading_calendar.read,
    Shape.FEED: reading_feed.read,
    Shape.PAGE: reading_page.read,
    Shape.JSON: _json,
}
