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
    """An issue with everything that its composition needs, read once for all languages."""

    issue: Issue
    blocks: Blocks
    mailing_list: audience.MailingList
    publication: settings.Publication
    entries: Mapping[int, Entry]
    chosen: Mapping[str, tuple[Entry, ...]]
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
    mailing_list = audience.mailing_list(issue.list_id)
    found = {entry.id: entry for entry in entries.by_ids(block.entry for block in blocks if block.entry)}
    return Materials(
        issue=issue,
        blocks=blocks,
        mailing_list=mailing_list,
        publication=settings.publication(),
        entries=found,
        chosen=_chosen(issue, blocks, set(found)),
        at=max(issue.send_at, clock.now()) if issue.send_at else clock.now(),
    )


def _chosen(issue: Issue, blocks: Blocks, used: set[int]) -> dict[str, tuple[Entry, ...]]:
    """Resolve entry lists in order, so that no entry is told twice in an issue."""
    chosen: dict[str, tuple[Entry, ...]] = {}
    for block in blocks:
        if block.kind is Kind.ENTRY_LIST and block.rule:
            chosen[block.id] = by_rule(block.rule, issue, used)
            used |= {entry.id for entry in chosen[block.id]}
    return chosen
