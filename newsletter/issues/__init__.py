"""Issues: what stands in the next letter, how each edition looks, and the moment it is frozen and handed to delivery.

Hides how entries are chosen, how blocks become a letter in each language, and what was told about each entry. Promises
that an issue is sent once, that each reader gets the edition of their language, and that a save which somebody else
was faster than is refused instead of overwriting.
"""

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
from newsletter.issues.differences import Change, Difference, Piece, compare_words, differences
from newsletter.issues.drafting import OPEN, PAGE, discard, draft, issue, issues, name_of, save
from newsletter.issues.findings import KIND_NAMES, Finding, Level, Remedy
from newsletter.issues.later import later_readers, send_to_later_readers
from newsletter.issues.links import links
from newsletter.issues.manuscripts import Manuscript, Place, manuscript_of
from newsletter.issues.materials import Materials, gather
from newsletter.issues.mentions import Told, changed_since, role_of, told, what_readers_know
from newsletter.issues.merging import Choice, Clash
from newsletter.issues.picking import When, Wish, pick
from newsletter.issues.reading import edition, editions, sent_issues
from newsletter.issues.rules import MOST, Layout, Order, Rule, Window
from newsletter.issues.saving import Brought, Ways, bring_in, redo, restore, undo, ways
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
from newsletter.issues.versions import Deed, Version, has_arrived, version, version_before, versions

__all__ = [
    "FIELDS", "IN_COLUMNS", "KIND_NAMES", "MOST", "MOST_VARIANTS", "OPEN", "PAGE", "Block", "Blocks", "Brought", "Change", "Choice",
    "Clash", "Condition", "Deed", "Difference", "Edition", "Finding", "Issue", "Kind", "Layout", "Level", "Link", "Manuscript", "Materials",
    "Mention", "Order", "Outdated", "Piece", "Place", "Proposal", "Remedy", "Report", "Role", "Row", "Rule", "Side", "State", "Teller",
    "Told", "Variant", "Version", "Ways", "When", "Window", "Wish", "added", "bring_in", "cancel", "changed_since", "check", "circle_title",
    "compare_words", "copied", "correct", "described", "differences", "discard", "draft", "dropped", "dump_condition", "duplicated",
    "edited", "edition", "editions", "entries_to_propose", "errors_of", "gather", "has_arrived", "how_many", "in_quotes", "issue", "issues",
    "later_readers", "links", "load_condition", "manuscript_of", "moved", "name_of", "need_not_tell", "new_block", "outdated", "pause",
    "pick", "preview", "put_into", "redo", "report", "resend_unknown", "restore", "resume", "role_of", "rows", "save", "send", "send_due",
    "send_to_later_readers", "sent_issues", "settle", "state_of", "taken_apart", "taken_out", "test", "told", "undo", "unschedule",
    "usual_variant", "variant_for", "variant_of_reader", "variants_in", "version", "version_before", "versions", "ways",
    "what_readers_know",
]  # fmt: skip
