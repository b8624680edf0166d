"""What search engines are shown the way to: every page that anybody may read, in each language it is written in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsletter import settings
from newsletter.archive.sent import sent_issues
from newsletter.archive.visible import visible_entries

_MOST = 10_000
"""Of entries and of issues; a file may hold 50,000 addresses, and each has one for each language."""
_ALWAYS_THERE = ("/", "/subscribe", "/entries/", "/issues/", "/follow", "/privacy")


@dataclass(frozen=True)
class SitePage:
    """A page by its path, the languages it can be read in, and when it last changed where that is known."""

    path: str
    languages: tuple[str, ...]
    changed: datetime | None = None


def site_pages() -> Iterator[SitePage]:
    """Yield all pages that anybody may read."""
    publication = settings.publication()
    for path in _ALWAYS_THERE:
        yield SitePage(path, publication.languages)
    for entry in visible_entries(per_page=_MOST).entries:
        yield SitePage(f"/entries/{entry.slug}", entry.languages, entry.changed_at)
    for line in sent_issues(publication.languages[0], per_page=_MOST).issues:
        yield SitePage(f"/issues/{line.slug}", line.languages, line.sent_at)
