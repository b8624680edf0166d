"""Sending an issue to later readers: first who they are, then the button that does it."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Conflict
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say


@blueprint.get("/issues/<int:issue_id>/later")
@guard.needs(Role.EDITOR)
def later_readers(issue_id: int) -> str | Response:
    """Show who joined the list since an issue was sent, before anything is."""
    found = issues.issue(issue_id)
    try:
        readers = issues.later_readers(issue_id)
    except Conflict as error:
        return _back(issue_id, error)
    return render_template(
        "dashboard/sending_later.html",
        issue=found,
        name=issues.name_of(found, frame.language()),
        editions=issues.editions(issue_id),
        readers=readers,
        total=sum(readers.values()),
    )


@blueprint.post("/issues/<int:issue_id>/later")
@guard.needs(Role.EDITOR)
def send_to_later_readers(issue_id: int) -> Response:
    """Send an issue also to those who joined its list since."""
    try:
        added = issues.send_to_later_readers(issue_id)
    except Conflict as error:
        return _back(issue_id, error)
    if added:
        accounts.audit(guard.person(), "sent an issue to later readers", issues.issue(issue_id).slug)
    db.session.commit()
    if added:
        say("The issue goes out to %(n)s more.", n=added)
    else:
        say("Nobody has joined since; nothing was sent.", "warn")
    return redirect(url_for("dashboard.sending", issue_id=issue_id))


def _back(issue_id: int, error: Conflict) -> Response:
    db.session.rollback()
    say(str(error), "warn")
    return redirect(url_for("dashboard.sending", issue_id=issue_id))
