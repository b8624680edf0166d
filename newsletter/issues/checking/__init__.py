"""What is not right about an issue, found while it is written and once more before it leaves.

Hides the single checks and what links answered. Promises that no check visits the web, that an error blocks sending until
it is mended or let stand with a reason, and that a warning was seen by somebody before an issue leaves.

    findings → entries, words, texts, lines, links … → inspecting
"""

from newsletter.issues.checking.findings import Finding, Level, Remedy, Replacement
from newsletter.issues.checking.inspecting import Inspection, check, errors_of, inspect, warnings_of
from newsletter.issues.checking.looking import (
    issues_with_links_to_look_at,
    keep_answer,
    links_to_look_at,
    look_at_links_again,
)
from newsletter.issues.checking.mending import mended
from newsletter.issues.checking.overriding import (
    override,
    refuse_unseen_warnings,
    see_warnings,
    withdraw_override,
)
from newsletter.issues.checking.standing import who_has_seen

__all__ = [
    "Finding", "Inspection", "Level", "Remedy", "Replacement", "check", "errors_of", "inspect",
    "issues_with_links_to_look_at", "keep_answer", "links_to_look_at", "look_at_links_again", "mended",
    "override", "refuse_unseen_warnings", "see_warnings", "warnings_of", "who_has_seen", "withdraw_override",
]  # fmt: skip
