"""Reads the dates that feeds and pages write."""

from calendar import timegm
from datetime import UTC, date, datetime, timedelta
from time import struct_time

from dateutil import parser

from newsletter.entries.prose import WHAT_LIBRARIES_RAISE

_EARLIEST, _LATEST = 1900, 2200
_TWO_GUESSES = (datetime(2001, 1, 1), datetime(2002, 2, 2))  # noqa: DTZ001 - they fill in what is missing, and must differ


def read_when(text: object) -> date | None:
    """Return a date, or a moment if a time is given (aware if its zone is), or None if it is not wholly there."""
    words = str(text or "").strip()
    if not words or len(words) > 80:  # noqa: PLR2004 - no date is longer
        return None
    try:
        found: datetime | None = parser.isoparse(words)
    except WHAT_LIBRARIES_RAISE:
        found = _guess(words)
    if found is None or not _EARLIEST <= found.year <= _LATEST:
        return None
    has_time = ":" in words or "T" in words.upper().removesuffix("T")[8:12]
    return found if has_time else found.date()


def read_moment(text: object) -> datetime | None:
    """Return an aware moment in UTC; a time without a zone is taken as UTC, a date as its midnight there."""
    found = read_when(text)
    if found is None:
        return None
    if not isinstance(found, datetime):
        return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return _utc(found)


def from_struct(parts: struct_time | None) -> datetime | None:
    """Return the moment behind the nine numbers that feedparser gives, which are UTC."""
    if parts is None:
        return None
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=timegm(parts))
    except WHAT_LIBRARIES_RAISE:
        return None
    return moment if _EARLIEST <= moment.year <= _LATEST else None


def _utc(moment: datetime) -> datetime | None:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except WHAT_LIBRARIES_RAISE:
        return None


def _guess(words: str) -> datetime | None:
    """Read a date in words, if day, month and year all stand in it: what is missing would differ between two guesses."""
    if not any(sign.isdigit() for sign in words):
        return None
    try:
        one, other = (parser.parse(words, default=default) for default in _TWO_GUESSES)
    except WHAT_LIBRARIES_RAISE:
        return None
    return one if one == other else None
