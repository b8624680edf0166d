"""Issues: what stands in the next letter, how each edition looks, and the moment it is frozen and handed to delivery.

Hides how entries are chosen, how blocks become a letter in each language, and what was told about each entry. Promises
that an issue is sent once, that each reader gets the edition of their language, and that a save which somebody else
was faster than is refused instead of overwriting.
"""

from newsletter.issues.blocks import (
    FIELDS,
    Block,
    Blocks,
    Kind,
    added,
    dropped,
    edited,
    moved,
    new_block,
)
from newsletter.issues.cards import Teller, in_quotes
from newsletter.issues.checking import check, errors_of
from newsletter.issues.choosing import Proposal
from newsletter.issues.choosing import propose as entries_to_propose
from newsletter.issues.correcting import Outdated, correct, outdated
from newsletter.issues.correcting import settle as need_not_tell
from newsletter.issues.drafting import OPEN, PAGE, discard, draft, issue, issues, name_of, save
from newsletter.issues.findings import KIND_NAMES, Finding, Level, Remedy
from newsletter.issues.later import later_readers, send_to_later_readers
from newsletter.issues.links import links
from newsletter.issues.materials import Materials, gather
from newsletter.issues.mentions import Told, changed_since, role_of, told, what_readers_know
from newsletter.issues.reading import edition, editions, sent_issues
from newsletter.issues.rules import MOST, Layout, Order, Rule, Window
from newsletter.issues.sending import (
    Report,
    cancel,
    pause,
    preview,
    report,
    resend_unknown,
    resume,
    send,
    send_due,
    settle,
    state_of,
    test,
    unschedule,
)
from newsletter.issues.tables import Edition, Issue, Link, Mention, Role, State

__all__ = [
    "FIELDS", "KIND_NAMES", "MOST", "OPEN", "PAGE", "Block", "Blocks", "Edition", "Finding", "Issue", "Kind", "Layout", "Level", "Link", "Materials",
    "Mention", "Order", "Outdated", "Proposal", "Remedy", "Report", "Role", "Rule", "State", "Teller", "Told", "Window", "added", "cancel", "changed_since",
    "check", "correct", "discard", "draft", "dropped", "edited", "edition", "editions", "entries_to_propose", "errors_of", "gather",
    "in_quotes", "issue", "issues", "later_readers", "links", "moved", "name_of", "need_not_tell", "new_block", "outdated", "pause", "preview", "report", "resend_unknown", "resume", "role_of", "save", "send",
    "send_due", "send_to_later_readers", "sent_issues", "settle", "state_of", "test", "told", "unschedule", "what_readers_know",
]  # fmt: skip
