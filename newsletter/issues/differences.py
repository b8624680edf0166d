"""What differs between two versions of an issue: places that changed, blocks that came, went or moved, and words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from newsletter.issues.blocks import Block
from newsletter.issues.manuscripts import PREHEADER, SUBJECT, Manuscript, Place, parts

_WORD = re.compile(r"[a-zA-Z0-9À-ɏ’'_-]+|\s+|.", re.DOTALL)
_MOST_WORDS = 4000


class Change(StrEnum):
    """What became of a place."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """One place that differs. Where it is in a block, that is the block as it is now, or was before it was dropped."""

    change: Change
    place: Place
    before: Any
    after: Any
    block: Block | None = None


@dataclass(frozen=True)
class Piece:
    """Some words of a text: in both versions, or `ADDED` or `DROPPED`."""

    text: str
    change: Change | None = None


def differences(before: Manuscript, after: Manuscript) -> list[Difference]:
    """Tell how one manuscript differs from an earlier one: lines first, then blocks in order, then what was dropped."""
    return [
        *_lines(SUBJECT, before.subjects, after.subjects),
        *_lines(PREHEADER, before.preheaders, after.preheaders),
        *_blocks(before, after),
    ]


def _lines(name: str, before: Any, after: Any) -> Iterator[Difference]:
    for language in dict.fromkeys((*before, *after)):
        old, new = before.get(language, ""), after.get(language, "")
        if old != new:
            yield Difference(Change.CHANGED, (name, language), old, new)


def _blocks(before: Manuscript, after: Manuscript) -> Iterator[Difference]:
    old, new = before.by_id(), after.by_id()
    moved = _moved([one for one in old if one in new], [one for one in new if one in old])
    for block_id, block in new.items():
        if block_id not in old:
            yield Difference(Change.ADDED, (block_id,), None, block, block)
            continue
        if block_id in moved:
            yield Difference(Change.MOVED, (block_id,), old[block_id], block, block)
        yield from _parts(old[block_id], block)
    for block_id, block in old.items():
        if block_id not in new:
            yield Difference(Change.DROPPED, (block_id,), block, None, block)


def _moved(old: list[str], new: list[str]) -> set[str]:
    matches = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(new) - {one for match in matches for one in new[match.b : match.b + match.size]}


def _parts(old: Block, new: Block) -> Iterator[Difference]:
    before, after = parts(old), parts(new)
    for place in dict.fromkeys((*before, *after)):
        if before.get(place, "") != after.get(place, ""):
            yield Difference(
                Change.CHANGED, (new.id, *place), before.get(place, ""), after.get(place, ""), new
            )


def compare_words(before: str, after: str) -> list[Piece]:
    """Tell two texts apart word by word, Japanese ones character by character, very long ones line by line or as a whole."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > _MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(old) + len(new) > _MOST_WORDS:
        old, new = [before], [after]
    pieces: list[Piece] = []
    for same, a, b, c, d in _runs(old, new):
        if same:
            pieces.append(Piece("".join(old[a:b])))
            continue
        pieces += [Piece("".join(old[a:b]), Change.DROPPED)] if b > a else []
        pieces += [Piece("".join(new[c:d]), Change.ADDED)] if d > c else []
    return pieces


def _runs(old: list[str], new: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Find what is the same and what is not; a space between two changed words is changed with them."""
    runs: list[tuple[bool, int, int, int, int]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = tag == "equal" and not (runs and "".join(old[a:b]).isspace())
        if runs and runs[-1][0] == same:
            runs[-1] = (same, runs[-1][1], b, runs[-1][3], d)
        else:
            runs.append((same, a, b, c, d))
    return runs
