"""What an issue is made of when it is rendered: blocks, and the frame around them.

Texts are plain strings in the language of the content unless a field is called `html`; all of them may hold
marks (`mail.mark`), which pass through rendering untouched. Every word that a reader sees comes from here:
a theme has none of its own, so themes need no translation.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

from newsletter.rendering.look import Look

Layout = Literal["feature", "card", "line"]


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; `language` is told where the words are in another one than their surroundings."""

    text: str
    url: str
    language: str = ""


@dataclass(frozen=True)
class DateFigures:
    """A date set large: days "10–11", suffix "日", line "November 2026, Tue–Wed".

    `text` is the same date in one piece, for the plain-text twin ("2026年11月10日(火)・11日(水)"); without it the
    three are written one after the other. `narrow` is it for a margin, with spaces where it may break ("2026年 11月10–11日
    (火・水)"); without it `text` stands there.
    """

    days: str
    suffix: str = ""
    line: str = ""
    text: str = ""
    narrow: str = ""

    @property
    def spoken(self) -> str:
        """The date in one piece, as it is read aloud."""
        return self.text or f"{self.days}{self.suffix} {self.line}".strip()


@dataclass(frozen=True)
class Heading:
    """A title within the issue; level 2 stands above level 3. `language` is told where it is not the content's."""

    text: str
    level: int = 2
    language: str = ""


@dataclass(frozen=True)
class Text:
    """Running text as HTML; it is sanitised again when it is rendered."""

    html: str


@dataclass(frozen=True)
class Picture:
    """An image that lies on the web. `alt` is empty only where the image merely decorates."""

    url: str
    alt: str
    width: int
    height: int
    link: str | None = None
    caption: str = ""
    half: bool = False
    """Set at half the width of the letter."""


@dataclass(frozen=True)
class EntryCard:
    """An event, a piece of news or an analysis, told at one of three sizes.

    `language` is that of title, summary, place and facts, where it differs from the content's; `label` then says so
    in the reader's language ("英語のみ"). A `feature` has it all, large; a `card` has it all, small, with date or
    kind in the margin; a `line` has date or kind, title and place only.
    """

    kind_word: str
    title: str
    url: str
    summary: str = ""
    place: str = ""
    date: DateFigures | None = None
    facts: tuple[str, ...] = ()
    button: Link | None = None
    also: tuple[Link, ...] = ()
    picture: Picture | None = None
    layout: Layout = "card"
    language: str = ""
    label: str = ""


@dataclass(frozen=True)
class Section:
    """Entries under a heavy rule and a small heading."""

    title: str
    cards: tuple[EntryCard, ...]
    language: str = ""


@dataclass(frozen=True)
class Button:
    """One thing to do."""

    link: Link


@dataclass(frozen=True)
class Divider:
    """A hairline between two thoughts."""


@dataclass(frozen=True)
class Quote:
    """Somebody's words, and who said them. `language` is told where the words are not in the content's."""

    text: str
    source: str = ""
    language: str = ""


@dataclass(frozen=True)
class Call:
    """The one filled ground of an issue, with a way to support the organisation."""

    title: str
    text: str
    link: Link | None = None
    language: str = ""


Stacked = Heading | Text | Picture | EntryCard | Button | Divider | Quote
"""What can stand in a column."""


@dataclass(frozen=True)
class Columns:
    """Two stacks side by side; on a phone, and in the plain text, one after the other."""

    left: tuple[Stacked, ...]
    right: tuple[Stacked, ...]


Block = Stacked | Section | Call | Columns


@dataclass(frozen=True)
class Footer:
    """Why this came, the ways out, and who sends it from where."""

    reason: str = ""
    links: tuple[Link, ...] = ()
    address_lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """One letter in one language, ready to be set: a theme adds nothing but the look.

    `title` is the masthead, `kicker` the small line above it ("No. 42 · 13 October 2026"), `web` the link beside it.
    """

    language: str
    title: str
    subject: str
    blocks: tuple[Block, ...]
    kicker: str = ""
    preheader: str = ""
    web: Link | None = None
    footer: Footer = Footer()
    direction: Literal["ltr", "rtl"] = "ltr"
    look: Look = field(default_factory=Look)


def in_one_row(content: Content) -> Content:
    """Return a letter whose columns stand one under the other, the left one first."""
    blocks = (
        piece
        for block in content.blocks
        for piece in ((*block.left, *block.right) if isinstance(block, Columns) else (block,))
    )
    return replace(content, blocks=tuple(blocks))


@dataclass(frozen=True)
class Rendered:
    """A letter set twice from the same blocks: as HTML for mail, and as plain text that reads well by itself.

    `trouble` says in English why it is not set in the theme that it should wear; empty where it is.
    """

    html: str
    text: str
    trouble: str = ""
