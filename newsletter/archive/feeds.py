"""What programs follow: the newest entries and issues as a feed, the events as a calendar."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from sqlalchemy import select

from newsletter import audience, clock, entries, languages, settings
from newsletter.archive.sent import IssueLine, sent_issues
from newsletter.database import db
from newsletter.entries import Entry, Kind, State
from newsletter.settings import Topic

_LENGTH = 30
_KEPT_IN_CALENDARS = timedelta(days=365)
_KIND_WORDS = {Kind.EVENT: "Events", Kind.ANALYSIS: "Analysis", Kind.NEWS: "News"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedItem:
    """One entry or issue in a feed. `html` is safe."""

    id: str
    url: str
    title: str
    language: str
    summary: str
    html: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Feed:
    """A feed in one language, the newest item first."""

    id: str
    title: str
    language: str
    updated: datetime
    items: tuple[FeedItem, ...]


def feed(
    language: str, *, list_slug: str | None = None, topic: str | None = None, kind: Kind | None = None
) -> Feed:
    """Return what is new: entries and issues, or only a list's issues, or only the entries of a topic or kind.

    Raises `NotFound` for a topic that does not exist.
    """
    publication = settings.publication()
    wishes = {"language": language, "list": list_slug, "topic": topic, "kind": kind}
    chosen = {name: wish for name, wish in wishes.items() if wish}
    items: list[FeedItem] = []
    if not list_slug:
        items += _entry_items(language, topic, kind)
    if not topic and not kind:
        items += [_issue_item(line) for line in sent_issues(language, list_slug, per_page=_LENGTH).issues]
    items.sort(key=lambda item: item.published, reverse=True)
    return Feed(
        id=settings.url(f"/feed.atom?{urlencode(chosen)}"),
        title=_title(publication.name(language), _subject(list_slug, topic, kind, language), language),
        language=language,
        updated=max((item.updated for item in items), default=_today()),
        items=tuple(items[:_LENGTH]),
    )


def calendar(language: str, topic: str | None = None) -> bytes:
    """Return the coming events and those of the past year as an iCalendar file. Raises `NotFound` for a topic."""
    title = _title(settings.publication().name(language), _subject(None, topic, None, language), language)
    past = entries.recent(topic=topic, since=clock.now() - _KEPT_IN_CALENDARS)
    return entries.calendar([*reversed(past), *entries.upcoming(topic=topic)], language, title)


def _today() -> datetime:
    """Return when an empty feed last changed: nobody knows, and feed readers ask again tomorrow."""
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def _title(name: str, subject: str, language: str) -> str:
    mark = "｜" if language == "ja" else ": "
    return mark.join(filter(None, [name, subject]))


def _subject(list_slug: str | None, topic: str | None, kind: Kind | None, language: str) -> str:
    """Name what a feed is about, so that a reader who follows several can tell them apart."""
    subjects = [
        audience.mailing_list(list_slug).title(language) if list_slug else "",
        languages.translator(language)(_KIND_WORDS[kind]) if kind else "",
        settings.topic(topic).title(language) if topic else "",
    ]
    return languages.write_list([subject for subject in subjects if subject], language)


def _entry_items(language: str, topic: str | None, kind: Kind | None) -> list[FeedItem]:
    query = select(Entry).where(Entry.state == State.PUBLISHED, Entry.published_at <= clock.now())
    if kind:
        query = query.where(Entry.kind == kind)
    if topic:
        query = query.where(Entry.topics.any(Topic.slug == topic))
    newest = query.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(_LENGTH)
    return [_entry_item(entry, language) for entry in db.session.scalars(newest)]


def _entry_item(entry: Entry, language: str) -> FeedItem:
    text, shown = entry.text(language)
    published = entry.published_at or entry.created_at
    return FeedItem(
        id=settings.url(f"/entries/{entry.slug}"),
        url=settings.url(f"/entries/{entry.slug}?language={language}"),
        title=_clean(text.title),
        language=shown,
        summary=_clean(text.summary),
        html=_clean(text.body_html),
        authors=tuple(filter(None, [_clean(text.authors)])),
        categories=tuple(topic.title(language) for topic in entry.topics),
        published=published,
        updated=max(published, entry.changed_at),
    )


def _issue_item(line: IssueLine) -> FeedItem:
    return FeedItem(
        id=settings.url(f"/issues/{line.slug}"),
        url=settings.url(f"/issues/{line.slug}?language={line.language}"),
        title=_clean(line.subject),
        language=line.language,
        summary=_clean(line.preheader),
        html="",
        authors=(),
        categories=(line.list_title,),
        published=line.sent_at,
        updated=line.sent_at,
    )


def _clean(text: str) -> str:
    """Leave out what no XML document may hold."""
    return _NO_XML.sub("", text)
