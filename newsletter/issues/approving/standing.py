"""How it stands with the approval of an issue: what was said last, whether it holds, and who could say more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from newsletter import accounts, audience, clock
from newsletter.accounts import Role, User
from newsletter.database import db
from newsletter.issues.approving.fingerprints import Fingerprint, fingerprint
from newsletter.issues.approving.tables import ApprovalDeed, ApprovalStep
from newsletter.issues.drafting import OPEN
from newsletter.issues.materials import Materials, gather
from newsletter.issues.plans import plan_of
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
    role = role_asked(materials.issue)
    if role is None:
        return None
    steps = _steps(materials.issue.id)
    asked = next((step for step in reversed(steps) if step.deed is ApprovalDeed.ASKED), None)
    now = fingerprint(materials, asked.as_of if asked else clock.now())
    return Approval(_standing(steps, now, role), tuple(steps), now)


def _standing(steps: Sequence[ApprovalStep], now: Fingerprint, role: Role) -> Standing:
    if not steps:
        return Standing.NOT_ASKED
    last = steps[-1]
    if last.deed is not ApprovalDeed.APPROVED:
        return Standing.WAITS if last.deed is ApprovalDeed.ASKED else Standing.SENT_BACK
    if last.digest != now.digest:
        return Standing.CHANGED
    approver = accounts.user(last.by_id)
    return Standing.APPROVED if accounts.allowed(approver, role) else Standing.LAPSED


def _steps(issue_id: int) -> list[ApprovalStep]:
    found = select(ApprovalStep).where(ApprovalStep.issue_id == issue_id).order_by(ApprovalStep.number)
    return list(db.session.scalars(found))


def approval_steps(issue_id: int) -> list[ApprovalStep]:
    """Return who did what about the approval of an issue, the first step first; also of one that was sent."""
    return _steps(issue_id)


def role_asked(found: Issue) -> Role | None:
    """Return who may approve an issue: the highest that any list asks for that it goes to; nothing where none asks."""
    goes_to = {found.list_id, *plan_of(found.id).lists}
    asked = (Role(one.approvers) for one in audience.lists() if one.id in goes_to and one.approvers)
    return max(asked, key=lambda role: role.rank, default=None)


# Who may


def why_not_approve(found: Issue, asked: ApprovalStep | None, person: User) -> str:
    """Say why somebody cannot approve an issue as it is; nothing where they can."""
    role = role_asked(found)
    if role is None or not accounts.allowed(person, role):
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
    role = role_asked(found)
    able = (one for one in accounts.people() if role and accounts.allowed(one, role))
    return [one for one in able if one.id != asking.id and not _edited_last(found, one)]


def waiting_for(person: User) -> list[Issue]:
    """Return the issues that somebody could approve now, those that wait longest first."""
    asked = select(ApprovalStep.issue_id).where(ApprovalStep.deed == ApprovalDeed.ASKED)
    open_ones = select(Issue).where(Issue.state.in_(OPEN), Issue.id.in_(asked))
    waits = [(moment, one) for one in db.session.scalars(open_ones) for moment in _waits_since(one, person)]
    return [one for _, one in sorted(waits, key=lambda pair: (pair[0], pair[1].id))]


def _waits_since(found: Issue, person: User) -> Iterator[datetime]:
    """Give the moment since which an issue waits for somebody, if it does; what costs most is looked at last."""
    last = next((step for step in reversed(_steps(found.id)) if step.deed is ApprovalDeed.ASKED), None)
    if why_not_approve(found, last, person):
        return
    standing = approval(gather(found))
    if last and standing and standing.can_be_given:
        yield last.at
