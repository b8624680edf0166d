"""Tells which of the world's time zones a source means, by its name or by how far it is from UTC."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from newsletter.entries.prose import WHAT_LIBRARIES_RAISE

_LIKELY = (
    "Europe/London", "Asia/Tokyo", "Europe/Paris", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "Asia/Shanghai", "Asia/Singapore", "Asia/Kolkata", "Australia/Sydney", "Europe/Athens",
    "Europe/Istanbul", "Asia/Dubai", "America/Sao_Paulo", "Pacific/Auckland", "Asia/Seoul", "Asia/Bangkok",
    "Asia/Karachi", "Asia/Dhaka", "America/Halifax", "America/St_Johns", "America/Anchorage", "Pacific/Honolulu",
)  # fmt: skip
"""Zones that stand for their offset when nothing better is known."""


@lru_cache(maxsize=256)
def by_name(name: str) -> str | None:
    """Return the IANA name behind a TZID: itself, a Windows name, or the end of a path such as `/vendor/2026/Asia/Tokyo`."""
    name = name.strip().strip('"')
    if name in _known():
        return name
    if name in WINDOWS_TO_OLSON:
        return str(WINDOWS_TO_OLSON[name])
    parts = [part for part in name.split("/") if part]
    for length in (3, 2):
        if len(parts) > length and (tail := "/".join(parts[-length:])) in _known():
            return tail
    return None


def by_offset(moment: datetime, preferred: str) -> str | None:
    """Return a zone that shows this moment as it is written: the preferred one if it does, else a well-known one."""
    offset = moment.utcoffset()
    if offset is None:
        return None
    if offset == timedelta(0) and _shows(preferred, moment, offset):
        return preferred
    for name in (preferred, *_LIKELY):
        if _shows(name, moment, offset):
            return name
    return None


def by_rules(zone: tzinfo, moment: datetime, preferred: str) -> str | None:
    """Return a zone with the same rules around a moment: alike half a year on as well."""
    later = moment.astimezone(UTC) + timedelta(days=182)
    try:
        offsets = moment.utcoffset(), later.astimezone(zone).utcoffset()
    except WHAT_LIBRARIES_RAISE:
        return None
    for name in (preferred, *_LIKELY):
        there = ZoneInfo(name)
        if (moment.astimezone(there).utcoffset(), later.astimezone(there).utcoffset()) == offsets:
            return name
    return None


def _shows(name: str, moment: datetime, offset: timedelta) -> bool:
    return moment.astimezone(ZoneInfo(name)).utcoffset() == offset


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name in ("UTC", "GMT")) | {
        "Japan",
        "GB",
    }
