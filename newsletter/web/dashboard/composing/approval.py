"""The approval of an issue by another person: how it stands, what has changed since, and the buttons that move it on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from newsletter import issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, NotAllowed
from newsletter.issues import Approval, Changed, Issue
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say, typed


@dataclass(frozen=True)
class ApprovalView:
    """An approval as a person sees it: what has changed since the step that counts, and why they cannot give it."""

    approval: Approval
    changed: tuple[Changed, ...]
    why_not: str
    able: tuple[str, ...]


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"approval_of": _approval_of, "approval_holds": _holds, "waiting_for_me": _waiting_for_me}


def _approval_of(found: Issue) -> ApprovalView | None:
    """Look at the approval of an issue, once a request; nothing where its list asks for none."""
    seen = request.environ.setdefault("newsletter.approvals", {})
    key = (found.id, found.version)
    if key not in seen:
        seen[key] = _look_at(issues.issue(found.id))
    view: ApprovalView | None = seen[key]
    return view


def _look_at(found: Issue) -> ApprovalView | None:
    materials = issues.gather(found)
    approval = issues.approval(materials)
    if approval is None:
        return None
    you, language = guard.person(), frame.language()
    changed = issues.changed_parts(approval.last, approval.now, materials, language) if approval.last else []
    why_not = frame.translate().filled(issues.why_not_approve(found, approval.asked, you))
    able = () if approval.asked else tuple(one.called for one in issues.approvers(found, you))
    return ApprovalView(approval, tuple(changed), why_not, able)


def _holds(found: Issue) -> bool:
    """Tell whether nothing is missing that an approval would give."""
    view = _approval_of(found)
    return view is None or view.approval.holds


def _waiting_for_me() -> list[tuple[int, str]]:
    """Return the issues that wait for the approval of who is signed in, each with its name."""
    found = issues.waiting_for(guard.person())
    return [(one.id, issues.name_of(one, frame.language())) for one in found]


@blueprint.post("/issues/<int:issue_id>/approval/ask")
@guard.needs(Role.EDITOR)
@frame.limiter.limit("60/hour")
def ask_for_approval(issue_id: int) -> Response:
    """Say that an issue is ready for review."""
    return _step(
        issue_id,
        lambda: issues.ask_for_approval(issue_id, guard.person(), typed("words")),
        "Those who may approve it are told by mail.",
    )


@blueprint.post("/issues/<int:issue_id>/approval/give")
@guard.needs(Role.EDITOR)
def approve_issue(issue_id: int) -> Response:
    """Approve an issue as it was seen."""
    return _step(
        issue_id,
        lambda: issues.approve(issue_id, guard.person(), request.form.get("fingerprint", ""), typed("words")),
        "It is approved as it is now. Whoever asked is told by mail.",
    )


@blueprint.post("/issues/<int:issue_id>/approval/send-back")
@guard.needs(Role.EDITOR)
def send_back_issue(issue_id: int) -> Response:
    """Ask for changes."""
    return _step(
        issue_id,
        lambda: issues.send_back(
            issue_id, guard.person(), request.form.get("fingerprint", ""), typed("words")
        ),
        "Whoever asked is told by mail what should be changed.",
    )


def _step(issue_id: int, take: Callable[[], Approval], done: str) -> Response:
    """Take a step and go back to the review; what was said stands there again where it was refused."""
    place = url_for("dashboard.review_issue", issue_id=issue_id)
    try:
        take()
    except (Conflict, Invalid, NotAllowed) as error:
        db.session.rollback()
        say(str(error), "bad")
        return redirect(
            f"{url_for('dashboard.review_issue', issue_id=issue_id, words=typed('words') or None)}#approval"
        )
    db.session.commit()
    say(done)
    return redirect(f"{place}#approval")
