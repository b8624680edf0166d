"""Setting right what readers were told: which events have changed since an issue told them, and the letter that says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter import audience, entries, languages
from newsletter.entries import Day, Entry
from newsletter.issues import mentions
from newsletter.issues.blocks import Blocks, Kind, new_block
from newsletter.issues.cards import in_quotes
from newsletter.issues.drafting import OPEN, begin, issues
from newsletter.issues.mentions import Told, changed_since, what_readers_know
from newsletter.issues.rules import Layout
from newsletter.issues.tables import Issue


@dataclass(frozen=True)
class Outdated:
    """An event that the readers of a list know otherwise: by the last issue that told it, and in what it differs.

    `correction` is an issue of that list that is being written, or waits for its time, and tells the event anew.
    """

    entry: Entry
    told: Told
    changed: tuple[str, ...]
    correction: Issue | None

    @property
    def what(self) -> str:
        """Say in a word what happened: `cancelled`, `reinstated`, `days`, `other`."""
        if "cancelled" in self.changed:
            return "cancelled" if self.entry.is_cancelled else "reinstated"
        return "days" if "days" in self.changed else "other"

    @property
    def is_grave(self) -> bool:
        """Tell whether readers would stand before a closed door."""
        return self.what != "other"


def outdated(entry_id: int | None = None) -> list[Outdated]:
    """Return what readers know otherwise of events to come, or of one of them; the soonest first."""
    known = what_readers_know(mentions.events_told() if entry_id is None else [entry_id])
    events = sorted(entries.by_ids(known), key=lambda entry: (entry.over_at is None, entry.over_at))
    open_issues = issues(*OPEN) if known else []
    return [one for entry in events for one in _outdated(entry, known[entry.id], open_issues)]


def _outdated(entry: Entry, told: list[Told], open_issues: list[Issue]) -> Iterator[Outdated]:
    last = {one.list_id: one for one in told}
    for one in last.values():
        changed = tuple(changed_since(entry, one))
        if changed:
            telling = [
                found for found in open_issues if found.list_id == one.list_id and _tells(found, entry)
            ]
            telling.sort(key=lambda found: found.corrects != entry.id)  # one begun for it before any other
            yield Outdated(entry, one, changed, next(iter(telling), None))


def _tells(found: Issue, entry: Entry) -> bool:
    return any(block.entry == entry.id for block in found.pieces)


def settle(entry_id: int, list_id: int) -> None:
    """Leave it at what the readers of a list know; the next change asks again. Raises `NotFound`."""
    mentions.settle(entries.get(entry_id), list_id)


def correct(entry_id: int, list_id: int, by: str = "") -> Issue:
    """Begin an issue of a list that says how an event has changed since its readers were told.

    What begins is a draft like any other. Where nothing has changed it only tells the event. Raises `NotFound`.
    """
    entry, mailing_list = entries.get(entry_id), audience.mailing_list(list_id)
    told = next((one for one in reversed(mentions.told(entry_id)) if one.list_id == list_id), None)
    changed = changed_since(entry, told) if told else []
    words = {code: _Correction(entry, told, changed, code) for code in mailing_list.languages}
    return begin(
        mailing_list,
        subjects={code: one.subject() for code, one in words.items()},
        preheaders={code: one.preheader() for code, one in words.items()},
        blocks=_blocks({code: one.body() for code, one in words.items()}, entry),
        corrects=entry.id,
        by=by,
    )


def _blocks(bodies: Mapping[str, str], entry: Entry) -> Blocks:
    texts = {language: {"body": body} for language, body in bodies.items()}
    return new_block(Kind.TEXT, texts=texts), new_block(Kind.ENTRY, entry=entry.id, layout=Layout.FEATURE)


@dataclass(frozen=True)
class _Correction:
    """The words of a correction in one language."""

    entry: Entry
    told: Told | None
    changed: list[str]
    language: str

    @property
    def _t(self) -> languages.Translate:
        return languages.translator(self.language)

    @property
    def _title(self) -> str:
        return self.entry.title(self.language)

    def subject(self) -> str:
        """Say the worst in a line."""
        if self.entry.is_cancelled:
            return self._t("Cancelled: %(title)s", title=self._title)
        if "days" in self.changed:
            moved = self._dates(self.entry.days) != self._dates(self._days_before)
            sentence = "New date: %(title)s, %(days)s" if moved else "New time: %(title)s, %(days)s"
            return self._t(sentence, title=self._title, days=self._dates(self.entry.days))
        if "place" in self.changed or "online_place" in self.changed:
            return self._t("New venue: %(title)s", title=self._title)
        return self._t("Changed: %(title)s", title=self._title)

    def preheader(self) -> str:
        """Say why the reader gets this."""
        if self.told is None:
            return ""
        number = languages.write_issue_number(self.told.number, self.language)
        return self._t("This sets right what we told you in %(number)s.", number=number)

    def body(self) -> str:
        """Say what we said, and how it is now."""
        title = in_quotes(self._title, self.language)
        first = self._t("We told you of “%(title)s”.", title=title)
        if self.told is not None:
            number = languages.write_issue_number(self.told.number, self.language)
            first = self._t("In %(number)s we told you of “%(title)s”.", number=number, title=title)
        space = "" if self.language == "ja" else " "
        return space.join([first, *self._news()])

    def _news(self) -> Iterator[str]:
        old, now = self._written(self._days_before), self._written(self.entry.days)
        if self.entry.is_cancelled:
            yield self._t("It was to take place on %(days)s and has been cancelled.", days=old or now)
            return
        if "cancelled" in self.changed:
            yield self._t("It takes place after all.")
        if "days" in self.changed:
            yield self._t("It now takes place on %(now)s, not on %(old)s.", now=now, old=old)
        venue, _ = self.entry.fact("venue", self.language)
        if "place" in self.changed and venue:
            yield self._t("The venue is now %(place)s.", place=venue)

    @property
    def _days_before(self) -> tuple[Day, ...]:
        facts = (self.told and (self.told.facts_in.get(self.language) or self.told.facts)) or {}
        return entries.days_from(facts.get("days") or [])

    def _written(self, days: tuple[Day, ...]) -> str:
        return entries.write_days_of(days, self.language) if days else ""

    def _dates(self, days: tuple[Day, ...]) -> str:
        return languages.write_dates([day.date for day in days], self.language, year=False)
