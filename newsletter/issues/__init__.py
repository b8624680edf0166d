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
from newsletter.issues.drafting import OPEN, PAGE, discard, draft, issue, issues, name_of, save
from newsletter.issues.findings import KIND_NAMES, Finding, Level, Remedy
from newsletter.issues.later import later_readers, send_to_later_readers
from newsletter.issues.links import links
from newsletter.issues.materials import Materials, gather
from newsletter.issues.mentions import Told, changed_since, role_of, told, what_readers_know
from newsletter.issues.outlook import LOOKED_THROUGH, Outlook, Why, count_readers, outlook
from newsletter.issues.picking import When, Wish, pick
from newsletter.issues.plans import Plan, plan, plan_of, readers_of
from newsletter.issues.plans import checked as checked_plan
from newsletter.issues.reading import edition, editions, sent_issues
from newsletter.issues.recurring import (
    MOST_AHEAD,
    Recurrence,
    end_recurrence,
    next_dates,
    pause_recurrence,
    recur,
    recurrence,
    resume_recurrence,
    set_recurrence,
)
from newsletter.issues.rehearsing import Rehearsed, Sample, rehearsals_left, rehearse, rehearsed, sample
from newsletter.issues.rehearsing import go_on as rehearse_on
from newsletter.issues.rhythms import LAST, MOST_WEEKS, Beat, Rhythm, write_rhythm
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
    unschedule,
)
from newsletter.issues.tables import Edition, Issue, Link, Mention, Role, State
from newsletter.issues.testing import test, test_by_language, test_to_group
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
from newsletter.issues.waves import Wave, local_time, send_waves, to_come, waves
from newsletter.issues.waves import paused_by as waves_paused_by

__all__ = [
    "FIELDS", "IN_COLUMNS", "KIND_NAMES", "LAST", "LOOKED_THROUGH", "MOST", "MOST_AHEAD", "MOST_VARIANTS",
    "MOST_WEEKS", "OPEN", "PAGE", "Beat", "Block", "Blocks", "Condition", "Edition", "Finding", "Issue", "Kind",
    "Layout", "Level", "Link", "Materials", "Mention", "Order", "Outdated", "Outlook", "Plan", "Proposal",
    "Recurrence", "Rehearsed", "Remedy", "Report", "Rhythm", "Role", "Row", "Rule", "Sample", "Side", "State",
    "Teller", "Told", "Variant", "Wave", "When", "Why", "Window", "Wish", "added", "cancel", "changed_since", "check",
    "checked_plan", "circle_title", "copied", "correct", "count_readers", "described", "discard", "draft", "dropped",
    "dump_condition", "duplicated", "edited", "edition", "editions", "end_recurrence", "entries_to_propose",
    "errors_of", "gather", "how_many", "in_quotes", "issue", "issues", "later_readers", "links", "load_condition",
    "local_time", "moved", "name_of", "need_not_tell", "new_block", "next_dates", "outdated", "outlook", "pause",
    "pause_recurrence", "pick", "plan", "plan_of", "preview", "put_into", "readers_of", "recur", "recurrence",
    "rehearsals_left", "rehearse", "rehearse_on", "rehearsed", "report", "resend_unknown", "resume",
    "resume_recurrence", "role_of", "rows", "sample", "save", "send", "send_due", "send_to_later_readers",
    "send_waves", "sent_issues", "set_recurrence", "settle", "state_of", "taken_apart", "taken_out", "test",
    "test_by_language", "test_to_group", "to_come", "told", "unschedule", "usual_variant", "variant_for",
    "variant_of_reader", "variants_in", "waves", "waves_paused_by", "what_readers_know", "write_rhythm",
]  # fmt: skip
