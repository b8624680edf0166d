"""What an issue lacks in each language: texts that stand in another one, and entries that are told in another one alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issues.blocks import FIELDS, Block, Kind
from newsletter.issues.materials import Materials

_SHARED = frozenset({"url", "source"})
"""Texts that serve every language, such as an address or a name, where they stand in one."""


@dataclass(frozen=True)
class Missing:
    """A text that is missing in a language: the block and its field, or the line for inboxes (`subject`, `preheader`).

    Where `name` is empty, it is an entry that has no text of its own in this language.
    """

    language: str
    block: Block | None
    name: str

    @property
    def is_entry(self) -> bool:
        """Tell whether it is an entry that lacks a text, which is written on the entry's own page."""
        return not self.name


def missing(materials: Materials) -> dict[str, list[Missing]]:
    """Return what is missing, by language in the order of the editor; a language that lacks nothing has an empty list."""
    found: dict[str, list[Missing]] = {language: [] for language in materials.languages}
    for one in _missing(materials):
        found[one.language].append(one)
    return found


def is_missing(block: Block, name: str, language: str, languages: tuple[str, ...]) -> bool:
    """Tell whether a text of a block stands in another language and not in this one, where the block is shown."""
    if name in _SHARED or language in block.hidden or block.text(name, language).strip():
        return False
    return any(block.text(name, other).strip() for other in block.stands_in(languages))


def _missing(materials: Materials) -> Iterator[Missing]:
    codes = materials.languages
    for name, lines in (("subject", materials.issue.subjects), ("preheader", materials.issue.preheaders)):
        for language in codes:
            if any(lines.values()) and not lines.get(language, "").strip():
                yield Missing(language, None, name)
    for block in materials.blocks:
        for name in FIELDS[block.kind]:
            yield from (Missing(code, block, name) for code in codes if is_missing(block, name, code, codes))
        if block.kind is Kind.ENTRY:
            yield from _of_entries(materials, block)


def _of_entries(materials: Materials, block: Block) -> Iterator[Missing]:
    for entry in materials.entries_of(block):
        for language in block.stands_in(materials.languages):
            if entry.text(language)[1] != language:
                yield Missing(language, block, "")
