"""What the comments' page shows: threads by what they are about, and what somebody typed that was not kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsletter import issues
from newsletter.issues import Issue, Kind, Thread
from newsletter.web import frame


@dataclass(frozen=True)
class Group:
    """The threads about one block, or about the issue as a whole; `place` is where the block stands, none once dropped."""

    block_id: str
    title: str
    words: str
    place: int | None
    threads: tuple[Thread, ...]


@dataclass(frozen=True)
class Refused:
    """What somebody typed that was not kept, where they typed it, and why."""

    place: str
    words: str
    sentence: str


def in_its_place(refused: Refused, found: Issue, block_id: str | None) -> tuple[Refused, str | None]:
    """Return what was refused where it can be said again: at the issue as a whole if its own place is gone."""
    if not refused.place or refused.place in _places(found):
        return refused, block_id
    return replace(refused, place="new-"), None


def _places(found: Issue) -> set[str]:
    """Name where something can be said about an issue as it is now."""
    said = issues.threads(found.id)
    places = {f"new-{block.id}" for block in found.pieces} | {"new-"}
    places |= {f"answer-{thread.first.id}" for thread in said}
    return places | {f"reword-{one.id}" for thread in said for one in (thread.first, *thread.answers)}


def groups(found: Issue, only: str | None) -> list[Group]:
    """Part the threads by what they are about; `only` a block, the issue as a whole (empty), or all."""
    return [one for one in _groups(found, only) if one.threads or one.block_id == (only or "")]


def _groups(found: Issue, only: str | None) -> Iterator[Group]:
    """Give those about the issue first, then block by block in its order, at last those of dropped blocks."""
    by_block: dict[str, list[Thread]] = {}
    for thread in issues.threads(found.id):
        by_block.setdefault(thread.first.block_id, []).append(thread)
    t = frame.translate()
    if not only:
        yield Group("", t("The issue as a whole"), "", None, tuple(by_block.pop("", [])))
    for place, block in enumerate(found.pieces, start=1):
        mine = tuple(by_block.pop(block.id, []))
        if only is None or only == block.id:
            title = t("Block %(n)s, %(kind)s", n=place, kind=t(issues.KIND_NAMES[block.kind]))
            yield Group(block.id, title, mine[0].first.block_words if mine else "", place, mine)
    for block_id, threads in by_block.items():
        if block_id and (only is None or only == block_id):
            kind = t(issues.KIND_NAMES[Kind(threads[0].first.block_kind)])
            title = t("A block that was dropped, %(kind)s", kind=kind)
            yield Group(block_id, title, threads[0].first.block_words, None, tuple(threads))
