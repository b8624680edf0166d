"""How it stands with the approval of an issue: what was said last, whether it holds, and who could say more."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from newsletter import accounts, audience, clock
from newsletter.accounts import Role, User
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.issues.approval_tables import ApprovalDeed, ApprovalStep
from newsletter.issues.drafting import OPEN
from newsletter.issues.fingerprints import Fingerprint, fingerprint
from newsletter.issues.materials import Materials, gather
from newsletter.issues.tables import Issue


class Standing(StrEnum):
    """Where an issue stands with its approval."""

    NOT_ASKED = "not_asked"
    WAITS = "waits"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    CHANGED = "changed"
    """It was approved and has been changed since."""
    LAPSED = "lapsed"
    """Whoever approved it may not approve it any more."""


@dataclass(frozen=True)
class Approval:
    """How it stands with the approval of an issue: its steps, the first one first, and the content as it is now."""

    standing: Standing
    steps: tuple[ApprovalStep, ...]
    now: Fingerprint

    @property
    def last(self) -> ApprovalStep | None:
        """The step that counts."""
        return self.steps[-1] if self.steps else None

    @property
    def asked(self) -> ApprovalStep | None:
        """The last time that somebody asked."""
        return next((step for step in reversed(self.steps) if step.deed is ApprovalDeed.ASKED), None)

    @property
    def holds(self) -> bool:
        """Tell whether the issue may go out as it is."""
        return self.standing is Standing.APPROVED

    @property
    def can_be_given(self) -> bool:
        """Tell whether it waits for somebody's word."""
        return self.standing in (Standing.WAITS, Standing.CHANGED, Standing.LAPSED)

    @property
    def can_be_asked(self) -> bool:
        """Tell whether asking would tell anybody something new."""
        waits = self.standing is Standing.WAITS and self.last is not None
        return not self.holds and not (waits and self.last and self.last.digest == self.now.digest)


def approval(materials: Materials) -> Approval | None:
    """Tell how it stands with the approval of an issue; nothing where its list asks for none."""
    if not materials.mailing_list.approvers:
        return None
    steps = _steps(materials.issue.id)
    asked = next((step for step in reversed(steps) if step.deed is ApprovalDeed.ASKED), None)
    now = fingerprint(materials, asked.as_of if asked else clock.now())
    return Approval(_standing(steps, now, materials.mailing_list), tuple(steps), now)


def _standing(steps: Sequence[ApprovalStep], now: Fingerprint, mailing_list: MailingList) -> Standing:
    if not steps:
        return Standing.NOT_ASKED
    last = steps[-1]
    if last.deed is not ApprovalDeed.APPROVED:
        return Standing.WAITS if last.deed is ApprovalDeed.ASKED else Standing.SENT_BACK
    if last.digest != now.digest:
        return Standing.CHANGED
    approver = accounts.user(last.by_id)
    return Standing.APPROVED if accounts.allowed(approver, _role(mailing_list)) else Standing.LAPSED


def _steps(issue_id: int) -> list[ApprovalStep]:
    found = select(ApprovalStep).where(ApprovalStep.issue_id == issue_id).order_by(ApprovalStep.number)
    return list(db.session.scalars(found))


def approval_steps(issue_id: int) -> list[ApprovalStep]:
    """Return who did what about the approval of an issue, the first step first; also of one that was sent."""
    return _steps(issue_id)


def _role(mailing_list: MailingList) -> Role:
    return Role(mailing_list.approvers)


# Who may


def why_not_approve(found: Issue, asked: ApprovalStep | None, person: User) -> str:
    """Say why somebody cannot approve an issue as it is; nothing where they can."""
    mailing_list = audience.mailing_list(found.list_id)
    if not mailing_list.approvers or not accounts.allowed(person, _role(mailing_list)):
        return "You may not approve issues of this list."
    if asked and asked.by_id == person.id:
        return "You asked for this approval, so somebody else gives it."
    if _edited_last(found, person):
        return "You edited this issue last, so somebody else approves it."
    return ""


def _edited_last(found: Issue, person: User) -> bool:
    if found.changed_by_id is None:
        return found.changed_by == person.called != ""
    return found.changed_by_id == person.id


def approvers(found: Issue, asking: User) -> list[User]:
    """Return who could approve an issue if somebody asked for it now."""
    mailing_list = audience.mailing_list(found.list_id)
    able = (one for one in accounts.people() if one.id != asking.id)
    return [
        one for one in able if accounts.allowed(one, _role(mailing_list)) and not _edited_last(found, one)
    ]


def waiting_for(person: User) -> list[Issue]:
    """Return the issues that somebody could approve now, those that wait longest first."""
    lists = {one.id: one for one in audience.lists() if one.approvers}
    mine = [key for key, one in lists.items() if accounts.allowed(person, _role(one))]
    if not mine:
        return []
    asked = select(ApprovalStep.issue_id).where(ApprovalStep.deed == ApprovalDeed.ASKED)
    open_ones = select(Issue).where(Issue.state.in_(OPEN), Issue.list_id.in_(mine), Issue.id.in_(asked))
    found = [(one, approval(gather(one))) for one in db.session.scalars(open_ones)]
    waits = [
        (standing.asked.at, one)
        for one, standing in found
        if standing
        and standing.can_be_given
        and standing.asked
        and not why_not_approve(one, standing.asked, person)
    ]
    return [one for _, one in sorted(waits, key=lambda pair: (pair[0], pair[1].id))]
