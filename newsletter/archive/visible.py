"""Which entries the public may see."""

from newsletter import clock, entries
from newsletter.entries import Entry, Page
from newsletter.errors import NotFound


def visible_entry(slug: str) -> Entry:
    """Return an entry that readers may see. Raises `NotFound` for any other, as if it did not exist."""
    found = entries.entry(slug)
    if not is_visible(found):
        raise NotFound("There is no entry at this address.")
    return found


def visible_entries(
    text: str = "",
    *,
    kind: str | None = None,
    topic: str | None = None,
    when: str | None = None,
    page: int = 1,
    per_page: int = 20,
) -> Page:
    """Return one page of the published entries that hold every word of `text`; events that come are soonest first."""
    return entries.search(
        text, kind=kind, topic=topic, when=when, page=page, state="visible", per_page=per_page
    )


def is_visible(entry: Entry) -> bool:
    """Tell whether readers may see an entry: published, and not dated in the future unless it is an event."""
    dated = entry.published_at
    return entry.is_published and (entry.is_event or dated is None or dated <= clock.now())
