"""Takes entries in, from an address, a file or bytes: reads whatever it is, and hands on what it holds part by part."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter import clock, settings
from newsletter.entries.checking import checked
from newsletter.entries.content import Kind
from newsletter.entries.imported import Imported, Options, skipped
from newsletter.entries.items import Found, Item, Reading, Unusable
from newsletter.entries.taking import Taker
from newsletter.errors import Invalid
from newsletter.fetching import LARGEST, Fetch, Fetched, Request, fetch
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.entries import reading
else:
    reading = later("newsletter.entries.reading")

MOST_ITEMS = 2_000
_AT_ONCE = 250


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
    may commit there, so that nobody waits for the whole. One bad item among good ones is skipped. Raises `Invalid` in
    one sentence when there is nothing usable in it, `Unreachable` when its address does not answer.
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
    taker, taken = Taker(options, dry_run=dry_run), list[Imported]()
    for number in range(0, min(len(found), MOST_ITEMS), _AT_ONCE):
        taken += taker.take(found[number : min(number + _AT_ONCE, MOST_ITEMS)])
        breathe()
    if len(found) > MOST_ITEMS:
        sentence = f"{MOST_ITEMS} were taken at once; {len(found) - MOST_ITEMS} more were left out."
        taken.append(skipped(Unusable("", sentence)))
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
