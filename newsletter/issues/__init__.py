"""Issues: what stands in the next letter, how each edition looks, and the moment it is frozen and handed to delivery.

Hides how entries are chosen, how blocks become a letter in each language, and what was told about each entry. Promises
that an issue is sent once, that each reader gets the edition of their language, and that a save which somebody else
was faster than is refused instead of overwriting.
"""

from newsletter.issues.approving import (
    Approval,
    ApprovalDeed,
    ApprovalStep,
    Changed,
    Standing,
    approval,
    approval_steps,
    approve,
    approvers,
    ask_for_approval,
    changed_parts,
    send_back,
    waiting_for,
    why_not_approve,
)
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
from newsletter.issues.blocks import (
    FIELDS,
    IN_COLUMNS,
    KIND_NAMES,
    LONGEST_TEXT,
    Block,
    Blocks,
    Kind,
    Side,
    new_block,
)
from newsletter.issues.cards import Teller, in_quotes
from newsletter.issues.checking import (
    Finding,
    Inspection,
    Level,
    Remedy,
    Replacement,
    check,
    errors_of,
    inspect,
    issues_with_links_to_look_at,
    keep_answer,
    links_to_look_at,
    look_at_links_again,
    mended,
    override,
    refuse_unseen_warnings,
    see_warnings,
    warnings_of,
    who_has_seen,
    withdraw_override,
)
from newsletter.issues.choosing import Proposal
from newsletter.issues.choosing import propose as entries_to_propose
from newsletter.issues.composing import rich
from newsletter.issues.conditions import Condition, dump_condition, load_condition
from newsletter.issues.correcting import Outdated, correct, outdated
from newsletter.issues.correcting import settle as need_not_tell
from newsletter.issues.cropping import SHAPES, Crop
from newsletter.issues.cropping import clamped as clamped_crop
from newsletter.issues.cropping import to_shape as crop_to_shape
from newsletter.issues.differences import Change, Difference, Piece, compare_words, differences
from newsletter.issues.drafting import OPEN, PAGE, discard, draft, issue, issues, name_of, save
from newsletter.issues.library import (
    SavedBlock,
    change_saved,
    delete_saved,
    keep,
    rewritten,
    saved_block,
    saved_blocks,
    with_saved,
)
from newsletter.issues.links import links
from newsletter.issues.manuscripts import Manuscript, Place, manuscript_of
from newsletter.issues.materials import Materials, gather
from newsletter.issues.mentions import Told, changed_since, role_of, told, what_readers_know
from newsletter.issues.merging import Choice, Clash
from newsletter.issues.missing import Missing, is_missing, missing
from newsletter.issues.picking import When, Wish, pick
from newsletter.issues.plans import Plan, plan, plan_of, readers_of
from newsletter.issues.plans import checked as checked_plan
from newsletter.issues.reading import edition, editions, sent_issues
from newsletter.issues.rules import MOST, Layout, Order, Rule, Window
from newsletter.issues.saving import Brought, Ways, bring_in, redo, restore, undo, ways
from newsletter.issues.sending import (
    LAST,
    LOOKED_THROUGH,
    MOST_AHEAD,
    MOST_WEEKS,
    Beat,
    Outlook,
    Recurrence,
    Rehearsed,
    Report,
    Rhythm,
    Sample,
    Wave,
    Why,
    cancel,
    count_readers,
    end_recurrence,
    later_readers,
    local_time,
    next_dates,
    outlook,
    pause,
    pause_recurrence,
    preview,
    recur,
    recurrence,
    rehearsals_left,
    rehearse,
    rehearse_on,
    rehearsed,
    report,
    resend_unknown,
    resume,
    resume_recurrence,
    sample,
    send,
    send_due,
    send_to_later_readers,
    send_waves,
    set_recurrence,
    settle,
    state_of,
    test,
    test_by_language,
    test_to_group,
    to_come,
    unschedule,
    waves,
    waves_paused_by,
    write_rhythm,
)
from newsletter.issues.tables import Edition, Issue, Link, Mention, Role, State
from newsletter.issues.together import (
    Comment,
    Here,
    Thread,
    answer,
    be_here,
    comment,
    forget_who_was_here,
    leave,
    mentions_of,
    open_threads,
    reopen,
    resolve,
    reword,
    say,
    take_back,
    tell_mentioned,
    threads,
    who_is_here,
)
from newsletter.issues.variants import (
    MOST_VARIANTS,
    Variant,
    circle_title,
    described,
    how_many,
    readers_by_variant,
    variant_for,
    variant_of_reader,
    variants_in,
)
from newsletter.issues.variants import usual as usual_variant
from newsletter.issues.versions import Deed, Version, has_arrived, version, version_before, versions

