"""Saves that lose nothing: merged with what others saved meanwhile, undone, redone, and brought back."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from newsletter.errors import Conflict
from newsletter.issues.drafting import issue, refuse_late, save
from newsletter.issues.manuscripts import Manuscript, Place, manuscript_of
from newsletter.issues.merging import Choice, Clash, Merged, merge
from newsletter.issues.tables import Issue
from newsletter.issues.versions import Deed, Step, base_of, steps, version, version_before

_TRIES = 5
ONE_GO = timedelta(seconds=3)
"""Saves of one text by one person that follow each other within this time are undone together."""


@dataclass(frozen=True)
class Brought:
    """What became of a save: merged with what `others` saved meanwhile, or, where there are clashes, not saved yet."""

    issue: Issue
    taken: tuple[Place, ...] = ()
    clashes: tuple[Clash, ...] = ()
    others: tuple[str, ...] = ()


def bring_in(
    issue_id: int,
    seen: int,
    mine: Manuscript,
    *,
    by: str,
    tag: str = "",
    unanswered: Collection[str] = (),
    choices: Mapping[str, Choice] | None = None,
) -> Brought:
    """Save what somebody made of the version they have `seen`, together with what others saved since.

    Nothing is saved while there are clashes that `choices` do not settle, nor where nothing differs. Raises `Conflict`
    where the issue is no longer open, and `Invalid` where a text is too long.
    """
    mine = mine.tidy()
    for _ in range(_TRIES):
        found = refuse_late(issue(issue_id))
        theirs = manuscript_of(found)
        merged = merge(base_of(issue_id, seen, unanswered), mine, theirs, choices)
        others = _others(issue_id, seen, by) if merged.taken or merged.clashes else ()
        if merged.clashes or merged.manuscript == theirs:
            return Brought(found, merged.taken, merged.clashes, others)
        try:
            saved = _save(found, merged.manuscript, by, tag=tag)
        except Conflict:
            continue  # somebody was faster between the look and the save: merge with theirs, too
        return Brought(saved, merged.taken, (), others)
    raise Conflict("Others save this issue at this very moment. Save again.")


def _save(
    found: Issue,
    manuscript: Manuscript,
    by: str,
    *,
    deed: Deed = Deed.EDIT,
    target: int | None = None,
    tag: str = "",
) -> Issue:
    return save(
        found.id,
        found.version,
        subjects=manuscript.subjects,
        preheaders=manuscript.preheaders,
        blocks=manuscript.blocks,
        by=by,
        deed=deed,
        target=target,
        tag=tag,
    )


def _others(issue_id: int, seen: int, by: str) -> tuple[str, ...]:
    since = [step.by for step in steps(issue_id) if step.number > seen]
    return tuple(dict.fromkeys(name for name in since if name and name != by))


# Undo and redo


Run = tuple[int, int]
"""The first and the last of some versions that are undone together."""


@dataclass(frozen=True)
class Ways:
    """What one person can undo and redo, the next one last."""

    back: tuple[Run, ...]
    forth: tuple[Run, ...]


def ways(issue_id: int, by: str) -> Ways:
    """Tell what somebody can undo and redo: their own changes, never another person's."""
    every = steps(issue_id)
    together = set(_in_one_go(every))
    back: list[Run] = []
    forth: list[Run] = []
    for step in every:
        if step.by != by or step.deed is Deed.BEGIN:
            continue
        if step.deed in (Deed.UNDO, Deed.REDO):
            source, goal = (back, forth) if step.deed is Deed.UNDO else (forth, back)
            _turn(source, goal, step.target)
            continue
        forth.clear()
        if step.number in together and back:
            back[-1] = (back[-1][0], step.number)
        else:
            back.append((step.number, step.number))
    return Ways(tuple(back), tuple(forth))


def _turn(source: list[Run], goal: list[Run], target: int | None) -> None:
    run = next((one for one in reversed(source) if one[0] == target), None)
    if run:
        source.remove(run)
        goal.append(run)


def _in_one_go(every: list[Step]) -> Iterator[int]:
    """Find the saves that only carry on the one right before them."""
    for before, this in pairwise(every):
        same = before.deed is this.deed is Deed.EDIT and before.by == this.by
        if same and before.place == this.place != "" and this.at - before.at < ONE_GO:
            yield this.number


def undo(issue_id: int, by: str, tag: str = "") -> Issue:
    """Undo the last change of a person, and leave what others did since. Raises `Conflict` where they changed the same."""
    return _step(issue_id, by, Deed.UNDO, tag)


def redo(issue_id: int, by: str, tag: str = "") -> Issue:
    """Do again what a person undid last. Raises `Conflict`."""
    return _step(issue_id, by, Deed.REDO, tag)


def _step(issue_id: int, by: str, deed: Deed, tag: str) -> Issue:
    found = refuse_late(issue(issue_id))
    open_ways = ways(issue_id, by)
    runs = open_ways.back if deed is Deed.UNDO else open_ways.forth
    before = version_before(issue_id, runs[-1][0]) if runs else None
    if not before:
        return found
    after = version(issue_id, runs[-1][1])
    source, goal = (after, before) if deed is Deed.UNDO else (before, after)
    merged = merge(source.manuscript, goal.manuscript, manuscript_of(found))
    _refuse_clashes(merged)
    return _save(found, merged.manuscript, by, deed=deed, target=runs[-1][0], tag=tag)


def _refuse_clashes(merged: Merged) -> None:
    if merged.clashes:
        raise Conflict(
            "Somebody else has changed the same since, so it cannot be undone by itself. The history has every version."
        )


def restore(issue_id: int, number: int, by: str) -> Issue:
    """Bring an earlier version back, as a new one. Raises `Conflict` and `NotFound`."""
    found = refuse_late(issue(issue_id))
    return _save(found, version(issue_id, number).manuscript, by, deed=Deed.RESTORE, target=number)
