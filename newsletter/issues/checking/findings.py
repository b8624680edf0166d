"""What a check says and what it looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from newsletter import languages, rendering
from newsletter.entries import Entry
from newsletter.issues.blocks import KIND_NAMES
from newsletter.issues.cards import Teller, in_quotes
from newsletter.issues.checking.link_answers import answers_to, outside
from newsletter.issues.checking.tables import LinkAnswer, Override
from newsletter.issues.composing import compose
from newsletter.issues.materials import Materials
from newsletter.issues.naming import Named, named
from newsletter.issues.passages import Passage, passages


class Level(StrEnum):
    """Whether sending must wait, an editor must have seen it, or it is only said."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Remedy(StrEnum):
    """What an editor can do about a finding with one press."""

    DROP = "drop"
    RECAP = "recap"
    MEND = "mend"


@dataclass(frozen=True)
class Replacement:
    """What puts a text right: all of `old` becomes `new` in one text of the finding's block, or in a line that inboxes show."""

    name: str
    language: str
    old: str
    new: str
    shown: str = ""
    """What will stand there, for the button that does it."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not right: a sentence, what follows from it, the block it is about, and quick remedies.

    `field` names a text such as `subject-ja`, or `body-ja` of its block, where the finding is about one; `entry_id` the
    entry whose own page mends it. `about` is what it speaks of beside that. An error that `may_stand` is one that an
    editor can override with a reason. `check` and `mark` are filled in where the checks run: `mark` is the same as long
    as all that the finding speaks of is.
    """

    level: Level
    sentence: str
    detail: str = ""
    block_id: str | None = None
    field: str = ""
    remedies: tuple[Remedy, ...] = ()
    replacement: Replacement | None = None
    entry_id: int | None = None
    about: str = ""
    may_stand: bool = False
    check: str = ""
    mark: str = ""
    override: Override | None = None

    @property
    def blocks_sending(self) -> bool:
        """Tell whether it is an error that nobody has overridden."""
        return self.level is Level.ERROR and self.override is None

    @property
    def anchor(self) -> str:
        """The id of the place in the editor that it is about; empty where it is about no place there."""
        if self.block_id:
            return f"{self.block_id}-{self.field}" if self.field else f"block-{self.block_id}"
        return self.field


class Sentence(str):
    """A sentence in somebody's language that remembers the one it translates."""

    __slots__ = ("msgid",)
    msgid: str


@dataclass(frozen=True)
class Speaker:
    """Says sentences in the language of who reads the findings."""

    translate: languages.Translate

    @property
    def language(self) -> str:
        """The language it speaks."""
        return self.translate.language

    def __call__(self, msgid: str, **values: object) -> Sentence:
        """Say a sentence with its values put in."""
        return _remembering(self.translate(msgid, **values), msgid)

    def plural(self, singular: str, plural: str, n: int, **values: object) -> Sentence:
        """Say the form that fits `n`."""
        return _remembering(self.translate.plural(singular, plural, n, **values), singular)

    def filled(self, sentences: str) -> Sentence:
        """Say what had its values put in already."""
        return _remembering(self.translate.filled(sentences), sentences)


def _remembering(text: str, msgid: str) -> Sentence:
    sentence = Sentence(text)
    sentence.msgid = msgid
    return sentence


@dataclass(frozen=True)
class Look:
    """An issue under inspection, and who says what is found. What is costly is made once for all checks."""

    materials: Materials
    t: Speaker

    @property
    def teller(self) -> Teller:
        """Tells entries in the language of who reads the findings."""
        return Teller(self.t.language, self.materials.at)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The texts that were written freely."""
        return tuple(passages(self.materials))

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """What the free words of the issue speak of."""
        return named(self.materials)

    @cached_property
    def contents(self) -> dict[str, rendering.Content]:
        """Each edition, composed."""
        return {language: compose(self.materials, language) for language in self.materials.languages}

    @cached_property
    def letters(self) -> dict[str, rendering.Rendered]:
        """Each edition, set."""
        return {language: rendering.render(content) for language, content in self.contents.items()}

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses that the editions lead to, each with the words of the first link that has any.

        An address that stands in a text as it is counts too: mail programs make a link of it.
        """
        found: dict[str, str] = {}
        for letter in self.letters.values():
            for address, words in rendering.links(letter.html).items():
                found[address] = found.get(address) or words
        for passage in self.passages:
            for address in passage.addresses:
                found.setdefault(address, "")
        return found

    @cached_property
    def answers(self) -> dict[str, LinkAnswer]:
        """What the links to other sites answered when somebody looked last."""
        return answers_to(outside(self.links))

    def title(self, entry: Entry) -> str:
        """The title of an entry, ready to stand in quotation marks."""
        return in_quotes(entry.title(self.t.language), self.t.language)

    def name_of(self, language: str) -> str:
        """What a language is called."""
        return languages.language_name(language, self.t.language)

    def place(self, passage: Passage) -> str:
        """Name the place where a passage stands: Subject, Japanese."""
        name = KIND_NAMES[passage.block.kind] if passage.block else _LINES[passage.name]
        return self.t("%(field)s, %(language)s", field=self.t(name), language=self.name_of(passage.language))


@dataclass(frozen=True)
class Check:
    """One check: by which name it is kept, what it is called on the screen, and what it looks for."""

    key: str
    name: str
    look: Callable[[Look], Iterator[Finding]]


_LINES = {"subject": "Subject", "preheader": "Preheader"}
"""What each kind of block is called on the screen."""
