"""Reads HTML as a person would read it aloud: paragraphs, lists, quotations, and where the links lead."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from newsletter.rendering.cleaning import sanitise
from newsletter.rendering.wrapping import COLUMNS, wrap

_PARAGRAPHS = frozenset({"p", "div", "li", "dt", "dd", "pre", "figure", "figcaption", "caption", "tr", "hr"})
_AROUND = frozenset({"ul", "ol", "dl", "table", "blockquote"})
_HEADINGS = frozenset({"h2", "h3", "h4"})
_BLOCKS = _PARAGRAPHS | _AROUND | _HEADINGS
_WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"
_ENDS_WIDE = re.compile(rf"{_WIDE}$")
_NEWLINE_IN_JAPANESE = re.compile(rf"(?<={_WIDE})[ \t]*\n\s*(?={_WIDE})")


@dataclass(frozen=True)
class Paragraph:
    """A stretch of text with what stands before its first line and before the others; `close` joins list items."""

    text: str
    first: str = ""
    indent: str = ""
    close: bool = False
    heading: bool = False

    def wrapped(self) -> str:
        """The paragraph broken into lines; those that were broken by hand stay broken."""
        lines = self.text.split("\n")
        told = [
            wrap(line, COLUMNS, self.indent, None if place else self.first)
            for place, line in enumerate(lines)
        ]
        return "\n".join(told)


def plain(html: str) -> str:
    """The text alone, paragraphs parted by an empty line; links keep their words only."""
    return "\n\n".join(paragraph.text for paragraph in read(html)[0])


def read(html: str, first_note: int | None = None) -> tuple[list[Paragraph], list[str]]:
    """The paragraphs of foreign HTML, and its addresses; numbered in the text from `first_note` on, if given.

    A text with notes is to be read as it stands: signs then tell what is struck out, where a cell ends, and what is parted.
    """
    reader = _Reader(first_note)
    reader.feed(sanitise(html))
    reader.close()
    reader.end_paragraph()
    return reader.paragraphs, reader.addresses


_LONGEST_NUMBER = 9
"""Digits of what a list may begin with; Python reads no more than some thousands."""


class _Reader(HTMLParser):
    """Collects paragraphs while the tags go by."""

    def __init__(self, first_note: int | None) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[Paragraph] = []
        self.addresses: list[str] = []
        self._first_note = first_note
        self._text = ""
        self._lists: list[int | None] = []
        self._quotes = 0
        self._bullet: str | None = None
        self._heading = False
        self._pre = False
        self._href: tuple[str, int] | None = None
        self._close = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self.end_paragraph()
            self._begin_block(tag, given)
        else:
            self._begin_span(tag, given)

    def _begin_block(self, tag: str, given: dict[str, str]) -> None:
        match tag:
            case "ul" | "ol":
                self._close = bool(self._lists)
                self._lists.append(_first_number(tag, given))
            case "li":
                self._bullet = self._next_bullet()
            case "table":
                self._close = False
            case "hr" if self._first_note is not None:
                self.paragraphs.append(Paragraph("* * *", " " * ((COLUMNS - 5) // 2)))
            case "blockquote":
                self._quotes += 1
            case "pre":
                self._pre = True
        self._heading = tag in _HEADINGS

    def _begin_span(self, tag: str, given: dict[str, str]) -> None:
        match tag:
            case "br":
                self._text = self._text.rstrip(" ") + "\n"
            case "img":
                self._text += given.get("alt", "")
            case "td" | "th" if self._text.strip():
                self._text = self._text.rstrip() + ("  " if self._first_note is None else " | ")
            case "s" | "del":
                self._strike()
            case "a":
                self._href = (given.get("href", ""), len(self._text))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        if tag in ("s", "del"):
            self._strike()
        if tag not in _BLOCKS:
            return
        self.end_paragraph()
        self._close = tag == "tr" or (tag == "li" and bool(self._lists))
        match tag:
            case "ul" | "ol" if self._lists:
                self._lists.pop()
                self._close = bool(self._lists)
            case "blockquote":
                self._quotes = max(0, self._quotes - 1)
            case "pre":
                self._pre = False
        self._heading = False

    def handle_data(self, data: str) -> None:
        if self._pre:
            self._text += data
            return
        data = re.sub(r"[ \t\r\n\f]+", " ", _NEWLINE_IN_JAPANESE.sub("", data))
        self._text += data.lstrip(" ") if not self._text or self._text[-1] in " \n" else data

    def end_paragraph(self) -> None:
        """Put away what was read since the last paragraph ended."""
        text, self._text = self._text.strip(), ""
        if not text:
            return
        margin = "> " * self._quotes + "  " * max(0, len(self._lists) - (0 if self._bullet is None else 1))
        bullet = self._bullet or ""
        hanging = margin + " " * len(bullet)
        self.paragraphs.append(Paragraph(text, margin + bullet, hanging, self._close, self._heading))
        self._bullet, self._close = None, False

    def _strike(self) -> None:
        if self._first_note is not None:
            self._text += "~"

    def _next_bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "- "
        number = self._lists[-1]
        self._lists[-1] = number + 1
        return f"{number}. "

    def _end_link(self) -> None:
        """Write the link's number after its words, unless the words are the address."""
        href, start = self._href or ("", 0)
        self._href = None
        words = self._text[start:].strip()
        if self._first_note is None or not href or not words or words in (href, href.removeprefix("mailto:")):
            return
        if href not in self.addresses:
            self.addresses.append(href)
        text = self._text.rstrip(" ")
        gap = "" if _ENDS_WIDE.search(text) else " "
        self._text = f"{text}{gap}[{self._first_note + self.addresses.index(href)}]"


def _first_number(tag: str, given: dict[str, str]) -> int | None:
    start = given.get("start", "1")
    return None if tag == "ul" else int(start) if start.isdecimal() and len(start) < _LONGEST_NUMBER else 1
