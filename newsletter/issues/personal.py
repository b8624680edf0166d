"""What differs per reader within an edition: the name, and the links that carry a reader's token.

In mail these are marks that delivery fills. On the web, in previews and in tests they are plain words and harmless
addresses, because such a page has no reader.
"""

import re
from dataclasses import dataclass

from newsletter import mail, settings

_PLACE = re.compile(r"\{(name)(?:\|([^{}|\n]{0,100}))?\}")
_BRACED = re.compile(r"\{[^\W\d_][\w ]{0,30}(?:\|[^{}\n]{0,100})?\}")


def unread_places(text: str) -> list[str]:
    """Return what looks like a place for a reader's name and is none, such as `{nam|dear reader}`."""
    return [found for found in _BRACED.findall(text) if not _PLACE.fullmatch(found)]


def names_without_fall_back(text: str) -> list[tuple[str, str]]:
    """Return the places for a name that stay empty where there is none, each with the sign that stands behind it."""
    return [
        (found[0], text[found.end() : found.end() + 1])
        for found in _PLACE.finditer(text)
        if not (found[2] or "").strip()
    ]


@dataclass(frozen=True)
class Manner:
    """How personal an edition is set: with marks for each reader, or without anybody in particular, or under one `name`."""

    personal: bool
    name: str = ""

    def words(self, text: str) -> str:
        """Put the reader's name where the editor wrote `{name|dear reader}`; without a reader, the second part."""
        return _PLACE.sub(self._place, text)

    def _place(self, found: re.Match[str]) -> str:
        name, fallback = found.group(1), (found.group(2) or "").strip()
        return mail.mark(name, fallback) if self.personal else mail.set_apart(self.name or fallback)

    @property
    def unsubscribe(self) -> str:
        """Where a reader leaves."""
        return (
            settings.url(f"/unsubscribe/{mail.mark('token:unsubscribe')}") if self.personal else self._manage
        )

    @property
    def preferences(self) -> str:
        """Where a reader changes topics or language."""
        return (
            settings.url(f"/preferences/{mail.mark('token:preferences')}") if self.personal else self._manage
        )

    @property
    def _manage(self) -> str:
        return settings.url("/manage")


FOR_MAIL = Manner(personal=True)
FOR_ANYBODY = Manner(personal=False)
