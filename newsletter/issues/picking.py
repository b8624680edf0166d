"""What an editor can pick for an issue: searched for, narrowed by kind, topic and time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from newsletter import clock, entries
from newsletter.issues.choosing import last_issue
from newsletter.issues.tables import Issue, Mention

PICKED_AT_ONCE = 20
"""How many more entries a press of “more” shows."""


class When(StrEnum):
    """Which entries in time: all, events to come, what is past, or what came since the list's last issue and was never told in it."""

    ANY = ""
    COMING = "coming"
    PAST = "past"
    NEW = "new"


@dataclass(frozen=True)
class Wish:
    """What somebody looks for in the picker. `pages` says how much of what was found is shown."""

    text: str = ""
    kind: str = ""
    topic: str = ""
    when: When = When.ANY
    pages: int = 1

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing in particular is looked for."""
        return not (self.text or self.kind or self.topic or self.when)


def pick(wish: Wish, list_id: int) -> entries.Page:
    """Return the entries that fit a wish and readers may see: those to come soonest first, all others newest first."""
    coming = wish.when is When.COMING
    when = "upcoming" if coming else "past" if wish.when is When.PAST else None
    new = wish.when is When.NEW
    told = select(Mention.entry_id).join(Issue, Issue.id == Mention.issue_id).where(Issue.list_id == list_id)
    return entries.search(
        wish.text,
        kind=wish.kind or None,
        topic=wish.topic or None,
        state="published",
        when=when,
        shown_since=_since(list_id) if new else None,
        besides=told if new else None,
        per_page=PICKED_AT_ONCE * wish.pages,
    )


def _since(list_id: int) -> datetime | None:
    """Return when the last issue of a list was begun; before the first one, everything is new."""
    last = last_issue(list_id)
    return min(last.created_at, clock.now()) if last else None
