"""What there is to tell: events, news and analysis, written by hand or taken in from feeds, calendars and pages.

Hides formats and their dialects, recurrence, time zones, doubles, and fetching from the web. Promises that the same
thing taken in twice stands here once, that what an editor wrote is never overwritten by a source, that every change of
a date or place is recorded, and that broken input costs one clear sentence (`Invalid`) and nothing else.
"""

from newsletter.entries.content import MOST_DAYS, Content, Day, Kind, Speaker, State, Text, days_from
from newsletter.entries.fields import content_of
from newsletter.entries.imported import Imported, Options, Status
from newsletter.entries.importing import import_entries
from newsletter.entries.pictures import WHOLE, WIDEST, cut_image, for_mail, image, image_sizes, store_image
from newsletter.entries.queries import (
    Page,
    behind,
    by_ids,
    entry,
    event_titles,
    get,
    latest,
    recent,
    registrations,
    related,
    search,
    those_there,
    upcoming,
)
from newsletter.entries.sources import (
    add_source,
    ask_for,
    change_source,
    due_sources,
    refresh,
    remove_source,
    source,
    sources,
)
from newsletter.entries.stashing import stash, stashed, unstash
from newsletter.entries.tables import Entry, EntryChange, EntryText, Image, Source, Stash
from newsletter.entries.telling import describe_change, name_field, write_days_of
from newsletter.entries.to_calendar import calendar
from newsletter.entries.writing import (
    cancel,
    change,
    changes,
    check,
    delete,
    former_dates,
    publish,
    reinstate,
    told_changes,
    withdraw,
    write,
)
from newsletter.fetching import LARGEST, Fetched, Request, fetch

__all__ = [
    "LARGEST", "MOST_DAYS", "WHOLE", "WIDEST", "Content", "Day", "Entry", "EntryChange", "EntryText", "Fetched", "Image", "Imported", "Kind", "Options",
    "Page", "Request", "Source", "Speaker", "Stash", "State", "Status", "Text", "add_source", "ask_for", "behind", "by_ids", "calendar", "cancel",
    "change", "change_source", "changes", "check", "content_of", "cut_image", "days_from", "delete", "describe_change", "due_sources", "entry", "event_titles", "fetch", "for_mail", "former_dates", "get",
    "image", "image_sizes", "import_entries", "latest", "name_field", "publish", "recent", "refresh", "registrations", "reinstate", "related",
    "remove_source", "search", "source", "sources", "stash", "stashed", "store_image", "those_there", "told_changes", "unstash",
    "upcoming", "withdraw", "write", "write_days_of",
]  # fmt: skip
