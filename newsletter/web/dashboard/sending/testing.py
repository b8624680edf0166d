"""Tests of an issue from its review: to oneself, to the group, or to one address for each language."""

from collections.abc import Callable

from flask import make_response, redirect, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, audience, errors, issues
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Issue
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say, typed
from newsletter.web.dashboard.sending.review import show_review


@blueprint.post("/issues/<int:issue_id>/tests/<whom>")
@guard.needs(Role.EDITOR)
def send_tests(issue_id: int, whom: str) -> Response:
    """Send a test, and show the review again."""
    found = issues.issue(issue_id)
    if found.state not in issues.OPEN:
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    try:
        _WHOM.get(whom, _to_me)(found)
    except errors.Invalid as error:
        db.session.rollback()
        return make_response(show_review(issues.issue(issue_id), frame.wrong(error)), 422)
    accounts.audit(guard.person(), "sent a test of an issue", found.slug)
    db.session.commit()
    return redirect(url_for("dashboard.review_issue", issue_id=issue_id, _anchor="test"))


def _to_me(found: Issue) -> None:
    issues.test(found.id, guard.person().email)
    say("A test of each edition is on its way to %(address)s.", address=guard.person().email)


def _to_group(found: Issue) -> None:
    say(
        "A test of each edition is on its way to the %(n)s addresses of the group.",
        n=issues.test_to_group(found.id),
    )


def _by_language(found: Issue) -> None:
    in_languages = audience.mailing_list(found.list_id).languages
    issues.test_by_language(found.id, {one: typed(f"test-{one}") for one in in_languages})
    say("The tests are on their way.")


_WHOM: dict[str, Callable[[Issue], None]] = {"me": _to_me, "group": _to_group, "languages": _by_language}
