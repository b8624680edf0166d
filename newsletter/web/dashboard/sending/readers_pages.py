"""Choosing to whom an issue goes, with a count that follows while one chooses."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, errors, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say
from newsletter.web.dashboard.sending.readers_form import ReadersForm, read_plan
from newsletter.web.dashboard.sending.review import show_review
from newsletter.web.dashboard.sending.what_happens import left_out, would_get


@blueprint.get("/issues/<int:issue_id>/readers")
@guard.needs(Role.EDITOR)
def count_readers(issue_id: int) -> str:
    """Count who would get an issue by the form, for a script that asks while it is changed."""
    found = issues.issue(issue_id)
    try:
        planned = issues.checked_plan(found, read_plan(request.args))
    except errors.Invalid as error:
        return render_template("dashboard/review_count.html", amiss=frame.translate().filled(str(error)))
    seen = issues.outlook(issues.gather(found), planned)
    return render_template("dashboard/review_count.html", gets=would_get(seen), left=left_out(seen))


@blueprint.post("/issues/<int:issue_id>/readers")
@guard.needs(Role.EDITOR)
def choose_readers(issue_id: int) -> Response:
    """Keep to whom an issue goes; or with the button for that only count them."""
    found, planned = issues.issue(issue_id), read_plan(request.form)
    version = request.form.get("version", type=frame.number) or 0
    if found.state not in issues.OPEN:
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    try:
        if request.form.get("do") == "count":
            issues.checked_plan(found, planned)
            return make_response(show_review(found, form=ReadersForm(found, planned)))
        changed = issues.plan(issue_id, version, planned, guard.person().called)
    except (errors.Invalid, errors.Conflict) as error:
        db.session.rollback()
        found = issues.issue(issue_id)
        return make_response(show_review(found, frame.wrong(error), ReadersForm(found, planned)), 422)
    accounts.audit(guard.person(), "chose the readers of an issue", changed.slug)
    db.session.commit()
    say("The issue goes to these readers.")
    return redirect(url_for("dashboard.review_issue", issue_id=issue_id))
