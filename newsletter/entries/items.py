"""What a source says, before it is an entry: one item for each thing told, or the reason why it cannot be taken in."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from newsletter.entries.content import Content, Kind


@dataclass(frozen=True)
class Item:
    """One thing that a source tells, with the identity that the source gave it.

    `note` says what had to be guessed. `language` is as the source says it, or empty.
    """

    key: str
    content: Content
    language: str
    cancelled: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Unusable:
    """One thing that a source tells and that cannot be taken in, and why."""

    title: str
    reason: str
    kind: Kind = Kind.EVENT
    url: str = ""


class Unreadable(Exception):
    """This one event cannot be taken in, and why."""


@dataclass(frozen=True)
class Gone:
    """A date that a source has taken out of a series."""

    key: str


Found = list[Item | Unusable | Gone]


@dataclass(frozen=True)
class Reading:
    """How a source is to be read: where it came from, and what to assume where it is silent."""

    name: str
    """What to call it in a sentence: a file's name or an address."""
    url: str
    """What relative links are relative to; empty for a file."""
    content_type: str
    languages: tuple[str, ...]
    language: str
    """The language to assume where neither the source nor its text says."""
    zone: str
    kind: Kind | None
    """What something without a date of its own is; None: as it says itself, else news."""
    topics: dict[str, str]
    """Topic slugs by every word that means them, in small letters."""
    now: datetime
    may_be_empty: bool = False
    """Whether it is nothing unusual that there is nothing in it just now, as in a calendar that is visited every hour."""


class Seen:
    """Gives each item a key of its own, even where a source gives two the same."""

    def __init__(self) -> None:
        self._keys: set[str] = set()

    def is_new(self, key: str) -> bool:
        """Tell whether this key was not met before, and remember it."""
        if key in self._keys:
            return False
        self._keys.add(key)
        return True


def key(*parts: str | date | None) -> str:
    """Make one short identity out of what a source gave; the first part names the sort of identity."""
    text = "\n".join("" if part is None else str(part) for part in parts)
    return f"{parts[0]}:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def with_note(item: Item, note: str) -> Item:
    """Return the item with one more thing that had to be guessed."""
    return replace(item, note=" ".join(part for part in (item.note, note) if part))
