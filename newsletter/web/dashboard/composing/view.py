"""What the editor's page shows of an issue: the lines for inboxes, and blocks with their fields and findings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from newsletter import issues, languages, settings
from newsletter.entries import Entry
from newsletter.issues import Block, Finding, Kind, Materials, Told
from newsletter.web.dashboard.composing.block_view import in_rows, reader_marks
from newsletter.web.dashboard.composing.lines import Line, Lines, Mark

_LONG = frozenset({(Kind.TEXT, "body"), (Kind.QUOTE, "text"), (Kind.CALL, "text")})
_RICH = frozenset({(Kind.TEXT, "body")})


@dataclass(frozen=True)
class Field:
    """One text of a block in one language: `rows` is how high its field is, `missing` that another language has it, `rich` that it is no plain text."""

    name: str
    label: str
    language: str
    value: str
    rows: int
    missing: bool
    address: bool
    rich: bool = False


@dataclass(frozen=True)
class ListView:
    """What an entry list takes now: the entries, each as every language tells it, of the `fitting` that its rule lets in."""

    entries: tuple[tuple[Line, ...], ...]
    fitting: int


@dataclass(frozen=True)
class RuleWords:
    """What can be chosen for an entry list, each as pairs of value and words."""

    kinds: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    windows: list[tuple[str, str]]
    orders: list[tuple[str, str]]


@dataclass(frozen=True)
class BlockView:
    """A block on the page: its name, its fields row by row, the entries it tells, and what is wrong with it."""

    block: Block
    name: str
    fields: tuple[tuple[Field, ...], ...]
    entries: tuple[tuple[Line, ...], ...]
    fitting: int
    marks: tuple[Mark, ...]
    findings: tuple[Finding, ...]
    first: bool
    last: bool
    over: bool
    place: int = 0
    left: "tuple[BlockView, ...]" = ()
    right: "tuple[BlockView, ...]" = ()

    @property
    def errors(self) -> bool:
        """Tell whether something in it blocks sending."""
        return bool(issues.errors_of(self.findings))


@dataclass(frozen=True)
class View:
    """Writes what the page shows, in its language."""

    materials: Materials
    language: str

    @property
    def t(self) -> languages.Translate:
        """Say a sentence in the page's language."""
        return languages.translator(self.language)

    def lines_in_inboxes(self) -> list[Field]:
        """Show what inboxes show of each edition: all subjects, then all preheaders."""
        issue = self.materials.issue
        return [
            Field(
                name=f"{name}-{language}",
                label=_label(words, language),
                language=language,
                value=kept.get(language, ""),
                rows=2,
                missing=not kept.get(language),
                address=False,
            )
            for name, words, kept in (
                ("subject", "Subject", issue.subjects),
                ("preheader", "Preheader", issue.preheaders),
            )
            for language in self.materials.languages
        ]

    def inbox_names(self) -> dict[str, str]:
        """Say of each edition, in its own language, that this is how inboxes show it."""
        return {code: _inbox_name(languages.translator(code)) for code in self.materials.languages}

    def blocks(self, findings: Collection[Finding]) -> list[BlockView]:
        """Show the blocks in order, each with what was found about it."""
        told = issues.what_readers_know([entry.id for _, entry in self.materials.told()])
        by_block: dict[str | None, list[Finding]] = {}
        for one in findings:
            by_block.setdefault(one.block_id, []).append(one)
        shown = (self._block(block, by_block.get(block.id, []), told) for block in self.materials.blocks)
        return in_rows(shown)

    def _block(self, block: Block, findings: list[Finding], told: Mapping[int, list[Told]]) -> BlockView:
        own = self.materials.entries_of(block)
        marks = tuple(reader_marks(block, self.materials.languages, self.language))
        if own and block.kind is Kind.ENTRY:
            marks += tuple(self._lines.marks(own[0], told[own[0].id]))
        over = bool(own) and self._lines.teller.is_over(own[0])
        return BlockView(
            block=block,
            name=self._name(block, own),
            fields=tuple(
                field_row(block, name, self.materials.languages) for name in issues.FIELDS[block.kind]
            ),
            entries=self._lines.in_all_languages(own),
            fitting=self.materials.fitting.get(block.id, 0),
            marks=marks,
            findings=tuple(findings),
            first=False,
            last=False,
            over=over,
        )

    def list_of(self, block_id: str) -> ListView:
        """Show what an entry list takes."""
        return ListView(
            self._lines.in_all_languages(self.materials.chosen[block_id]), self.materials.fitting[block_id]
        )

    def rule_words(self) -> RuleWords:
        """Say what can be chosen for an entry list."""
        topics = [(topic.slug, topic.title(self.language)) for topic in settings.topics()]
        return RuleWords(self._said(_KINDS), topics, self._said(_WINDOWS), self._said(_ORDERS))

    def _said(self, words: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(value, self.t(sentence)) for value, sentence in words.items()]

    def _name(self, block: Block, own: tuple[Entry, ...]) -> str:
        if block.kind is Kind.ENTRY and own:
            return self._lines.teller.kind_word(own[0])
        return self.t(issues.KIND_NAMES[block.kind])

    @property
    def _lines(self) -> Lines:
        return Lines(self.materials, self.language)


def name_of_field(name: str) -> str:
    """Return what a text of a block is called, in English."""
    return LABELS[name]


def field_row(block: Block, name: str, codes: tuple[str, ...]) -> tuple[Field, ...]:
    """Show one text of a block in each language; where the block is hidden, none is missed."""
    return tuple(
        Field(
            name=f"{block.id}.{name}.{language}",
            label=_label(LABELS[name], language),
            language=language,
            value=block.text(name, language),
            rows=_rows(block, name, language),
            missing=issues.is_missing(block, name, language, codes),
            address=name == "url",
            rich=(block.kind, name) in _RICH,
        )
        for language in codes
    )


def _label(words: str, language: str) -> str:
    """Label a field in the language that is to be written in it."""
    t = languages.translator(language)
    return t("%(field)s, %(language)s", field=t(words), language=languages.language_name(language, language))


def _inbox_name(t: languages.Translate) -> str:
    return t("In the inbox, %(language)s", language=languages.language_name(t.language, t.language))


def _rows(block: Block, name: str, language: str) -> int:
    if (block.kind, name) not in _LONG:
        return 1
    width = 22 if language == "ja" else 44
    lines = sum(1 + len(line) // width for line in block.text(name, language).splitlines())
    return max(3, min(lines + 1, 16))


_KINDS = {"event": "Events", "news": "News", "analysis": "Analysis"}
_WINDOWS = {
    "issue": "since the last issue, and all that is coming",
    "month": "a month back or ahead",
    "quarter": "three months back or ahead",
    "year": "a year back or ahead",
    "any": "any date",
}
_ORDERS = {
    "usual": "events first, then the newest",
    "newest": "newest first",
    "oldest": "oldest first",
    "title": "by title",
}
LABELS = {
    "text": "Text",
    "body": "Text",
    "title": "Title",
    "label": "Words on the button",
    "url": "Web address",
    "source": "Who said it",
    "alt": "What the picture shows",
    "caption": "Caption",
}
