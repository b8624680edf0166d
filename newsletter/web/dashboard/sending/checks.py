"""What an editor decides about what the checks found: to let an error stand, to have seen the warnings, to look again."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, errors, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say, typed
from newsletter.web.dashboard.sending.review import show_review


@blueprint.get("/issues/<int:issue_id>/checks", endpoint="issue_checks")
@guard.needs(Role.VIEWER)
def show_checks(issue_id: int) -> Response:
    """Show what is found now, for a script that waits until all links were looked at."""
    found = issues.issue(issue_id)
    inspection = issues.inspect(found, frame.language())
    may_edit = accounts.allowed(guard.person(), Role.EDITOR)
    editing = may_edit and request.args.get("on") == "editor"
    answer = make_response(
        render_template(
            "dashboard/issue_checks_alone.html",
            issue=found,
            inspection=inspection,
            editing=editing,
            deciding=may_edit and not editing,
            seen=issues.who_has_seen(issue_id),
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/issues/<int:issue_id>/checks/override")
@guard.needs(Role.EDITOR)
def override(issue_id: int) -> Response:
    """Let an error stand, with a reason that is written down."""
    person = guard.person()
    try:
        kept = issues.override(
            issue_id, typed("mark"), typed("reason"), person.called, language=frame.language()
        )
    except (errors.Invalid, errors.Conflict) as error:
        return _refused(issue_id, error)
    about = f"{issues.issue(issue_id).slug}: {kept.reason} ({kept.sentence})"
    accounts.audit(person, "overrode an error of an issue", about)
    db.session.commit()
    return _back(issue_id)


@blueprint.post("/issues/<int:issue_id>/checks/withdraw")
@guard.needs(Role.EDITOR)
def withdraw_override(issue_id: int) -> Response:
    """Let an error block again."""
    stood = issues.withdraw_override(issue_id, typed("mark"))
    if stood:
        about = f"{issues.issue(issue_id).slug}: {stood.sentence}"
        accounts.audit(guard.person(), "let an error of an issue block again", about)
        db.session.commit()
    return _back(issue_id)


@blueprint.post("/issues/<int:issue_id>/checks/seen")
@guard.needs(Role.EDITOR)
def see_warnings(issue_id: int) -> Response:
    """Note that the warnings were seen."""
    try:
        issues.see_warnings(issue_id, typed("warned") if typed("seen") else "", guard.person().called)
    except (errors.Invalid, errors.Conflict) as error:
        return _refused(issue_id, error)
    db.session.commit()
    return _back(issue_id)


@blueprint.post("/issues/<int:issue_id>/checks/look")
@guard.needs(Role.EDITOR)
def look_again(issue_id: int) -> Response:
    """Have the links looked at anew."""
    issues.look_at_links_again(issue_id)
    db.session.commit()
    return _back(issue_id)


def _refused(issue_id: int, error: errors.Invalid | errors.Conflict) -> Response:
    db.session.rollback()
    if isinstance(error, errors.Conflict):
        say(str(error), "bad")
        return _back(issue_id)
    return make_response(show_review(issues.issue(issue_id), frame.wrong(error)), 422)


def _back(issue_id: int) -> Response:
    """Go back to the review, with the time that was chosen there meanwhile."""
    when, day, hour = (typed(name) or None for name in ("when", "day", "hour"))
    return redirect(
        url_for("dashboard.review_issue", issue_id=issue_id, when=when, day=day, hour=hour, _anchor="checks")
    )
