"""The picker beside the editor: entries that can be put into an issue, found, marked, and many chosen at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from newsletter import entries, issues, languages, settings
from newsletter.accounts import Role
from newsletter.entries import Entry
from newsletter.issues import Materials, When, Wish
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.lines import Line, Lines, Mark
from newsletter.web.dashboard.desk import blueprint

_MOST_PAGES = 50
_MOST_PICKS = 200


@dataclass(frozen=True)
class Candidate:
    """An entry to pick: how it is told in the page's language, what is to be known about it, whether it is in, and ticked."""

    id: int
    slug: str
    kind: str
    line: Line
    marks: tuple[Mark, ...]
    chosen: bool
    ticked: bool


@dataclass(frozen=True)
class Group:
    """Some candidates under a heading; `total` counts all there are of them, and `when` shows these."""

    title: str
    candidates: list[Candidate]
    total: int
    when: str = ""


@dataclass(frozen=True)
class Picker:
    """What the picker shows: the wish that was typed, the choices it can be made of, and what was found."""

    wish: Wish
    groups: list[Group]
    kinds: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    times: list[tuple[str, str]]
    more: bool
    ticked: int


def wish_of(values: Mapping[str, str]) -> Wish:
    """Read what is looked for; words that mean nothing here ask for nothing."""
    kind, when, pages = values.get("kind", ""), values.get("when", ""), values.get("pages", "1")
    return Wish(
        text=values.get("find", "").strip()[:200],
        kind=kind if kind in set(entries.Kind) else "",
        topic=values.get("topic", ""),
        when=When(when) if when in set(When) else When.ANY,
        pages=max(1, min(int(pages[:3]) if pages.isdecimal() else 1, _MOST_PAGES)),
    )


def picks_of(values: MultiDict[str, str]) -> tuple[int, ...]:
    """Read which entries are ticked."""
    ticked = [int(word) for word in values.getlist("pick") if word.isdecimal() and len(word) < 10]  # noqa: PLR2004 - no number of ours is longer
    return tuple(dict.fromkeys(ticked))[:_MOST_PICKS]


def as_arguments(form: MultiDict[str, str], verb: str, what: str) -> dict[str, Any]:
    """Return the arguments with which the page shows the picker as it was, after a button was pressed."""
    wish = wish_of(form)
    pages = wish.pages + 1 if verb == "more" else wish.pages if verb != "find" else 1
    when = what if verb == "show" else wish.when.value
    return {
        "find": wish.text or None,
        "kind": wish.kind or None,
        "topic": wish.topic or None,
        "when": when or None,
        "pages": pages if pages > 1 else None,
        "pick": None if verb == "add-entries" else list(picks_of(form)),
    }


@blueprint.get("/issues/<int:issue_id>/picker")
@guard.needs(Role.EDITOR)
def show_picker(issue_id: int) -> str:
    """Show what was found, for a script that asks while somebody types."""
    found = issues.issue(issue_id)
    return render_template(
        "dashboard/issue_picker_found.html",
        picker=picker(issues.gather(found), frame.language(), request.args),
    )


def picker(materials: Materials, language: str, values: MultiDict[str, str]) -> Picker:
    """Show entries to pick: what is looked for, else what is new and what is coming."""
    t, lines, wish = languages.translator(language), Lines(materials, language), wish_of(values)
    ticked = set(picks_of(values)) - {entry.id for _, entry in materials.told()}
    groups = _proposed(lines, ticked) if wish.is_nothing else [_found(wish, lines, ticked)]
    shown = {one.id for group in groups for one in group.candidates}
    kept = _candidates(entries.by_ids(sorted(ticked - shown)), lines, ticked)
    if kept:
        groups = [Group(t("Ticked"), kept, len(kept)), *groups]
    return Picker(
        wish=wish,
        groups=groups,
        kinds=[(value, t(words)) for value, words in _KINDS.items()],
        topics=[(topic.slug, topic.title(language)) for topic in settings.topics()],
        times=[(value, t(words)) for value, words in _TIMES.items()],
        more=not wish.is_nothing and groups[-1].total > len(groups[-1].candidates),
        ticked=len(ticked),
    )


def _found(wish: Wish, lines: Lines, ticked: Collection[int]) -> Group:
    t, page = languages.translator(lines.language), issues.pick(wish, lines.materials.issue.list_id)
    number = languages.write_number(page.total, lines.language)
    return Group(t("Found: %(n)s", n=number), _candidates(page.entries, lines, ticked), page.total)


def _proposed(lines: Lines, ticked: Collection[int]) -> list[Group]:
    t = languages.translator(lines.language)
    proposal = issues.entries_to_propose(lines.materials.mailing_list)
    title = t("New")
    if proposal.since:
        number = languages.write_issue_number(proposal.since.number, lines.language)
        title = t("New since %(number)s", number=number)
    coming = issues.pick(Wish(when=When.COMING), lines.materials.issue.list_id).total
    groups = (
        Group(title, _candidates(proposal.articles, lines, ticked), len(proposal.articles), When.NEW.value),
        Group(t("Coming events"), _candidates(proposal.events, lines, ticked), coming, When.COMING.value),
    )
    return [group for group in groups if group.candidates]


def _candidates(found: Collection[Entry], lines: Lines, ticked: Collection[int]) -> list[Candidate]:
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
            ticked=entry.id in ticked,
        )
        for entry in found
    ]


_KINDS = {"": "All kinds", "event": "Events", "news": "News", "analysis": "Analysis"}
_TIMES = {
    "": "Any time",
    "new": "Since the last issue, never sent",
    "coming": "Coming",
    "past": "Past",
}
