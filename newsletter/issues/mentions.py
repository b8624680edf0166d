"""The memory of what readers were told: which issue told which entry, in which language, with which facts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from newsletter import clock
from newsletter.database import db
from newsletter.entries import Entry
from newsletter.issues.materials import Materials
from newsletter.issues.naming import named
from newsletter.issues.tables import Issue, Mention, Role

_LAST_CALL = timedelta(days=14)


@dataclass(frozen=True)
class Told:
    """One issue that told an entry: what for, in which languages, and the facts as they were then.

    `facts` has title, days, place, starts_at, register_by (ISO) and cancelled, of the first of those languages;
    `facts_in` has them by language. `settled` are later facts that need not be told, if an editor said so.
    """

    entry_id: int
    issue_id: int
    list_id: int
    number: int
    slug: str
    role: Role
    languages: tuple[str, ...]
    facts: dict[str, Any]
    facts_in: Mapping[str, dict[str, Any]]
    settled: dict[str, Any]
    at: datetime


def what_readers_know(entry_ids: Collection[int]) -> dict[int, list[Told]]:
    """Return which issues told these entries, by entry, the first issue first."""
    rows = db.session.execute(
        select(Mention, Issue)
        .join(Issue, Issue.id == Mention.issue_id)
        .where(Mention.entry_id.in_(list(entry_ids)))
        .order_by(Mention.told_at, Mention.id)
    )
    found: dict[tuple[int, int], list[tuple[Mention, Issue]]] = {}
    for mention, issue in rows:
        found.setdefault((mention.entry_id, issue.id), []).append((mention, issue))
    known: dict[int, list[Told]] = {entry_id: [] for entry_id in entry_ids}
    for (entry_id, _), group in found.items():
        known[entry_id].append(_told(group))
    return known


def told(entry_id: int) -> list[Told]:
    """Return which issues told an entry, the first issue first."""
    return what_readers_know([entry_id])[entry_id]


def events_told() -> list[int]:
    """Return the events to come that some issue told."""
    query = select(Mention.entry_id).join(Entry, Entry.id == Mention.entry_id)
    return list(db.session.scalars(query.where(Entry.over_at >= clock.now()).distinct()))


def settle(entry: Entry, list_id: int) -> None:
    """Note that the readers of a list need not be told how an event stands today."""
    theirs = select(Mention).join(Issue, Issue.id == Mention.issue_id)
    for mention in db.session.scalars(theirs.where(Mention.entry_id == entry.id, Issue.list_id == list_id)):
        mention.settled = facts(entry, mention.language)
    db.session.flush()


def _told(group: list[tuple[Mention, Issue]]) -> Told:
    mention, issue = group[0]
    return Told(
        entry_id=mention.entry_id,
        issue_id=issue.id,
        list_id=issue.list_id,
        number=issue.number,
        slug=issue.slug,
        role=mention.role,
        languages=tuple(one.language for one, _ in group),
        facts=mention.told,
        facts_in={one.language: one.told for one, _ in group},
        settled=mention.settled,
        at=mention.told_at,
    )


def role_of(entry: Entry, at: datetime, *, first: bool = False, recap: bool = False) -> Role:
    """Say what an issue tells an entry for: the first time, once more, before the deadline, or afterwards."""
    if recap or (entry.over_at and entry.over_at <= at):
        return Role.RECAP
    if first:
        return Role.ANNOUNCE
    if entry.register_by and at < entry.register_by <= at + _LAST_CALL:
        return Role.LAST_CALL
    return Role.REMINDER


def remember(materials: Materials) -> None:
    """Keep what each edition of an issue tells about each of its entries, and of the events that its free words name."""
    spoken = {one.entry.id: (one.entry, False) for one in named(materials) if one.entry.is_event}
    spoken |= {entry.id: (entry, block.recap) for block, entry in reversed(materials.told())}
    known = what_readers_know(spoken)
    for entry_id, (entry, recap) in spoken.items():
        before = [one for one in known[entry_id] if one.list_id == materials.issue.list_id]
        for language in _telling(materials, entry_id):
            mention = Mention(
                issue_id=materials.issue.id,
                entry_id=entry_id,
                language=language,
                role=role_of(entry, materials.at, first=not before, recap=recap),
                told=facts(entry, language),
                told_at=materials.at,
            )
            db.session.add(mention)
    db.session.flush()


def _telling(materials: Materials, entry_id: int) -> tuple[str, ...]:
    """Return the languages whose edition tells an entry: all, unless each of its blocks is hidden in some."""
    blocks = [block for block, entry in materials.told() if entry.id == entry_id]
    hidden = [set(block.hidden) for block in blocks]
    return tuple(one for one in materials.languages if not hidden or not all(one in own for own in hidden))


def facts(entry: Entry, language: str) -> dict[str, Any]:
    """The facts about an entry that a reader of a language is told, to compare with later."""
    text, shown = entry.text(language)
    return {
        "title": text.title,
        "language": shown,
        "days": [
            [
                day.date.isoformat(),
                *(moment and moment.isoformat("minutes") for moment in (day.start, day.end)),
            ]
            for day in entry.days
        ],
        "timezone": entry.timezone,
        "starts_at": entry.starts_at.isoformat() if entry.starts_at else None,
        "place": entry.fact("venue", language)[0],
        "online_place": entry.fact("online_place", language)[0],
        "register_by": entry.register_by.isoformat() if entry.register_by else None,
        "cancelled": entry.is_cancelled,
    }


def changed_since(entry: Entry, before: Told) -> list[str]:
    """Name the facts that differ from what an issue told: `days`, `place`, `register_by`, `cancelled`."""
    now, known = facts(entry, before.languages[0]), before.settled or before.facts
    return [
        name
        for name in ("days", "place", "online_place", "register_by", "cancelled")
        if name in known and known[name] != now[name]
    ]
