"""Issues: what stands in the next letter, how each edition looks, and the moment it is frozen and handed to delivery.

Hides how entries are chosen, how blocks become a letter in each language, and what was told about each entry. Promises
that an issue is sent once, that each reader gets the edition of their language, and that a save which somebody else
was faster than is refused instead of overwriting.

The verbs (being built; signatures stand):

    draft(mailing_list: int | str, title: str | None = None, by: str = "") -> Issue        # proposes subject and blocks
    entries_to_propose(mailing_list) -> Proposal(events, articles)
    issue(key: int | str) -> Issue          issues(*states: State, list_id=None, page=1) -> list[Issue]
    save(issue_id, version, subjects=None, preheaders=None, blocks=None, by="") -> Issue    # Conflict when stale
    preview(issue, language, blocks=None) -> rendering.Rendered
    check(issue) -> list[Finding(level, sentence, block_id)]
    test(issue, address, language=None) -> None
    send(issue, at=None, by="") -> Issue    schedule(issue, at)    unschedule(issue)    cancel(issue)
    pause(issue, by) resume(issue)          send_due(now=None) -> list[int]   settle() -> list[int]
    report(issue) -> Report                 state_of(issue) -> State
    sent_issues(list_id=None, limit=None) -> list[Issue]    edition(issue, language) -> Edition    editions(issue)
    told(entry_id) -> list[Told]            what_readers_know(entry_ids) -> dict[int, list[Told]]
"""

from newsletter.issues.blocks import (
    Block,
    Blocks,
    Kind,
    Layout,
    Rule,
    added,
    dropped,
    edited,
    moved,
    new_block,
    ordered,
)
from newsletter.issues.tables import Edition, Issue, Mention, Role, State

__all__ = [
    "Block", "Blocks", "Edition", "Issue", "Kind", "Layout", "Mention", "Role", "Rule", "State", "added", "dropped",
    "edited", "moved", "new_block", "ordered",
]  # fmt: skip
