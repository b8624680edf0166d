"""What an open editor asks every few seconds: who else is here and where, what is still open, and the version that is kept."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from newsletter import issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Here, Issue
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.dates import clock_or_day
from newsletter.web.dashboard.desk import blueprint


@blueprint.post("/issues/<int:issue_id>/presence")
@guard.needs(Role.EDITOR)
def be_here(issue_id: int) -> dict[str, Any] | Response:
    """Take note of where somebody is, and tell where the others are; with `gone` of one who leaves."""
    you, page = guard.person(), request.form.get("page", "")
    if request.form.get("gone"):
        issues.leave(issue_id, you, page)
        db.session.commit()
        return Response(status=204)
    found = issues.issue(issue_id)
    issues.be_here(issue_id, you, page, request.form.get("block", ""))
    told = {
        "version": found.version,
        "saved": _saved(found),
        "people": [_told(one) for one in issues.who_is_here(issue_id, besides=you)],
        "open": issues.open_threads(issue_id),
    }
    db.session.commit()
    return told


def _saved(found: Issue) -> str:
    t = frame.translate()
    who = found.changed_by or t("Somebody")
    return t("%(who)s saved this issue, %(when)s.", who=who, when=clock_or_day(found.changed_at))


def _told(one: Here) -> dict[str, Any]:
    here = frame.translate()("%(who)s is here", who=one.called)
    return {"name": one.called, "initials": initials(one.called), "blocks": one.blocks, "here": here}


def initials(called: str) -> str:
    """Return what stands for a name in little room: BH for Bob Hale, 江口 for 江口花子."""
    words = called.partition("@")[0].replace(".", " ").split()
    if not words:
        return "?"
    if not words[0].isascii():
        return words[0][:2]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
