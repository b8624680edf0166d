"""What was asked of an import, and what became of each thing that was handed in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from newsletter import settings
from newsletter.entries.content import Content, Day, Kind, span
from newsletter.entries.items import Unusable

_LONGEST_REASON = 300


class Status(StrEnum):
    """What became of one thing that was handed in."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Options:
    """What the person who imports decides; each left out is as the source says."""

    kind: Kind | None = None
    language: str = ""
    topics: tuple[str, ...] = ()
    publish: bool = True
    source_id: int | None = None
    """The source that is being refreshed: what an editor deleted does not come back by itself."""


@dataclass(frozen=True)
class Imported:
    """One thing that was handed in, and what became of it. Moments are in the zone of the event."""

    kind: Kind
    title: str
    language: str
    url: str
    starts_at: datetime | None
    ends_at: datetime | None
    timezone: str
    place: str
    register_by: datetime | None
    status: Status
    reason: str = ""
    entry_id: int | None = None
    dated: datetime | None = None
    """The date that stands on news or analysis, in the publication's zone."""
    days: tuple[Day, ...] = ()
    """The days of an event, in its own zone."""

    def as_document(self) -> dict[str, Any]:
        """Return it as programs read it; moments in ISO 8601 with their offset."""
        return {
            "kind": self.kind.value,
            "title": self.title,
            "language": self.language,
            "url": self.url,
            "starts_at": self.starts_at and self.starts_at.isoformat(timespec="seconds"),
            "ends_at": self.ends_at and self.ends_at.isoformat(timespec="seconds"),
            "timezone": self.timezone,
            "place": self.place,
            "register_by": self.register_by and self.register_by.isoformat(timespec="seconds"),
            "status": self.status.value,
            "reason": self.reason,
        }


def told(content: Content, status: Status, reason: str) -> Imported:
    """Say of a thing what became of it."""
    language, text = next(iter(content.texts.items()))
    starts_at = ends_at = None
    if content.kind is Kind.EVENT:
        when = span(content.days, content.timezone)
        zone = ZoneInfo(content.timezone)
        starts_at, ends_at = when.starts_at.astimezone(zone), when.ends_at and when.ends_at.astimezone(zone)
    return Imported(
        kind=content.kind,
        title=text.title,
        language=language,
        url=content.url,
        starts_at=starts_at,
        ends_at=ends_at,
        timezone=content.timezone,
        place=", ".join(part for part in (text.venue, text.online_place) if part) or content.online_url,
        register_by=content.register_by and content.register_by.astimezone(ZoneInfo(content.timezone)),
        status=status,
        reason=reason[:_LONGEST_REASON],
        dated=content.dated and content.dated.astimezone(settings.publication().zone),
        days=content.days,
    )


def skipped(thing: Unusable) -> Imported:
    """Say of a thing why it was not taken in."""
    return Imported(
        thing.kind, thing.title[:200], "", thing.url, None, None, "", "", None, Status.SKIPPED, thing.reason[:_LONGEST_REASON]
    )  # fmt: skip
