"""The life of an entry: written, changed, published, withdrawn, cancelled, deleted. Every change leaves a row behind."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from newsletter import clock
from newsletter.database import db
from newsletter.entries import fields
from newsletter.entries.checking import checked, problems, tidied
from newsletter.entries.content import Content, Kind, State, days_from
from newsletter.entries.fields import IN_CALENDARS, TOLD, Value
from newsletter.entries.slugs import Slugs
from newsletter.entries.tables import Entry, EntryChange, Refusal
from newsletter.errors import Conflict, Invalid, NotFound


def check(content: Content) -> list[Invalid]:
    """Return all that is wrong with an entry as somebody wrote it, each with its field; nothing if it can be kept."""
    return list(problems(tidied(content)))


def write(content: Content, *, publish: bool = False) -> Entry:
    """Keep a new entry, as a draft unless it is to be published at once. Raises `Invalid` that names the field."""
    entry = begin(checked(content), Slugs(), publish=publish)
    db.session.flush()
    return entry


def begin(content: Content, slugs: Slugs, *, publish: bool) -> Entry:
    """Make an entry of content that was checked; it is kept with the next flush."""
    entry = Entry(
        kind=content.kind,
        state=State.DRAFT,
        version=1,
        slug=slugs.give(content, clock.now().date().isoformat()),
        uid=f"{uuid4()}",
        texts={},
        topics=[],
    )
    with db.session.no_autoflush:
        fields.put(entry, fields.of_content(content))
    db.session.add(entry)
    if publish:
        _show(entry)
    return entry


def change(entry_id: int, content: Content, version: int, by: str) -> Entry:
    """Replace what an entry says, on behalf of the editor `by`, who saw `version` of it.

    Raises `Conflict` if somebody changed it since, with what they changed; `Invalid`; `NotFound`.
    """
    entry = _to_change(entry_id)
    if entry.version != version:
        raise Conflict(_what_happened(entry, version))
    content = checked(content)
    if content.kind is not entry.kind and Kind.EVENT in (content.kind, entry.kind):
        raise Invalid("An event cannot become something else; write a new entry.", "kind")
    entry.kind = content.kind
    new = fields.of_content(content, entry.texts)
    if new["dated"] is None:
        del new["dated"]
    put_changes(entry, new, by)
    return entry


def put_changes(entry: Entry, new: dict[str, Value], by: str = "") -> list[str]:
    """Set the fields that differ, record each, and return their names. With `by`, the source may not touch them again."""
    old = fields.of_entry(entry)
    differing = [name for name, value in new.items() if value != old.get(name, _nothing_like(value))]
    if not differing:
        return []
    fields.put(entry, {name: new[name] for name in differing})
    _record(entry, {name: (old.get(name), new[name]) for name in differing}, by)
    if by and entry.source_key:
        entry.touched = sorted({*entry.touched, *differing})
    return differing


def publish(entry_id: int) -> Entry:
    """Show an entry to readers. Raises `NotFound`."""
    entry = _to_change(entry_id)
    _show(entry)
    db.session.flush()
    return entry


def withdraw(entry_id: int) -> Entry:
    """Take an entry back into the drafts; its address stays reserved. Raises `NotFound`."""
    entry = _to_change(entry_id)
    entry.state = State.DRAFT
    entry.version += 1
    db.session.flush()
    return entry


def cancel(entry_id: int, by: str) -> Entry:
    """Call an event off: it stays visible, marked as cancelled. Raises `Conflict` for what is no event."""
    entry = _to_change(entry_id)
    if entry.kind is not Kind.EVENT:
        raise Conflict("Only an event can be cancelled; withdraw this instead.")
    set_cancelled(entry, cancelled=True, by=by)
    return entry


def reinstate(entry_id: int, by: str) -> Entry:
    """Take a cancellation back. Raises `NotFound`."""
    entry = _to_change(entry_id)
    set_cancelled(entry, cancelled=False, by=by)
    return entry


def set_cancelled(entry: Entry, *, cancelled: bool, by: str = "") -> bool:
    """Mark an event as called off or not; return whether that was a change."""
    if entry.is_cancelled == cancelled:
        return False
    entry.cancelled_at = clock.now() if cancelled else None
    _record(entry, {"cancelled": (not cancelled, cancelled)}, by)
    if by and entry.source_key:
        entry.touched = sorted({*entry.touched, "cancelled"})
    return True


def delete(entry_id: int) -> None:
    """Remove an entry for good; its source will not bring it again by itself. Raises `NotFound`."""
    entry = _to_change(entry_id)
    if entry.source_key and not db.session.get(Refusal, entry.source_key):
        db.session.add(Refusal(source_key=entry.source_key))
    db.session.delete(entry)
    db.session.flush()


def changes(entry_id: int, since: int = 0) -> list[EntryChange]:
    """Return what was changed after version `since`, newest first."""
    query = select(EntryChange).where(EntryChange.entry_id == entry_id, EntryChange.version > since)
    return list(db.session.scalars(query.order_by(EntryChange.id.desc())))


def told_changes(entry_id: int) -> list[EntryChange]:
    """Return the changes of date, time and place that readers must be told, newest first."""
    return [row for row in changes(entry_id) if row.public]


def former_dates(entry: Entry, what: str) -> set[date]:
    """Return the dates that were an event's `days` or its last day to register (`register_by`) before they changed."""
    changed = select(EntryChange.old).where(EntryChange.entry_id == entry.id, EntryChange.what == what)
    found: set[date] = set()
    for old in filter(None, db.session.scalars(changed)):
        if what == "days":
            found |= {day.date for day in days_from(old)}
        else:
            deadline = datetime.fromisoformat(old) - timedelta(seconds=1)
            found.add(deadline.astimezone(entry.zone).date())
    return found


def _to_change(entry_id: int) -> Entry:
    entry = db.session.scalar(select(Entry).where(Entry.id == entry_id).with_for_update(of=Entry))
    if entry is None:
        raise NotFound("There is no such entry; somebody may have deleted it.")
    return entry


def _show(entry: Entry) -> None:
    entry.state = State.PUBLISHED
    entry.version += 1
    entry.shown_at = entry.shown_at or clock.now()
    entry.published_at = entry.published_at or entry.shown_at


def _record(entry: Entry, differing: dict[str, tuple[Value, Value]], by: str) -> None:
    entry.version += 1
    entry.changed_at = clock.now()
    heads = {name.partition(".")[0] for name in differing}
    if heads & set(IN_CALENDARS):
        entry.sequence += 1
    for name, (old, new) in differing.items():
        head, _, language = name.partition(".")
        kept = (None, None) if head == "body_html" else (old, new)
        db.session.add(
            EntryChange(
                entry_id=entry.id,
                version=entry.version,
                what=head,
                language=language,
                old=kept[0],
                new=kept[1],
                by=by,
                public=head in TOLD and entry.is_published and bool(old or head == "cancelled"),
            )
        )
    db.session.flush()


def _nothing_like(value: Value) -> Value:
    return [] if isinstance(value, list) else None if value is None else ""


def _what_happened(entry: Entry, version: int) -> str:
    rows = changes(entry.id, version)
    who = ", ".join(dict.fromkeys(row.by or "the source" for row in rows)) or "Somebody"
    what = ", ".join(dict.fromkeys(f"{row.what}.{row.language}".rstrip(".") for row in rows)) or "its state"
    return f"{who} changed this entry after you opened it ({what}). Nothing was saved yet; compare, then save again."
