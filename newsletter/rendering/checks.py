"""Looks at a finished letter for what mail programs would do to it."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Self

from newsletter.rendering.blocks import Rendered
from newsletter.rendering.cleaning import SCHEMES

CLIPPED_AT = 102 * 1024
"""Bytes of HTML after which Gmail cuts a letter off, the unsubscribe link with it."""
_MARK = "\ue000"


class Remark(str):
    """A sentence in English; `msgid` and `values` are the same before they were put together, for translating."""

    __slots__ = ("msgid", "values")
    msgid: str
    values: dict[str, Any]

    def __new__(cls, msgid: str, **values: Any) -> Self:
        """Put the sentence together."""
        remark = super().__new__(cls, msgid % values)
        remark.msgid, remark.values = msgid, values
        return remark


def check(rendered: Rendered, size: int | None = None) -> list[Remark]:
    """What should be mended before this letter is sent; empty if nothing.

    `size` is how many bytes its HTML will have, where that is not what it has now.
    """
    looker = _Looker()
    looker.feed(rendered.html)
    too_long = _too_long(len(rendered.html.encode()) if size is None else size)
    return [*_not_in_its_theme(rendered), *too_long, *looker.remarks]


def _not_in_its_theme(rendered: Rendered) -> Iterator[Remark]:
    if rendered.trouble:
        yield Remark(
            "The theme cannot set this letter, so it goes out in the built-in one that the theme was made from. "
            "An owner can mend it: %(trouble)s",
            trouble=rendered.trouble,
        )


def _too_long(size: int) -> Iterator[Remark]:
    if size > CLIPPED_AT:
        yield Remark(
            "The letter has %(size)s kB; Gmail cuts off what comes after 102 kB, the unsubscribe link too. "
            "Take out some blocks or shorten the texts.",
            size=-(-size // 1024),
        )


class _Looker(HTMLParser):
    """Reads the letter once and collects remarks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.remarks: list[Remark] = []
        self._link: str | None = None
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._link, self._words = given.get("href", ""), ""
        if tag == "img":
            self._words += given.get("alt", "")
            self._look_at_image(given)

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self._look_at_link(self._link, " ".join(self._words.split()))
            self._link = None

    def _look_at_image(self, given: dict[str, str]) -> None:
        source = given.get("src", "")
        if "alt" not in given:
            self._say(
                "The image %(source)s has no description. Write what it shows, for those who cannot see it.",
                source=source,
            )
        if not source.startswith(("https://", "http://", _MARK)):
            self._say(
                "The image “%(words)s” does not lie on the web, so no reader will see it.",
                words=given.get("alt") or source,
            )

    def _look_at_link(self, url: str, words: str) -> None:
        if not words:
            self._say("The link to %(url)s has no words. Write where it leads.", url=url)
        if not url.startswith((*(f"{scheme}:" for scheme in SCHEMES), _MARK)):
            self._say(
                "The link “%(words)s” leads nowhere: its address does not begin with https://.",
                words=words or url,
            )

    def _say(self, msgid: str, **values: Any) -> None:
        remark = Remark(msgid, **values)
        if remark not in self.remarks:
            self.remarks.append(remark)
