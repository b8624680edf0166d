"""Writes the plain-text twin of a letter from the same blocks, to be read as it stands.

Wrapped at 72 columns, titles underlined, links on lines of their own where they are things to do, and numbered
where they stand in running text.
"""

from newsletter.rendering.blocks import (
    Block,
    Button,
    Call,
    Columns,
    Content,
    Divider,
    EntryCard,
    Footer,
    Heading,
    Link,
    Picture,
    Quote,
    Section,
    Text,
)
from newsletter.rendering.prose import Paragraph, read
from newsletter.rendering.wrapping import COLUMNS, width, wrap

RULE = "-" * COLUMNS


def write_twin(content: Content) -> str:
    """The whole letter as text, ending in one line feed."""
    writer = _Writer()
    parts = [_masthead(content), *(writer.block(block) for block in content.blocks), _footer(content.footer)]
    text = "\n\n".join(part for part in parts if part) + "\n"
    return text.replace(f"{RULE}\n\n{RULE}", RULE)


class _Writer:
    """Writes blocks one after the other and counts the notes through the whole letter."""

    def __init__(self) -> None:
        self._notes = 0

    def block(self, block: Block) -> str:
        """One block of any kind."""
        match block:
            case Text():
                return self._text(block.html)
            case EntryCard():
                return _card(block)
            case Section():
                parts = [_underlined(block.title, "=") if block.title else "", *map(_card, block.cards)]
                return "\n\n".join(part for part in parts if part)
            case Columns():
                return "\n\n".join(part for part in map(self.block, (*block.left, *block.right)) if part)
            case _:
                return _small(block)

    def _text(self, html: str) -> str:
        paragraphs, addresses = read(html, self._notes + 1)
        told, before = "", None
        for paragraph in paragraphs:
            lines = _underlined(paragraph.text, "-") if paragraph.heading else paragraph.wrapped()
            told += _gap(before, paragraph) + lines
            before = paragraph
        notes = [f"[{self._notes + place}] {address}" for place, address in enumerate(addresses, 1)]
        self._notes += len(addresses)
        return "\n\n".join(part for part in (told, "\n".join(notes)) if part)


def _gap(before: Paragraph | None, paragraph: Paragraph) -> str:
    """What stands between two paragraphs: within one quotation, an empty line of it."""
    if before is None or paragraph.close:
        return "\n" if before else ""
    return "\n>\n" if before.first.startswith(">") and paragraph.first.startswith(">") else "\n\n"


def _small(block: Heading | Picture | Button | Divider | Quote | Call) -> str:
    match block:
        case Heading():
            return _underlined(block.text, "=" if block.level <= 2 else "-")  # noqa: PLR2004  (heading level)
        case Picture():
            return _picture(block)
        case Button():
            return _link(block.link)
        case Divider():
            return "* * *".center(COLUMNS).rstrip()
        case Quote():
            return "\n".join(
                [wrap(block.text, indent="> "), *([f"  ― {block.source}"] if block.source else [])]
            )
        case Call():
            return _call(block)


def _masthead(content: Content) -> str:
    lines = [
        wrap(content.title),
        wrap(content.kicker),
        _link(content.web) if content.web else "",
        "=" * COLUMNS,
    ]
    return "\n".join(line for line in lines if line)


def _card(card: EntryCard) -> str:
    """Head and title first, then what it is about, then where its links lead."""
    links = [card.url, *(_link(link) for link in (*([card.button] if card.button else []), *card.also))]
    if card.layout == "line":
        return "\n".join(_lines(*_head(card), card.place, links[0]))
    title = _underlined(card.title, "-") if card.layout == "feature" else wrap(card.title)
    head = [wrap(line) for line in _head(card)[:-1]]
    about = _lines(card.place, *card.facts)
    parts = [[*head, title, *about], _lines(card.summary), [link for link in links if link]]
    if card.layout == "feature":
        return "\n\n".join("\n".join(part) for part in parts if part)
    return "\n".join(line for part in parts for line in part)


def _head(card: EntryCard) -> tuple[str, ...]:
    """Date, or kind where there is no date; the mark of a foreign language; the title last."""
    when = card.date.spoken if card.date else card.kind_word
    label = f"[{card.label}]" if card.label else ""
    return (f"{when} {label}".strip(), card.title)


def _lines(*texts: str) -> list[str]:
    return [text if "://" in text else wrap(text) for text in texts if text]


def _link(link: Link) -> str:
    """Words and address on one line if they fit, else on two."""
    if not link.text or link.text == link.url:
        return link.url
    one = f"{link.text}: {link.url}"
    return one if width(one) <= COLUMNS else wrap(f"{link.text}:") + "\n" + link.url


def _picture(picture: Picture) -> str:
    """What a picture shows matters less in text than where it leads; a picture that leads nowhere is told by its caption."""
    if picture.link:
        return _link(Link(picture.alt, picture.link))
    return wrap(picture.caption)


def _call(call: Call) -> str:
    parts = [call.title, call.text]
    return "\n".join([RULE, *_lines(*parts), *([_link(call.link)] if call.link else []), RULE])


def _footer(footer: Footer) -> str:
    parts = [
        "\n".join(_lines(footer.reason)),
        "\n".join(map(_link, footer.links)),
        "\n".join(_lines(*footer.address_lines)),
    ]
    return "\n\n".join(part for part in (RULE, *parts) if part)


def _underlined(title: str, stroke: str) -> str:
    lines = wrap(title)
    return lines + "\n" + stroke * max(map(width, lines.split("\n")))
