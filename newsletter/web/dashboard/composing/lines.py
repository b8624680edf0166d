"""How the editor tells an entry: in a line, as readers of each language will find it, and by marks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from newsletter import issues, languages
from newsletter.entries import Entry
from newsletter.issues import Materials, Role, Teller, Told

_MOVED = {"days", "place", "online_place"}


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
class Lines:
    """Tells the entries of an issue, with marks in the language of the page."""

    materials: Materials
    language: str

    @property
    def teller(self) -> Teller:
        """Tells entries in the language of the page, as things stand when the issue goes out."""
        return Teller(self.language, self.materials.at)

    def in_all_languages(self, told: Collection[Entry]) -> tuple[tuple[Line, ...], ...]:
        """Tell each entry in every language of the issue."""
        return tuple(tuple(self.line(entry, code) for code in self.materials.languages) for entry in told)

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
        t = languages.translator(self.language)
        yield from self._of_its_life(entry)
        if not entry.is_published:
            yield Mark(t("not published"), "bad")
        yield from self._of_what_was_told(entry, [one for one in told if self._is_mine(one)])
        if len(set(entry.texts) & set(self.materials.languages)) == 1 < len(self.materials.languages):
            yield Mark(languages.only_in(next(iter(entry.texts)), self.language))

    def _is_mine(self, told: Told) -> bool:
        return told.list_id == self.materials.issue.list_id

    def _of_its_life(self, entry: Entry) -> Iterator[Mark]:
        t, teller = languages.translator(self.language), self.teller
        if entry.is_cancelled:
            yield Mark(t("cancelled"), "bad")
        elif teller.is_over(entry):
            yield Mark(t("over"), "bad")
        elif teller.is_closed(entry):
            yield Mark(t("registration closed"), "bad")
        elif teller.is_full(entry):
            yield Mark(t("full"), "bad")

    def _of_what_was_told(self, entry: Entry, mine: list[Told]) -> Iterator[Mark]:
        t = languages.translator(self.language)
        if not mine:
            if entry.is_event and not self.teller.is_over(entry):
                yield Mark(t("not sent yet"), "ok")
            return
        number = languages.write_issue_number(mine[-1].number, self.language)
        yield Mark(t("sent in %(number)s", number=number))
        if entry.is_event and _MOVED & set(issues.changed_since(entry, mine[-1])):
            yield Mark(t("moved since %(number)s", number=number), "warn")
        if issues.role_of(entry, self.materials.at) is Role.LAST_CALL:
            yield Mark(t("last call"), "accent")
