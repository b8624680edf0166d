"""Brings together what two people have made of the same version of an issue.

What only one of them changed is taken over by itself. What both changed, each in another way, is a clash, and waits for
somebody's choice: nothing is overwritten unasked.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from newsletter.issues.blocks import Block, Blocks
from newsletter.issues.manuscripts import ORDER, PREHEADER, SUBJECT, Manuscript, Place, parts, put_together

_UNKNOWN = object()
"""What stood in a place before, where nobody knows it any more: it equals nothing."""


@dataclass(frozen=True)
class Clash:
    """A place that both have changed; a block that one has dropped and the other changed is nothing on one side."""

    place: Place
    mine: Any
    theirs: Any

    @property
    def name(self) -> str:
        """Its place in one word, for a form."""
        return ".".join(self.place)

    @property
    def seen(self) -> str:
        """What the other side looks like, in short: a choice holds only while it looks the same."""
        return sha256(repr(self.theirs).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Choice:
    """Whose it shall be, and what the other side looked like to the person who chose (`Clash.seen`)."""

    mine: bool
    seen: str


@dataclass(frozen=True)
class Merged:
    """Both together. `taken` are the places that only the other side changed; in a clash that is open stands mine."""

    manuscript: Manuscript
    taken: tuple[Place, ...]
    clashes: tuple[Clash, ...]


def merge(
    base: Manuscript | None,
    mine: Manuscript,
    theirs: Manuscript,
    choices: Mapping[str, Choice] | None = None,
) -> Merged:
    """Merge two tidy manuscripts that grew out of `base`; where that is not known any more, all that differs is a clash."""
    work = _Work(choices or {})
    manuscript = Manuscript(
        subjects=work.lines(SUBJECT, base.subjects if base else None, mine.subjects, theirs.subjects),
        preheaders=work.lines(
            PREHEADER, base.preheaders if base else None, mine.preheaders, theirs.preheaders
        ),
        blocks=work.blocks(base, mine, theirs),
    )
    return Merged(manuscript, tuple(work.taken), tuple(work.clashes))


@dataclass
class _Work:
    choices: Mapping[str, Choice]
    taken: list[Place] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    def settle(self, place: Place, base: Any, mine: Any, theirs: Any) -> Any:
        """Return what stands in a place after the merge."""
        if theirs in (mine, base):
            return mine
        if mine == base:
            self.taken.append(place)
            return theirs
        clash = Clash(place, mine, theirs)
        choice = self.choices.get(clash.name)
        if choice and choice.seen == clash.seen:
            return mine if choice.mine else theirs
        self.clashes.append(clash)
        return mine

    def lines(
        self, name: str, base: Mapping[str, str] | None, mine: Mapping[str, str], theirs: Mapping[str, str]
    ) -> dict[str, str]:
        merged = {}
        for language in dict.fromkeys((*mine, *theirs, *(base or ()))):
            before = _UNKNOWN if base is None else base.get(language, "")
            merged[language] = self.settle(
                (name, language), before, mine.get(language, ""), theirs.get(language, "")
            )
        return {language: text for language, text in merged.items() if text}

    def blocks(self, base: Manuscript | None, mine: Manuscript, theirs: Manuscript) -> Blocks:
        before, my_own, their_own = base.by_id() if base else {}, mine.by_id(), theirs.by_id()
        kept: dict[str, Block] = {}
        for block_id in dict.fromkeys((*my_own, *their_own)):
            sides = before.get(block_id), my_own.get(block_id), their_own.get(block_id)
            block = self._block(block_id, *sides)
            if block is not None:
                kept[block_id] = block
        return tuple(kept[block_id] for block_id in self._order(base, mine, theirs) if block_id in kept)

    def _block(
        self, block_id: str, base: Block | None, mine: Block | None, theirs: Block | None
    ) -> Block | None:
        if mine is None or theirs is None:
            settled: Block | None = self.settle((block_id,), base, mine, theirs)
            return settled or mine or theirs if self._is_open(block_id) else settled
        before, my_parts, their_parts = parts(base) if base else None, parts(mine), parts(theirs)
        merged = {
            place: self.settle(
                (block_id, *place),
                _UNKNOWN if before is None else before.get(place, ""),
                my_parts.get(place, ""),
                their_parts.get(place, ""),
            )
            for place in dict.fromkeys((*my_parts, *their_parts))
        }
        return put_together(mine, merged)

    def _is_open(self, block_id: str) -> bool:
        return any(clash.place == (block_id,) for clash in self.clashes)

    def _order(self, base: Manuscript | None, mine: Manuscript, theirs: Manuscript) -> list[str]:
        """Arrange the blocks as the side that has moved any does; the other's new ones follow what they followed."""
        my_ids, their_ids = _ids(mine), _ids(theirs)
        both = [one for one in my_ids if one in set(their_ids)]
        before = _ids(base) if base else None
        order = self.settle(
            (ORDER,),
            _UNKNOWN if before is None else _among(both, before),
            _among(both, my_ids),
            _among(both, their_ids),
        )
        mine_leads = order != _among(both, their_ids)
        return _interleaved(*((my_ids, their_ids) if mine_leads else (their_ids, my_ids)))


def _ids(manuscript: Manuscript) -> list[str]:
    return [block.id for block in manuscript.blocks]


def _among(some: Iterable[str], ids: Iterable[str]) -> tuple[str, ...]:
    wanted = set(some)
    return tuple(one for one in ids if one in wanted)


def _interleaved(lead: list[str], other: list[str]) -> list[str]:
    merged = list(lead)
    for place, block_id in enumerate(other):
        if block_id not in merged:
            merged.insert(_behind(merged, reversed(other[:place])), block_id)
    return merged


def _behind(merged: list[str], ones_before: Iterator[str]) -> int:
    return next((merged.index(one) + 1 for one in ones_before if one in merged), 0)
