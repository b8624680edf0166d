"""Addresses of entries: short, readable, and never changed once given."""

import re
import unicodedata

from sqlalchemy import select

from newsletter.database import db
from newsletter.entries.content import Content, Kind
from newsletter.entries.tables import Entry

_LONGEST = 70
_FEWEST_LETTERS = 3


class Slugs:
    """Gives out slugs that no entry has, nor one that was given out before and is not yet kept."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, content: Content, today: str) -> str:
        """Return a slug: from a title in Latin letters, else from the kind and the date."""
        titles = (_latin(text.title) for text in content.texts.values())
        base = next((title for title in titles if title), "") or f"{content.kind}-{_date(content) or today}"
        slug = self._free(base)
        self._given.add(slug)
        return slug

    def _free(self, base: str) -> str:
        with db.session.no_autoflush:
            query = select(Entry.slug).where(Entry.slug.startswith(base, autoescape=True))
            taken = self._given.union(db.session.scalars(query))
        if base not in taken:
            return base
        number = 2
        while f"{base}-{number}" in taken:
            number += 1
        return f"{base}-{number}"


def _latin(title: str) -> str:
    """Return the title as an address, or nothing if most of it is written in other letters."""
    plain = unicodedata.normalize("NFKD", title)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace("\u2019", "").lower()).strip("-")
    letters = [sign for sign in plain if sign.isalpha()]
    latin = sum(sign.isascii() for sign in letters)
    if latin < _FEWEST_LETTERS or latin * 2 < len(letters):
        return ""
    return words if len(words) <= _LONGEST else words[:_LONGEST].rsplit("-", 1)[0]


def _date(content: Content) -> str:
    if content.kind is Kind.EVENT and content.days:
        return content.days[0].date.isoformat()
    return content.dated.date().isoformat() if content.dated else ""
