"""Takes things in: finds the entries that stand here already, and changes only what no editor wrote."""

from dataclasses import replace

from sqlalchemy import delete, select

from newsletter import clock
from newsletter.database import db
from newsletter.entries import fields
from newsletter.entries.content import Content, Kind
from newsletter.entries.imported import Imported, Options, Status, skipped, told
from newsletter.entries.items import Found, Gone, Item, Unusable
from newsletter.entries.slugs import Slugs
from newsletter.entries.tables import Entry, Refusal
from newsletter.entries.writing import begin, put_changes, set_cancelled


class Taker:
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
            return skipped(thing)
        if isinstance(thing, Gone):
            return self._gone(thing)
        if thing.key in self._refused and self._options.source_id:
            reason = "An editor deleted it here; import it by hand to bring it back."
            return told(thing.content, Status.SKIPPED, reason)
        return self._keep(thing, thing.content)

    def _gone(self, thing: Gone) -> Imported | None:
        """Call off an event to come whose date its calendar took out; what was never here is no matter."""
        entry = self._entries.get(thing.key)
        if entry is None or entry.is_cancelled or entry.is_over or "cancelled" in entry.touched:
            return None
        if not self._dry_run:
            set_cancelled(entry, cancelled=True)
        called_off = told(fields.content_of(entry), Status.CHANGED, "Its calendar took this date out.")
        return replace(called_off, entry_id=entry.id)

    def _keep(self, item: Item, content: Content) -> Imported:
        entry = self._entries.get(item.key)
        if entry is not None:
            status = Status.CHANGED if self._change(entry, item, content) else Status.KNOWN
            return replace(told(content, status, item.note), entry_id=entry.id)
        title = next(iter(content.texts.values())).title
        entry = self._alike.get((content.kind, content.url, title))
        if entry is not None:
            return replace(told(content, Status.KNOWN, item.note), entry_id=entry.id)
        new = told(content, Status.NEW, item.note)
        if not self._dry_run:
            self._made[id(new)] = self._new(item, content)
        return new

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
    """Return the fields that a source speaks of. Topics are the editor's once it is here; some silence means nothing."""
    values = fields.of_content(content)
    silent = {name for name in ("image", "dated", "series", "languages_spoken") if not values.get(name)}
    return {name: value for name, value in values.items() if name not in silent | {"topics"}}
