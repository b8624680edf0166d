"""The picker beside the editor: entries that can be put into an issue."""

from collections.abc import Collection
from dataclasses import dataclass

from newsletter import entries, issues, languages
from newsletter.entries import Entry
from newsletter.issues import Materials
from newsletter.web.dashboard.issue_lines import Line, Lines, Mark

_FOUND = 20


@dataclass(frozen=True)
class Candidate:
    """An entry to pick: how it is told in the page's language, what is to be known about it, and whether it is in."""

    id: int
    slug: str
    kind: str
    line: Line
    marks: tuple[Mark, ...]
    chosen: bool


def candidates(
    materials: Materials, language: str, text: str, kind: str
) -> list[tuple[str, list[Candidate]]]:
    """Show entries to pick: what was searched for, else what is new and what is coming."""
    t, lines = languages.translator(language), Lines(materials, language)
    if text or kind:
        found = entries.search(text, kind=kind or None, state="published", per_page=_FOUND).entries
        return [(t("Found"), _candidates(found, lines))]
    proposal = issues.entries_to_propose(materials.mailing_list)
    title = t("New")
    if proposal.since:
        number = languages.write_issue_number(proposal.since.number, language)
        title = t("New since %(number)s", number=number)
    groups = [(title, proposal.articles), (t("Coming events"), proposal.events)]
    return [(name, _candidates(found, lines)) for name, found in groups if found]


def _candidates(found: Collection[Entry], lines: Lines) -> list[Candidate]:
    told = issues.what_readers_know([entry.id for entry in found])
    chosen = {entry.id for _, entry in lines.materials.told()}
    return [
        Candidate(
            id=entry.id,
            slug=entry.slug,
            kind=lines.teller.kind_word(entry),
            line=lines.line(entry, lines.language),
            marks=tuple(lines.marks(entry, told[entry.id])),
            chosen=entry.id in chosen,
        )
        for entry in found
    ]
