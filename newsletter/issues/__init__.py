"""Issues: what stands in the next letter, how each edition looks, and the moment it is frozen and handed to delivery.

Hides how entries are chosen, how blocks become a letter in each language, and what was told about each entry. Promises
that an issue is sent once, that each reader gets the edition of their language, and that a save which somebody else
was faster than is refused instead of overwriting.
"""

from newsletter.issues.approval_changes import Changed, changed_parts
from newsletter.issues.approval_standing import (
    Approval,
    Standing,
    approval,
    approval_steps,
    approvers,
    waiting_for,
    why_not_approve,
)
from newsletter.issues.approval_tables import ApprovalDeed, ApprovalStep
from newsletter.issues.approving import approve, ask_for_approval, send_back
from newsletter.issues.arranging import (
    Row,
    added,
    copied,
    dropped,
    duplicated,
    edited,
    moved,
    put_into,
    rows,
    taken_apart,
    taken_out,
)
from newsletter.issues.blocks import FIELDS, IN_COLUMNS, Block, Blocks, Kind, Side, new_block
from newsletter.issues.cards import Teller, in_quotes
from newsletter.issues.checking import check, errors_of
from newsletter.issues.choosing import Proposal
from newsletter.issues.choosing import propose as entries_to_propose
from newsletter.issues.conditions import Condition, dump_condition, load_condition
from newsletter.issues.correcting import Outdated, correct, outdated
from newsletter.issues.correcting import settle as need_not_tell
from newsletter.issues.drafting import OPEN, PAGE, discard, draft, issue, issues, name_of, save
from newsletter.issues.findings import KIND_NAMES, Finding, Level, Remedy
from newsletter.issues.later import later_readers, send_to_later_readers
from newsletter.issues.links import links
from newsletter.issues.materials import Materials, gather
from newsletter.issues.mentions import Told, changed_since, role_of, told, what_readers_know
from newsletter.issues.picking import When, Wish, pick
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
from newsletter.issues.variants import (
    MOST_VARIANTS,
    Variant,
    circle_title,
    described,
    how_many,
    variant_for,
    variant_of_reader,
    variants_in,
)
from newsletter.issues.variants import usual as usual_variant

__all__ = [
    "FIELDS",
    "IN_COLUMNS",
    "KIND_NAMES",
    "MOST",
    "MOST_VARIANTS",
    "OPEN",
    "PAGE",
    "Approval",
    "ApprovalDeed",
    "ApprovalStep",
    "Block",
    "Blocks",
    "Changed",
    "Condition",
    "Edition",
    "Finding",
    "Issue",
    "Kind",
    "Layout",
    "Level",
    "Link",
    "Materials",
    "Mention",
    "Order",
    "Outdated",
    "Proposal",
    "Remedy",
    "Report",
    "Role",
    "Row",
    "Rule",
    "Side",
    "Standing",
    "State",
    "Teller",
    "Told",
    "Variant",
    "When",
    "Window",
    "Wish",
    "added",
    "approval",
    "approval_steps",
    "approve",
    "approvers",
    "ask_for_approval",
    "cancel",
    "changed_parts",
    "changed_since",
    "check",
    "circle_title",
    "copied",
    "correct",
    "described",
    "discard",
    "draft",
    "dropped",
    "dump_condition",
    "duplicated",
    "edited",
    "edition",
    "editions",
    "entries_to_propose",
    "errors_of",
    "gather",
    "how_many",
    "in_quotes",
    "issue",
    "issues",
    "later_readers",
    "links",
    "load_condition",
    "moved",
    "name_of",
    "need_not_tell",
    "new_block",
    "outdated",
    "pause",
    "pick",
    "preview",
    "put_into",
    "report",
    "resend_unknown",
    "resume",
    "role_of",
    "rows",
    "save",
    "send",
    "send_back",
    "send_due",
    "send_to_later_readers",
    "sent_issues",
    "settle",
    "state_of",
    "taken_apart",
    "taken_out",
    "test",
    "told",
    "unschedule",
    "usual_variant",
    "variant_for",
    "variant_of_reader",
    "variants_in",
    "waiting_for",
    "what_readers_know",
    "why_not_approve",
]  # fmt: skip
