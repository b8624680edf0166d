"""Approval of an issue by another person, where a list asks for it.

Hides what an approval is bound to. Promises that any change of what readers would get voids it.
"""

from newsletter.issues.approving.changes import Changed, changed_parts
from newsletter.issues.approving.deciding import approve, ask_for_approval, refuse_unapproved, send_back
from newsletter.issues.approving.letters import tell
from newsletter.issues.approving.standing import (
    Approval,
    Standing,
    approval,
    approval_steps,
    approvers,
    waiting_for,
    why_not_approve,
)
from newsletter.issues.approving.tables import ApprovalDeed, ApprovalStep

__all__ = [
    "Approval", "ApprovalDeed", "ApprovalStep", "Changed", "Standing", "approval", "approval_steps", "approve",
    "approvers", "ask_for_approval", "changed_parts", "refuse_unapproved", "send_back", "tell", "waiting_for",
    "why_not_approve",
]  # fmt: skip
