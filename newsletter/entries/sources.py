"""The feeds, calendars and pages that are visited again and again."""

import logging
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from newsletter import clock, settings
from newsletter.database import db
from newsletter.entries import importing
from newsletter.entries.content import Kind
from newsletter.entries.imported import Imported, Options
from newsletter.entries.items import Found
from newsletter.entries.tables import Source
from newsletter.errors import Invalid, NewsletterError, NotFound
from newsletter.fetching import Fetch, Fetched, Request, check_address, fetch
from newsletter.wake import Job, wake

_log = logging.getLogger(__name__)
_EVERY = timedelta(hours=1)
_UPSET = "What came from there cannot be read, and the reason is in the log of this service."
_LONGEST_WAIT = timedelta(days=1)


def add_source(
    url: str,
    *,
    title: str = "",
    kind: str = "",
    language: str = "",
    topics: tuple[str, ...] = (),
    publish: bool = True,
) -> Source:
    """Keep an address to be visited every hour, and ask for the first visit. Raises `Invalid`."""
    url = url.strip()
    check_address(url)
    if db.session.scalar(select(Source.id).where(Source.url == url)):
        raise Invalid("This source is on the list already.", "url")
    made = Source(url=url)
    db.session.add(made)
    return change_source(
        made, title=title, kind=kind, language=language, topics=topics, publish=publish, active=True
    )


def change_source(
    row: Source,
    *,
    title: str,
    kind: str,
    language: str,
    topics: tuple[str, ...],
    publish: bool,
    active: bool,
) -> Source:
    """Change how a source is read, and ask for a visit. Raises `Invalid`."""
    if kind and kind not in (Kind.NEWS, Kind.ANALYSIS):
        raise Invalid("What has no date of its own is news or analysis; choose one of the two.", "kind")
    if language and language not in settings.publication().languages:
        raise Invalid(f"The publication has no language “{language}”.", "language")
    row.title = title.strip() or row.title or urlsplit(row.url).hostname or row.url
    row.kind, row.language, row.topics, row.publish, row.active = (
        kind,
        language,
        list(topics),
        publish,
        active,
    )
    row.etag = row.last_modified = ""
    ask_for(row)
    return row


def ask_for(row: Source) -> None:
    """Ask for a visit soon."""
    row.due_at = clock.now()
    db.session.flush()
    if row.active:
        wake(Job.REFRESH_SOURCE, row.id)


def sources() -> list[Source]:
    """Return all sources by title."""
    return list(db.session.scalars(select(Source).order_by(Source.title, Source.id)))


def source(source_id: int) -> Source:
    """Return one source. Raises `NotFound`."""
    found = db.session.get(Source, source_id)
    if found is None:
        raise NotFound("There is no such source; somebody may have removed it.")
    return found


def remove_source(source_id: int) -> None:
    """Visit a source no more; the entries that came from it stay. Raises `NotFound`."""
    db.session.delete(source(source_id))
    db.session.flush()


def due_sources() -> list[int]:
    """Return the numbers of the sources whose turn it is, those that wait longest first."""
    query = select(Source.id).where(Source.active, Source.due_at <= clock.now())
    return list(db.session.scalars(query.order_by(Source.due_at)))


def refresh(source_id: int, fetch: Fetch = fetch) -> list[Imported]:
    """Visit a source and take in what is new; what goes wrong is noted on the source, and tried again later.

    Like the courier it holds no transaction across the network, nor while it reads what came, which may take long: what
    the caller has open is committed before.
    """
    row = db.session.get(Source, source_id)
    if row is None:
        return []
    wanted, options = Request(row.url, row.etag, row.last_modified), _options(row)
    row.due_at = clock.now() + _EVERY  # nobody else visits it meanwhile
    db.session.commit()
    try:
        fetched = fetch(wanted)
        found = [] if fetched.unchanged else _read(fetched, wanted.url, options)
        with db.session.begin_nested():
            taken = importing.take(found, options)
    except NewsletterError as error:
        _note_failure(source_id, str(error))
        return []
    except DBAPIError:
        raise
    except Exception:  # noqa: BLE001 - set aside and logged, so that the others go on
        _log.exception("source %s holds what cannot be read", source_id)
        _note_failure(source_id, _UPSET)
        return []
    _note_success(source_id, fetched, taken)
    return taken


def _read(fetched: Fetched, name: str, options: Options) -> Found:
    how = importing.how_to_read(fetched, name, options)
    db.session.commit()
    return importing.read(fetched.data, how)


def _options(row: Source) -> Options:
    return Options(
        kind=Kind(row.kind) if row.kind else None,
        language=row.language if row.language in settings.publication().languages else "",
        topics=tuple(row.topics),
        publish=row.publish,
        source_id=row.id,
    )


def _note_success(source_id: int, fetched: Fetched, taken: list[Imported]) -> None:
    row = db.session.get(Source, source_id)
    if row is None:
        return
    row.refreshed_at, row.failures, row.problem = clock.now(), 0, ""
    row.due_at = clock.now() + _EVERY
    row.etag, row.last_modified = fetched.etag, fetched.last_modified
    if not fetched.unchanged:
        row.result = dict(Counter(one.status.value for one in taken))
    db.session.flush()


def _note_failure(source_id: int, sentence: str) -> None:
    row = db.session.get(Source, source_id)
    if row is None:
        return
    row.refreshed_at, row.problem = clock.now(), sentence
    row.failures += 1
    row.due_at = clock.now() + min(_EVERY * 2 ** min(row.failures, 6), _LONGEST_WAIT)
    db.session.flush()
