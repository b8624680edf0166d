"""Finding entries: what is coming, what was, what is new, what belongs together, what somebody searches for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import selectinload

from newsletter import clock, languages, settings
from newsletter.database import db
from newsletter.entries.content import Kind, State
from newsletter.entries.tables import Entry, EntryText, entry_topics
from newsletter.errors import NotFound
from newsletter.settings import Topic

_SHOWN = Entry.state == State.PUBLISHED


@dataclass(frozen=True)
class Page:
    """One page of a search: `number` counts from 1, `total` counts all that was found."""

    entries: tuple[Entry, ...]
    number: int
    pages: int
    total: int


def entry(slug: str) -> Entry:
    """Return the entry at an address, published or not: see `is_published`. Raises `NotFound`."""
    found = db.session.scalar(select(Entry).where(Entry.slug == slug))
    if found is None:
        raise NotFound("There is no entry at this address.")
    return found


def get(entry_id: int) -> Entry:
    """Return an entry by its number. Raises `NotFound`."""
    found = db.session.get(Entry, entry_id)
    if found is None:
        raise NotFound("There is no such entry; somebody may have deleted it.")
    return found


def by_ids(ids: Iterable[int]) -> list[Entry]:
    """Return the entries that exist of those named, in the order named."""
    wanted = list(ids)
    found = {row.id: row for row in db.session.scalars(select(Entry).where(Entry.id.in_(wanted)))}
    return [found[number] for number in wanted if number in found]


def those_there(slugs: Iterable[str]) -> set[str]:
    """Return those of some slugs that entries bear, published or not."""
    return set(db.session.scalars(select(Entry.slug).where(Entry.slug.in_(list(slugs)))))


def event_titles(since: datetime) -> list[tuple[int, str]]:
    """Return the titles, in all languages, of events that are coming or ended after `since`, with their numbers."""
    query = select(Entry.id, EntryText.title).join(EntryText, EntryText.entry_id == Entry.id)
    query = query.where(Entry.kind == Kind.EVENT, Entry.over_at >= since, EntryText.title != "")
    return [(number, title) for number, title in db.session.execute(query)]


def registrations(since: datetime) -> list[tuple[int, str]]:
    """Return where one registers for the events that were not over at a moment: each with each of its addresses."""
    own = select(Entry.id, Entry.register_url).where(Entry.register_url != "")
    in_texts = select(Entry.id, EntryText.register_url).join(EntryText, EntryText.entry_id == Entry.id)
    known = Entry.kind == Kind.EVENT, or_(Entry.over_at.is_(None), Entry.over_at >= since)
    both = union(own.where(*known), in_texts.where(EntryText.register_url != "", *known))
    return [(number, address) for number, address in db.session.execute(both)]


def behind(address: str) -> list[Entry]:
    """Return the entries that an address leads to: the one whose page it is, or those that one registers for there."""
    pages = settings.url("/entries/")
    if address.startswith(pages):
        slug = unquote(re.split(r"[?#]", address[len(pages) :], maxsplit=1)[0]).removesuffix(".ics")
        return list(db.session.scalars(select(Entry).where(Entry.slug == slug)))
    theirs = exists().where(EntryText.entry_id == Entry.id, EntryText.register_url == address)
    return list(db.session.scalars(select(Entry).where(or_(Entry.register_url == address, theirs))))


def upcoming(
    *,
    limit: int | None = None,
    topic: str | None = None,
    languages: Sequence[str] = (),
    cancelled: bool = True,
) -> list[Entry]:
    """Return published events that are not over, soonest first; `cancelled` says whether those called off count.

    `languages` keeps those with a text in one of them.
    """
    query = select(Entry).where(_SHOWN, Entry.kind == Kind.EVENT, Entry.over_at >= clock.now())
    if not cancelled:
        query = query.where(Entry.cancelled_at.is_(None))
    return _first(query.order_by(Entry.starts_at, Entry.id), limit, topic, languages)


def recent(
    *,
    limit: int | None = None,
    topic: str | None = None,
    languages: Sequence[str] = (),
    since: datetime | None = None,
) -> list[Entry]:
    """Return published events that are over, the latest first; those called off are not counted."""
    query = select(Entry).where(
        _SHOWN, Entry.kind == Kind.EVENT, Entry.over_at < clock.now(), Entry.cancelled_at.is_(None)
    )
    if since:
        query = query.where(Entry.over_at >= since)
    return _first(query.order_by(Entry.starts_at.desc(), Entry.id.desc()), limit, topic, languages)


def latest(
    kind: Kind | str | None = None,
    since: datetime | None = None,
    *,
    late: timedelta = timedelta(0),
    limit: int | None = None,
    topic: str | None = None,
    languages: Sequence[str] = (),
) -> list[Entry]:
    """Return published news and analysis, or one kind of them, the newest first; `since` is the oldest date that counts.

    What is dated up to `late` before that counts too where it came here only afterwards, as a feed may bring it.
    """
    kinds = [Kind(kind)] if kind else [Kind.NEWS, Kind.ANALYSIS]
    query = select(Entry).where(_SHOWN, Entry.kind.in_(kinds), Entry.published_at <= clock.now())
    if since:
        came_late = and_(Entry.published_at >= since - late, Entry.shown_at >= since)
        query = query.where(or_(Entry.published_at >= since, came_late))
    return _first(query.order_by(Entry.published_at.desc(), Entry.id.desc()), limit, topic, languages)


def related(to: Entry, limit: int = 3) -> list[Entry]:
    """Return published entries that belong with this one: of its series, then by shared topics, then the newest."""
    shared = (
        select(func.count())
        .select_from(entry_topics)
        .where(
            entry_topics.c.entry_id == Entry.id,
            entry_topics.c.topic_id.in_([topic.id for topic in to.topics]),
        )
        .scalar_subquery()
    )
    same_series = and_(Entry.series == to.series, Entry.series != "")
    query = select(Entry).where(
        _visible(), Entry.id != to.id, or_(same_series, shared > 0), Entry.cancelled_at.is_(None)
    )
    moment = func.coalesce(Entry.starts_at, Entry.published_at)
    return list(
        db.session.scalars(
            query.order_by(same_series.desc(), shared.desc(), moment.desc(), Entry.id).limit(limit)
        )
    )


def search(
    text: str = "",
    *,
    kind: Kind | str | None = None,
    topic: str | None = None,
    state: State | str | None = None,
    when: str | None = None,
    shown_since: datetime | None = None,
    besides: Select[int] | None = None,
    page: int = 1,
    per_page: int = 30,
) -> Page:
    """Return one page of the entries that hold every word of `text` in some language, in any state, newest first.

    `state` may also be `cancelled`, or `visible` for what readers see; `when` is `upcoming` (soonest first), `past` or
    nothing; `shown_since` keeps what readers could first see after a moment, or is dated later; `besides` leaves out those
    whose numbers it selects. A word may be part of a longer one, as in Japanese; width, case and kana make no difference.
    """
    query = select(Entry).options(selectinload(Entry.source))
    for condition in _conditions(text, kind, state, when):
        query = query.where(condition)
    if shown_since:
        query = query.where(or_(Entry.shown_at >= shown_since, Entry.published_at >= shown_since))
    if besides is not None:
        query = query.where(Entry.id.not_in(besides))
    query = _within(query, topic, ())
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // per_page))
    number = min(max(1, page), pages)
    found = db.session.scalars(query.order_by(*_order(when)).offset((number - 1) * per_page).limit(per_page))
    return Page(tuple(found), number, pages, total)


def _conditions(
    text: str, kind: Kind | str | None, state: State | str | None, when: str | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_holds(word) for word in languages.sought(text).split()[:10]]
    if kind:
        conditions.append(Entry.kind == Kind(kind))
    if state == "cancelled":
        conditions.append(Entry.cancelled_at.is_not(None))
    elif state == "visible":
        conditions.append(_visible())
    elif state:
        conditions.append(Entry.state == State(state))
    if when == "upcoming":
        conditions.append(Entry.over_at >= clock.now())
    elif when == "past":
        conditions.append(func.coalesce(Entry.over_at, Entry.published_at) < clock.now())
    return conditions


def _visible() -> ColumnElement[bool]:
    """Published, and not dated in the future unless it is an event."""
    dated = Entry.published_at
    return and_(_SHOWN, or_(Entry.kind == Kind.EVENT, dated.is_(None), dated <= clock.now()))


def _order(when: str | None) -> tuple[ColumnElement[Any], ...]:
    if when == "upcoming":
        return Entry.starts_at.asc(), Entry.id.asc()
    return func.coalesce(Entry.starts_at, Entry.published_at, Entry.changed_at).desc(), Entry.id.desc()


def _holds(word: str) -> ColumnElement[bool]:
    return exists().where(EntryText.entry_id == Entry.id, EntryText.sought.contains(word, autoescape=True))


def _within(query: Select[Entry], topic: str | None, languages: Sequence[str]) -> Select[Entry]:
    if topic:
        query = query.where(Entry.topics.any(Topic.slug == topic))
    if languages:
        query = query.where(
            exists().where(EntryText.entry_id == Entry.id, EntryText.language.in_(list(languages)))
        )
    return query


def _first(
    query: Select[Entry], limit: int | None, topic: str | None, languages: Sequence[str]
) -> list[Entry]:
    query = _within(query, topic, languages)
    return list(db.session.scalars(query if limit is None else query.limit(limit)))
