"""What an editor wrote freely: subjects, preheaders, and the texts of blocks, each with the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newsletter.issues.blocks import Block, Kind
from newsletter.issues.materials import Materials
from newsletter.languages import folded

_ADDRESS = re.compile(r"https?://(?:[^\s<>\"'\[\]()。、（）「」『』]|\([^\s<>\"'\[\]()]*\))+")
_LINK = re.compile(
    r"\[(?P<words>[^\]\[]{0,500})\]\((?P<url>[^\s()]{1,2000}(?:\([^\s()]{0,200}\)[^\s()]{0,200})?)(?:\s\"[^\"]{0,500}\")?\)"
    r"|<a\s(?:(?!\bhref=\")[^>])*+href=\"(?P<address>[^\"]*+)\"[^>]*+>(?P<inside>(?:(?!</?a\b).){0,2000}+)</a>",
    re.DOTALL | re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^>]{0,2000}>|\]\([^)]{0,2000}\)|[*_`\[\]]")


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
        """The text that holds it, as findings name it: `subject-ja`, or `body-ja` of its block."""
        return self.name if self.name == "link" else f"{self.name}-{self.language}"

    @property
    def is_button(self) -> bool:
        """Tell whether it is what a button says or where it leads."""
        return self.block is not None and self.block.kind is Kind.BUTTON

    @cached_property
    def words(self) -> str:
        """The text as it is compared: without markup, folded."""
        return words_of(self.text)

    @cached_property
    def links(self) -> list[tuple[str, str, int]]:
        """The links with words in it: the words, the address, and where they stand."""
        found = []
        for link in _LINK.finditer(self.text):
            address = (link["url"] or link["address"] or "").replace("&amp;", "&")
            found.append(
                (
                    " ".join(_MARKUP.sub("", link["words"] or link["inside"] or "").split()),
                    address,
                    link.start(),
                )
            )
        return found

    @property
    def addresses(self) -> list[str]:
        """The web addresses in it, as links lead there."""
        found = (address.replace("&amp;", "&") for address in _ADDRESS.findall(self.text))
        return list(dict.fromkeys(address.rstrip(".,;:!?") for address in found))


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
            if language in block.hidden:
                continue
            for name, text in own.items():
                yield Passage(text, name, language, block)
        if block.link:
            yield Passage(block.link, "link", materials.languages[0], block)
