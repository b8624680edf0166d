"""The issues: all of them by where they stand, a new one, and one thrown away."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, audience, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Issue, State
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import page_number, say


@blueprint.get("/issues", endpoint="issues")
@guard.needs(Role.VIEWER)
def show_issues() -> str:
    """Show all issues by where they stand."""
    lists = {one.id: one for one in audience.lists()}
    found = issues.issues(page=page_number())
    standing = {one.id: issues.state_of(one) for one in found}
    reports = {one.id: issues.report(one.id) for one in found if one.mailing_id is not None}
    groups = {
        "open": [one for one in found if standing[one.id] in issues.OPEN],
        "sending": [one for one in found if standing[one.id] is State.SENDING],
        "past": [one for one in found if standing[one.id] in (State.SENT, State.CANCELLED)],
    }
    return render_template(
        "dashboard/issues.html",
        lists=lists,
        names={one.id: issues.name_of(one, frame.language()) for one in found},
        titles={one.id: _title(one) for one in found},
        groups=groups,
        standing=standing,
        reports=reports,
        more=len(found) == issues.PAGE,
        number=page_number(),
    )


@blueprint.get("/issues/new")
@guard.needs(Role.EDITOR)
def new_issue() -> str:
    """Show which lists a new issue can be of."""
    lists = audience.lists()
    counted = audience.all_counts()
    counts = {one.id: counted.get(one.id, audience.ListCounts()).confirmed for one in lists}
    proposals = {one.id: issues.entries_to_propose(one) for one in lists}
    return render_template("dashboard/issue_new.html", lists=lists, counts=counts, proposals=proposals)


@blueprint.post("/issues/new")
@guard.needs(Role.EDITOR)
def begin_issue() -> Response:
    """Begin an issue and open it."""
    begun = issues.draft(request.form.get("list", type=frame.number) or 0, by=guard.person().called)
    accounts.audit(guard.person(), "began an issue", begun.slug)
    db.session.commit()
    return redirect(url_for("dashboard.issue", issue_id=begun.id))


@blueprint.post("/issues/<int:issue_id>/discard")
@guard.needs(Role.EDITOR)
def discard_issue(issue_id: int) -> Response:
    """Throw a draft away."""
    slug = issues.issue(issue_id).slug
    issues.discard(issue_id)
    accounts.audit(guard.person(), "threw a draft away", slug)
    db.session.commit()
    say("The draft is gone.")
    return redirect(url_for("dashboard.issues"))


def _title(found: Issue) -> tuple[str, str]:
    """Return the subject to show in the page's language, and the language it is in."""
    for code in (frame.language(), *found.subjects):
        if found.subjects.get(code):
            return found.subjects[code], code
    return "", frame.language()
