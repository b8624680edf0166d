"""What lies on the table when an issue is composed: its list, the publisher, and the entries its blocks speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter import audience, clock, entries, settings
from newsletter.entries import Entry
from newsletter.issues.blocks import Block, Blocks, Kind
from newsletter.issues.choosing import by_rule
from newsletter.issues.tables import Issue


@dataclass(frozen=True)
class Materials:
    """An issue with everything that its composition needs, read once for all languages.

    `chosen` are the entries that each entry list takes, of the `fitting` that its rule would let in.
    """

    issue: Issue
    blocks: Blocks
    mailing_list: audience.MailingList
    publication: settings.Publication
    entries: Mapping[int, Entry]
    chosen: Mapping[str, tuple[Entry, ...]]
    fitting: Mapping[str, int]
    at: datetime

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the issue's editions."""
        return self.mailing_list.languages

    def entries_of(self, block: Block) -> tuple[Entry, ...]:
        """The entries that a block tells; none where its entry is gone."""
        if block.kind is Kind.ENTRY_LIST:
            return self.chosen.get(block.id, ())
        entry = self.entries.get(block.entry or 0)
        return (entry,) if entry else ()

    def told(self) -> list[tuple[Block, Entry]]:
        """Every entry with the block that tells it, in order."""
        return [(block, entry) for block in self.blocks for entry in self.entries_of(block)]


def gather(issue: Issue, blocks: Blocks | None = None) -> Materials:
    """Lay out what an issue needs. `blocks` stand in for those that are kept, to show what is not saved yet."""
    blocks = issue.pieces if blocks is None else blocks
    at = max(issue.send_at, clock.now()) if issue.send_at else clock.now()
    found = {entry.id: entry for entry in entries.by_ids(block.entry for block in blocks if block.entry)}
    used = {block.entry for block in blocks if block.entry and _is_for_everybody(block)}
    fitting = _fitting(issue, blocks, used, at)
    return Materials(
        issue=issue,
        blocks=blocks,
        mailing_list=audience.mailing_list(issue.list_id),
        publication=settings.publication(),
        entries=found,
        chosen={block_id: tuple(taken) for block_id, (taken, _) in fitting.items()},
        fitting={block_id: count for block_id, (_, count) in fitting.items()},
        at=at,
    )


def _fitting(
    issue: Issue, blocks: Blocks, used: set[int], at: datetime
) -> dict[str, tuple[list[Entry], int]]:
    """Resolve entry lists in order, so that no entry is told twice in an issue; one that was frozen stays as it was."""
    chosen: dict[str, tuple[list[Entry], int]] = {}
    for block in blocks:
        if block.kind is Kind.ENTRY_LIST and block.rule:
            if block.rule.taken is not None:
                chosen[block.id] = entries.by_ids(block.rule.taken), len(block.rule.taken)
                continue
            fitting = by_rule(block.rule, issue.list_id, used, at)
            chosen[block.id] = fitting[: block.rule.limit], len(fitting)
            used |= {entry.id for entry in chosen[block.id][0]} if _is_for_everybody(block) else set()
    return chosen


def _is_for_everybody(block: Block) -> bool:
    """Tell whether all readers see a block: what only some of them are told, a list may tell the others."""
    return block.readers is None and not block.hidden
