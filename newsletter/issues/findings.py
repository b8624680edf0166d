"""What a check says and what it looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from newsletter import languages
from newsletter.entries import Entry
from newsletter.issues.blocks import Kind
from newsletter.issues.cards import Teller, in_quotes
from newsletter.issues.materials import Materials
from newsletter.issues.naming import Named, named


class Level(StrEnum):
    """Whether sending must wait."""

    ERROR = "error"
    WARNING = "warning"


class Remedy(StrEnum):
    """What an editor can do about a finding with one press."""

    DROP = "drop"
    RECAP = "recap"


@dataclass(frozen=True)
class Finding:
    """One thing that is not right: a sentence, what follows from it, the block it is about, and quick remedies.

    `field` names a field of the editor (`subject-ja`) where the finding is about one.
    """

    level: Level
    sentence: str
    detail: str = ""
    block_id: str | None = None
    field: str = ""
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True)
class Look:
    """An issue under inspection, and the language in which findings are said."""

    materials: Materials
    t: languages.Translate

    @property
    def teller(self) -> Teller:
        """Tells entries in the language of who reads the findings."""
        return Teller(self.t.language, self.materials.at)

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """What the free words of the issue speak of."""
        return named(self.materials)

    def title(self, entry: Entry) -> str:
        """The title of an entry, ready to stand in quotation marks."""
        return in_quotes(entry.title(self.t.language), self.t.language)

    def name_of(self, language: str) -> str:
        """What a language is called."""
        return languages.language_name(language, self.t.language)


Check = Callable[[Look], Iterator[Finding]]

KIND_NAMES = {
    Kind.HEADING: "Heading",
    Kind.TEXT: "Text",
    Kind.ENTRY: "Entry",
    Kind.ENTRY_LIST: "Entry list",
    Kind.PICTURE: "Picture",
    Kind.BUTTON: "Button",
    Kind.DIVIDER: "Divider",
    Kind.QUOTE: "Quote",
    Kind.CALL: "Call to action",
    Kind.COLUMNS: "Two columns",
}
"""What each kind of block is called on the screen."""
