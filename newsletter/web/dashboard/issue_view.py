"""What the editor's page shows of an issue: blocks with their fields and findings, and entries to pick from."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from newsletter import entries, issues, languages, settings
from newsletter.entries import Entry
from newsletter.issues import Block, Finding, Kind, Materials, Role, Teller, Told

_LONG = frozenset({(Kind.TEXT, "body"), (Kind.QUOTE, "text"), (Kind.CALL, "text")})
_FOUND = 20


@dataclass(frozen=True)
class Field:
    """One text of a block in one language. `rows` is how high its field is; `missing` says that another language has it."""

    name: str
    label: str
    language: str
    value: str
    rows: int
    missing: bool
    address: bool


@dataclass(frozen=True)
class Line:
    """An entry as one language tells it: title, the language it is in, its label, and when and where."""

    title: str
    language: str
    label: str
    when: str


@dataclass(frozen=True)
class Mark:
    """A short fact about an entry, and the colour it has."""

    words: str
    kind: str = ""


@dataclass(frozen=True)
class Candidate:
    """An entry to pick: how it is told in the page's language, what is to be known about it, and whether it is in."""

    id: int
    slug: str
    kind: str
    line: Line
    marks: tuple[Mark, ...]
    chosen: bool


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

    def blocks(self, findings: Collection[Finding]) -> list[BlockView]:
        """Show the blocks in order, each with what was found about it."""
        told = issues.what_readers_know([entry.id for _, entry in self.materials.told()])
        last = len(self.materials.blocks) - 1
        return [
            self._block(
                block, [one for one in findings if one.block_id == block.id], told, place == 0, place == last
            )
            for place, block in enumerate(self.materials.blocks)
        ]

    def _block(
        self, block: Block, findings: list[Finding], told: Mapping[int, list[Told]], first: bool, last: bool
    ) -> BlockView:
        own = self.materials.entries_of(block)
        marks = tuple(self.marks(own[0], told[own[0].id])) if own and block.kind is Kind.ENTRY else ()
        over = bool(own) and self._teller.is_over(own[0])
        return BlockView(
            block=block,
            name=self._name(block, own),
            fields=tuple(self._row(block, name) for name in issues.FIELDS[block.kind]),
            entries=self._lines(own),
            fitting=self.materials.fitting.get(block.id, 0),
            marks=marks,
            findings=tuple(findings),
            first=first,
            last=last,
            over=over,
        )

    def _lines(self, told: Collection[Entry]) -> tuple[tuple[Line, ...], ...]:
        return tuple(tuple(self.line(entry, code) for code in self.materials.languages) for entry in told)

    def list_of(self, block_id: str) -> ListView:
        """Show what an entry list takes."""
        return ListView(self._lines(self.materials.chosen[block_id]), self.materials.fitting[block_id])

    def rule_words(self) -> RuleWords:
        """Say what can be chosen for an entry list."""
        topics = [(topic.slug, topic.title(self.language)) for topic in settings.topics()]
        return RuleWords(self._said(_KINDS), topics, self._said(_WINDOWS), self._said(_ORDERS))

    def _said(self, words: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(value, self.t(sentence)) for value, sentence in words.items()]

    def _name(self, block: Block, own: tuple[Entry, ...]) -> str:
        if block.kind is Kind.ENTRY and own:
            return self._teller.kind_word(own[0])
        return self.t(issues.KIND_NAMES[block.kind])

    def _row(self, block: Block, name: str) -> tuple[Field, ...]:
        anywhere = any(block.text(name, language).strip() for language in self.materials.languages)
        return tuple(
            Field(
                name=f"{block.id}.{name}.{language}",
                label=languages.translator(language)(
                    "%(field)s, %(language)s",
                    field=languages.translator(language)(_LABELS[name]),
                    language=languages.language_name(language, language),
                ),
                language=language,
                value=block.text(name, language),
                rows=_rows(block, name, language),
                missing=anywhere and not block.text(name, language).strip(),
                address=name == "url",
            )
            for language in self.materials.languages
        )

    @property
    def _teller(self) -> Teller:
        return Teller(self.language, self.materials.at)

    def line(self, entry: Entry, language: str) -> Line:
        """Tell an entry in a line, as readers of a language will find it."""
        teller = Teller(language, self.materials.at)
        text, shown = entry.text(language)
        place = teller.place(entry)
        when = ("、" if language == "ja" else ", ").join(part for part in (teller.when(entry), place) if part)
        label = languages.only_in(shown, language) if shown != language else ""
        return Line(text.title, shown, label, when)

    def marks(self, entry: Entry, told: list[Told]) -> Iterator[Mark]:
        """Say what an editor should know before telling an entry."""
        t, teller = self.t, self._teller
        mine = [one for one in told if one.list_id == self.materials.issue.list_id]
        if entry.is_cancelled:
            yield Mark(t("cancelled"), "bad")
        elif teller.is_over(entry):
            yield Mark(t("over"), "bad")
        elif teller.is_closed(entry):
            yield Mark(t("registration closed"), "bad")
        if not entry.is_published:
            yield Mark(t("not published"), "bad")
        if mine:
            number = languages.write_issue_number(mine[-1].number, self.language)
            yield Mark(t("sent in %(number)s", number=number))
        elif entry.is_event:
            yield Mark(t("not sent yet"), "ok")
        if mine and issues.role_of(entry, self.materials.at) is Role.LAST_CALL:
            yield Mark(t("last call"), "accent")
        if len(set(entry.texts) & set(self.materials.languages)) == 1 < len(self.materials.languages):
            yield Mark(languages.only_in(next(iter(entry.texts)), self.language))

    # The picker

    def candidates(self, text: str, kind: str) -> list[tuple[str, list[Candidate]]]:
        """Show entries to pick: what was searched for, else what is new and what is coming."""
        if text or kind:
            found = entries.search(text, kind=kind or None, state="published", per_page=_FOUND).entries
            return [(self.t("Found"), self._candidates(found))]
        proposal = issues.entries_to_propose(self.materials.mailing_list)
        title = self.t("New")
        if proposal.since:
            number = languages.write_issue_number(proposal.since.number, self.language)
            title = self.t("New since %(number)s", number=number)
        groups = [(title, proposal.articles), (self.t("Coming events"), proposal.events)]
        return [(name, self._candidates(found)) for name, found in groups if found]

    def _candidates(self, found: Collection[Entry]) -> list[Candidate]:
        told = issues.what_readers_know([entry.id for entry in found])
        chosen = {entry.id for _, entry in self.materials.told()}
        return [
            Candidate(
                id=entry.id,
                slug=entry.slug,
                kind=self._teller.kind_word(entry),
                line=self.line(entry, self.language),
                marks=tuple(self.marks(entry, told[entry.id])),
                chosen=entry.id in chosen,
            )
            for entry in found
        ]


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
_LABELS = {
    "text": "Text",
    "body": "Text",
    "title": "Title",
    "label": "Words on the button",
    "url": "Web address",
    "source": "Who said it",
    "alt": "What the picture shows",
    "caption": "Caption",
}
