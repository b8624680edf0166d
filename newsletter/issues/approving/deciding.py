"""Approval by another person, where the list asks for it: asked for, given or refused, and bound to the content.

Promises that such an issue goes out only as somebody who may approve it has approved it: never whoever asked or edited
last, never somebody who may not any more, and never with anything else in it. Steps are only ever added.
"""

from datetime import datetime

from sqlalchemy import select

from newsletter import accounts, clock
from newsletter.accounts import Role, User
from newsletter.database import db, insert
from newsletter.errors import Conflict, Invalid, NotAllowed
from newsletter.issues.approving.fingerprints import Fingerprint, fingerprint
from newsletter.issues.approving.letters import tell_approvers, tell_asker
from newsletter.issues.approving.standing import (
    Approval,
    Standing,
    approval,
    approvers,
    role_asked,
    why_not_approve,
)
from newsletter.issues.approving.tables import ApprovalDeed, ApprovalStep
from newsletter.issues.drafting import OPEN, issue
from newsletter.issues.materials import Materials, gather
from newsletter.issues.tables import Issue

LONGEST_WORDS = 2000
"""The most characters that can be said with a step."""


# The steps


def ask_for_approval(issue_id: int, by: User, words: str = "") -> Approval:
    """Say that an issue is ready, and tell those who may approve it by mail.

    Raises `Invalid` where there is nobody to ask or nothing to ask for, and `Conflict` where it waits already.
    """
    found, before = _before(issue_id)
    if not accounts.allowed(by, Role.EDITOR):
        raise NotAllowed("You may read this issue, and not ask for its approval.")
    if before.holds:
        raise Conflict("This issue is approved as it is. Nobody was asked again.")
    if not before.can_be_asked:
        raise Conflict("This issue waits for its approval already. Nobody was asked again.")
    able = approvers(found, by)
    if not able:
        raise Invalid("There is nobody else who may approve this issue. An owner can add somebody.")
    now = clock.now()
    _take(
        before,
        found,
        ApprovalDeed.ASKED,
        by=by,
        words=words,
        content=fingerprint(gather(found), now),
        as_of=now,
    )
    tell_approvers(found, able, by, words)
    return _after(issue_id)


def approve(issue_id: int, by: User, seen: str, words: str = "") -> Approval:
    """Approve an issue as it was `seen`, by the digest of its content.

    Raises `NotAllowed`, and `Conflict` where it is not that any more or somebody else was faster.
    """
    return _answer(issue_id, ApprovalDeed.APPROVED, by, seen, words)


def send_back(issue_id: int, by: User, seen: str, words: str) -> Approval:
    """Ask for changes, in words. An approval that was given before holds no longer. Raises `Invalid` without words."""
    if not words.strip():
        raise Invalid("Say what should be changed.", "words")
    return _answer(issue_id, ApprovalDeed.SENT_BACK, by, seen, words)


def _answer(issue_id: int, deed: ApprovalDeed, by: User, seen: str, words: str) -> Approval:
    found, before = _before(issue_id)
    db.session.refresh(by)  # whoever lost their role a moment ago has lost it
    asked = before.asked
    why = why_not_approve(found, asked, by)
    if why:
        raise NotAllowed(why)
    open_to = before.can_be_given or (before.holds and deed is ApprovalDeed.SENT_BACK)
    if asked is None or not open_to:
        raise Conflict("This issue does not wait for an approval. Look at it again.")
    if seen != before.now.digest:
        raise Conflict("This issue has changed since you looked at it. Look at it again before you answer.")
    _take(before, found, deed, by=by, words=words, content=before.now, as_of=asked.as_of)
    tell_asker(found, accounts.user(asked.by_id), by, words, approved=deed is ApprovalDeed.APPROVED)
    return _after(issue_id)


def _before(issue_id: int) -> tuple[Issue, Approval]:
    _hold_still(issue_id)
    found = issue(issue_id)
    if found.state not in OPEN:
        raise Conflict("This issue is on its way or sent, and needs no approval any more.")
    standing = approval(gather(found))
    if standing is None:
        raise Conflict("This list asks for no approval.")
    return found, standing


def _after(issue_id: int) -> Approval:
    standing = approval(gather(issue(issue_id)))
    if standing is None:
        raise Conflict("This list asks for no approval.")
    return standing


def _hold_still(issue_id: int) -> None:
    """Let steps and the sending of one issue come one after the other, on an engine that would let them cross."""
    db.session.execute(select(Issue.id).where(Issue.id == issue_id).with_for_update())


def _take(
    before: Approval,
    found: Issue,
    deed: ApprovalDeed,
    *,
    by: User,
    words: str,
    content: Fingerprint,
    as_of: datetime,
) -> None:
    """Write a step down, if it is still the next one."""
    words = words.strip().replace("\r\n", "\n")
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"This has {len(words)} characters; {LONGEST_WORDS} are the most. Shorten it.", "words")
    step = insert(ApprovalStep).values(
        issue_id=found.id, number=len(before.steps) + 1, deed=deed, by_id=by.id, by=by.called, words=words,
        version=found.version, as_of=as_of, digest=content.digest, parts=dict(content.parts), at=clock.now(),
    )  # fmt: skip
    taken = db.session.execute(step.on_conflict_do_nothing(index_elements=["issue_id", "number"]))
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise Conflict("Somebody else was faster with this issue. Look at it again.")
    accounts.audit(by, _AUDITED[deed], f"{found.slug}, version {found.version}, {content.digest[:12]}")


_AUDITED = {
    ApprovalDeed.ASKED: "asked for the approval of an issue",
    ApprovalDeed.APPROVED: "approved an issue",
    ApprovalDeed.SENT_BACK: "asked for changes to an issue",
}


# The gate


def refuse_unapproved(materials: Materials) -> None:
    """Let an issue pass that is approved as it is, or needs no approval. Raises `Invalid`."""
    if role_asked(materials.issue) is None:
        return
    _hold_still(materials.issue.id)
    standing = approval(materials)
    if standing and not standing.holds:
        raise Invalid(_REFUSED[standing.standing])


_REFUSED = {
    Standing.NOT_ASKED: "This list asks for an approval by another person. Say that the issue is ready for review.",
    Standing.WAITS: "This issue waits for its approval by another person.",
    Standing.SENT_BACK: "Changes to this issue were asked for. Make them, and say that it is ready for review again.",
    Standing.CHANGED: "This issue has changed since it was approved. It needs another approval.",
    Standing.LAPSED: "Whoever approved this issue may not do so any more. It needs another approval.",
}
