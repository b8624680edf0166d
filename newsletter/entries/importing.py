"""Takes entries in: reads whatever it is, finds those that stand here already, and changes only what no editor wrote."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from newsletter import clock, settings
from newsletter.database import db
from newsletter.entries import fields
from newsletter.entries.checking import checked
from newsletter.entries.content import Content, Kind, span
from newsletter.entries.fetching import LARGEST, Fetch, Fetched, Request, fetch
from newsletter.entries.items import Found, Gone, Item, Reading, Unusable
from newsletter.entries.slugs import Slugs
from newsletter.entries.tables import Entry, Refusal
from newsletter.entries.writing import begin, put_changes, set_cancelled
from newsletter.errors import Invalid
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.entries import reading
else:
    reading = later("newsletter.entries.reading")

MOST_ITEMS = 2_000
_AT_ONCE = 250
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


def import_entries(
    what: str | Path | bytes | Fetched,
    *,
    dry_run: bool = False,
    options: Options | None = None,
    name: str = "",
    fetch: Fetch = fetch,
    breathe: Callable[[], object] = lambda: None,
) -> list[Imported]:
    """Take in what a feed, a calendar or a page holds, by address, file or bytes; a second time makes no doubles.

    `name` is what the bytes are called. With `dry_run` nothing is written. `breathe` is called before what was
    handed in is read, which may take long and needs no database, and after each part of what is taken in: an entrance
    may commit there, so that nobody waits for the whole. Raises `Invalid` in one sentence when there is nothing usable in it, `Unreachable` when its address does not answer;
    one bad item among good ones is skipped.
    """
    handed, name = _take(what, name, fetch)
    options = options or Options()
    _check(options)
    how = how_to_read(handed, name, options)
    breathe()
    return take(read(handed.data, how), options, dry_run=dry_run, breathe=breathe)


def read(data: bytes, how: Reading) -> Found:
    """Return what is in it, each thing checked, without the database. Raises `Invalid` when nothing is usable."""
    return [_checked(thing) if isinstance(thing, Item) else thing for thing in reading.read(data, how)]


def _checked(item: Item) -> Item | Unusable:
    try:
        return replace(item, content=checked(item.content))
    except Invalid as error:
        title = next((text.title for text in item.content.texts.values()), "")
        return Unusable(title, str(error), item.content.kind, item.content.url)


def take(
    found: Found, options: Options, *, dry_run: bool = False, breathe: Callable[[], object] = lambda: None
) -> list[Imported]:
    """Take in what was read and checked, in the order of the source, part by part."""
    taker, taken = _Taker(options, dry_run=dry_run), list[Imported]()
    for number in range(0, min(len(found), MOST_ITEMS), _AT_ONCE):
        taken += taker.take(found[number : min(number + _AT_ONCE, MOST_ITEMS)])
        breathe()
    if len(found) > MOST_ITEMS:
        sentence = f"{MOST_ITEMS} were taken at once; {len(found) - MOST_ITEMS} more were left out."
        taken.append(_skipped(Unusable("", sentence)))
    return taken


def _take(what: str | Path | bytes | Fetched, name: str, fetch: Fetch) -> tuple[Fetched, str]:
    """Return the bytes and what to call them. What comes from the web is fetched before any row is read."""
    if isinstance(what, Fetched):
        return what, name or what.url
    if isinstance(what, bytes):
        if len(what) > LARGEST:
            raise Invalid(_too_large(name or "This file", len(what)), "file")
        return Fetched("", what), name or "This file"
    if isinstance(what, str) and what.lower().startswith(("http://", "https://")):
        fetched = fetch(Request(what))
        return fetched, what
    return Fetched("", _file(Path(what))), name or Path(what).name


def _file(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Invalid(f"There is no file “{path}”.", "file")
        if path.stat().st_size > LARGEST:
            raise Invalid(_too_large(path.name, path.stat().st_size), "file")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise Invalid(f"The file “{path}” cannot be read; check its name and its rights.", "file") from error


def _too_large(name: str, size: int) -> str:
    return f"“{name}” has {size / 1024 / 1024:.0f} MB; {LARGEST // 1024 // 1024} MB is the most that is taken in."


def _check(options: Options) -> None:
    if options.language and options.language not in settings.publication().languages:
        raise Invalid(f"The publication has no language “{options.language}”.", "language")
    if options.kind is Kind.EVENT:
        raise Invalid("What has no date of its own is news or analysis; choose one of the two.", "kind")


def how_to_read(handed: Fetched, name: str, options: Options) -> Reading:
    """Return all that a reader of formats must know, so that it need not ask the database."""
    publication = settings.publication()
    return Reading(
        name=name,
        url=handed.url,
        content_type=handed.content_type,
        languages=publication.languages,
        language=options.language,
        zone=publication.timezone,
        kind=options.kind,
        topics={
            word.casefold(): topic.slug
            for topic in settings.topics()
            for word in (topic.slug, *topic.titles.values())
        },
        now=clock.now(),
        may_be_empty=options.source_id is not None,
    )


class _Taker:
    """Lays each item beside what stands here, and writes or only says what it would write."""

    def __init__(self, options: Options, *, dry_run: bool) -> None:
        self._options = options
        self._dry_run = dry_run
        self._entries: dict[str, Entry] = {}
        self._alike: dict[tuple[Kind, str, str], Entry] = {}
        """News that stands here under another identity, or was written by hand: the same address and title."""
        self._slugs = Slugs()
        self._made: dict[int, Entry] = {}
        self._refused: set[str] = set()

    def take(self, part: Found) -> list[Imported]:
        """Take in some things."""
        self._look_up([thing for thing in part if not isinstance(thing, Unusable)])
        taken = [answer for thing in part if (answer := self._one(thing)) is not None]
        if not self._dry_run:
            db.session.flush()
        made, self._made = self._made, {}
        return [replace(one, entry_id=made[id(one)].id) if id(one) in made else one for one in taken]

    def _look_up(self, items: list[Item | Gone]) -> None:
        keys = [item.key for item in items]
        for entry in db.session.scalars(select(Entry).where(Entry.source_key.in_(keys))):
            self._entries[entry.source_key or ""] = entry
        refused = select(Refusal.source_key).where(Refusal.source_key.in_(keys))
        self._refused |= set(db.session.scalars(refused))
        contents = [item.content for item in items if isinstance(item, Item)]
        urls = {content.url for content in contents if content.url and content.kind is not Kind.EVENT}
        for entry in db.session.scalars(select(Entry).where(Entry.url.in_(urls), Entry.kind != Kind.EVENT)):
            self._alike |= {(entry.kind, entry.url, text.title): entry for text in entry.texts.values()}

    def _one(self, thing: Item | Unusable | Gone) -> Imported | None:
        if isinstance(thing, Unusable):
            return _skipped(thing)
        if isinstance(thing, Gone):
            return self._gone(thing)
        if thing.key in self._refused and self._options.source_id:
            reason = "An editor deleted it here; import it by hand to bring it back."
            return _told(thing.content, Status.SKIPPED, reason)
        return self._keep(thing, thing.content)

    def _gone(self, thing: Gone) -> Imported | None:
        """Call off an event to come whose date its calendar took out; what was never here is no matter."""
        entry = self._entries.get(thing.key)
        if entry is None or entry.is_cancelled or entry.is_over or "cancelled" in entry.touched:
            return None
        if not self._dry_run:
            set_cancelled(entry, cancelled=True)
        told = _told(fields.content_of(entry), Status.CHANGED, "Its calendar took this date out.")
        return replace(told, entry_id=entry.id)

    def _keep(self, item: Item, content: Content) -> Imported:
        entry = self._entries.get(item.key)
        if entry is not None:
            status = Status.CHANGED if self._change(entry, item, content) else Status.KNOWN
            return replace(_told(content, status, item.note), entry_id=entry.id)
        title = next(iter(content.texts.values())).title
        entry = self._alike.get((content.kind, content.url, title))
        if entry is not None:
            return replace(_told(content, Status.KNOWN, item.note), entry_id=entry.id)
        told = _told(content, Status.NEW, item.note)
        if not self._dry_run:
            self._made[id(told)] = self._new(item, content)
        return told

    def _new(self, item: Item, content: Content) -> Entry:
        chosen = tuple(dict.fromkeys((*content.topics, *self._options.topics)))
        entry = begin(replace(content, topics=chosen), self._slugs, publish=self._options.publish)
        entry.source_key, entry.source_id = item.key, self._options.source_id
        entry.cancelled_at = clock.now() if item.cancelled else None
        if item.key in self._refused:
            db.session.execute(delete(Refusal).where(Refusal.source_key == item.key))
        return entry

    def _change(self, entry: Entry, item: Item, content: Content) -> bool:
        """Bring the entry up to what its source says now, but for what an editor wrote; tell whether that changed it."""
        if entry.kind is not content.kind:
            return False
        touched = set(entry.touched)
        new = {name: value for name, value in _said(content).items() if name not in touched}
        if self._dry_run:
            old = fields.of_entry(entry)
            differs = any(value != old.get(name, type(value)()) for name, value in new.items())
            return differs or self._cancelling(entry, item, touched)
        changed = bool(put_changes(entry, new))
        if self._cancelling(entry, item, touched):
            changed = set_cancelled(entry, cancelled=bool(item.cancelled)) or changed
        return changed

    @staticmethod
    def _cancelling(entry: Entry, item: Item, touched: set[str]) -> bool:
        return (
            item.cancelled is not None and item.cancelled != entry.is_cancelled and "cancelled" not in touched
        )


def _said(content: Content) -> dict[str, fields.Value]:
    """Return the fields that a source speaks of; about pictures, topics and dates its silence means nothing."""
    values = fields.of_content(content)
    silent = {
        name for name in ("topics", "image", "dated", "series", "languages_spoken") if not values.get(name)
    }
    return {name: value for name, value in values.items() if name not in silent | {"topics"}}


def _told(content: Content, status: Status, reason: str) -> Imported:
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
    )


def _skipped(thing: Unusable) -> Imported:
    return Imported(
        thing.kind, thing.title[:200], "", thing.url, None, None, "", "", None, Status.SKIPPED, thing.reason[:_LONGEST_REASON]
    )  # fmt: skip