__all__ = [
    "FIELDS", "IN_COLUMNS", "KIND_NAMES", "LAST", "LONGEST_TEXT", "LOOKED_THROUGH", "MOST", "MOST_AHEAD",
    "MOST_VARIANTS", "MOST_WEEKS", "OPEN", "PAGE", "SHAPES", "Approval", "ApprovalDeed", "ApprovalStep", "Beat",
    "Block", "Blocks", "Brought", "Change", "Changed", "Choice", "Clash", "Comment", "Condition", "Crop", "Deed",
    "Difference", "Edition", "Finding", "Here", "Inspection", "Issue", "Kind", "Layout", "Level", "Link",
    "Manuscript", "Materials", "Mention", "Missing", "Order", "Outdated", "Outlook", "Piece", "Place", "Plan",
    "Proposal", "Recurrence", "Rehearsed", "Remedy", "Replacement", "Report", "Rhythm", "Role", "Row", "Rule",
    "Sample", "SavedBlock", "Side", "Standing", "State", "Teller", "Thread", "Told", "Variant", "Version", "Wave",
    "Ways", "When", "Why", "Window", "Wish", "added", "answer", "approval", "approval_steps", "approve",
    "approvers", "ask_for_approval", "be_here", "bring_in", "cancel", "change_saved", "changed_parts",
    "changed_since", "check", "checked_plan", "circle_title", "clamped_crop", "comment", "compare_words", "copied",
    "correct", "count_readers", "crop_to_shape", "delete_saved", "described", "differences", "discard", "draft",
    "dropped", "dump_condition", "duplicated", "edited", "edition", "editions", "end_recurrence",
    "entries_to_propose", "errors_of", "forget_who_was_here", "gather", "has_arrived", "how_many", "in_quotes",
    "inspect", "is_missing", "issue", "issues", "issues_with_links_to_look_at", "keep", "keep_answer",
    "later_readers", "leave", "links", "links_to_look_at", "load_condition", "local_time", "look_at_links_again",
    "manuscript_of", "mended", "mentions_of", "missing", "moved", "name_of", "need_not_tell", "new_block",
    "next_dates", "open_threads", "outdated", "outlook", "override", "pause", "pause_recurrence", "pick", "plan",
    "plan_of", "preview", "put_into", "readers_by_variant", "readers_of", "recur", "recurrence", "redo",
    "refuse_unseen_warnings", "rehearsals_left", "rehearse", "rehearse_on", "rehearsed", "reopen", "report",
    "resend_unknown", "resolve", "restore", "resume", "resume_recurrence", "reword", "rewritten", "rich", "role_of",
    "rows", "sample", "save", "saved_block", "saved_blocks", "say", "see_warnings", "send", "send_back", "send_due",
    "send_to_later_readers", "send_waves", "sent_issues", "set_recurrence", "settle", "state_of", "take_back",
    "taken_apart", "taken_out", "tell_mentioned", "test", "test_by_language", "test_to_group", "threads", "to_come",
    "told", "undo", "unschedule", "usual_variant", "variant_for", "variant_of_reader", "variants_in", "version",
    "version_before", "versions", "waiting_for", "warnings_of", "waves", "waves_paused_by", "ways",
    "what_readers_know", "who_has_seen", "who_is_here", "why_not_approve", "with_saved", "withdraw_override",
    "write_rhythm",
]  # fmt: skip
