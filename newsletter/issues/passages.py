"""What an editor wrote freely: subjects, preheaders, and the texts of blocks, each with the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newsletter.issues.blocks import Block, Kind
from newsletter.issues.materials import Materials
from newsletter.languages import folded

_ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+")
_MARKUP = re.compile(r"<[^>]*>|\]\([^)]*\)|[*_`\[\]]")


@dataclass(frozen=True)
class Passage:
    """A text in one language: a line that inboxes show (`name` is `subject` or `preheader`), or one of a block's."""

    text: str
    name: str
    language: str
    block: Block | None = None

    @property
    def block_id(self) -> str | None:
        """The block it stands in; nothing for a line that inboxes show."""
        return self.block.id if self.block else None

    @property
    def in_inbox(self) -> bool:
        """Tell whether it is read before the letter is opened, so that nothing in the letter puts it right."""
        return self.block is None

    @property
    def field(self) -> str:
        """The field of the editor that holds it."""
        return f"{self.name}-{self.language}" if self.in_inbox else ""

    @property
    def is_button(self) -> bool:
        """Tell whether it is what a button says or where it leads."""
        return self.block is not None and self.block.kind is Kind.BUTTON

    @cached_property
    def words(self) -> str:
        """The text as it is compared: without markup, folded."""
        return words_of(self.text)

    @property
    def addresses(self) -> list[str]:
        """The web addresses in it, as links lead there."""
        found = (address.replace("&amp;", "&") for address in _ADDRESS.findall(self.text))
        return list(dict.fromkeys(address.rstrip(".,;:!?)。、") for address in found))


def words_of(text: str) -> str:
    """Return the plain words of a Markdown or HTML text, folded."""
    return folded(_MARKUP.sub("", text))


def passages(materials: Materials) -> Iterator[Passage]:
    """Yield every text of an issue that is not an entry's own, in the order of the editor."""
    issue = materials.issue
    for name, lines in (("subject", issue.subjects), ("preheader", issue.preheaders)):
        for language in materials.languages:
            if lines.get(language):
                yield Passage(lines[language], name, language)
    for block in materials.blocks:
        for language, own in block.texts.items():
            for name, text in own.items():
                yield Passage(text, name, language, block)
        if block.link:
            yield Passage(block.link, "link", materials.languages[0], block)
