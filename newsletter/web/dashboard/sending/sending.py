"""The sending of an issue: how far it has come while it goes out, and what became of it afterwards."""

from collections.abc import Callable

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, audience, delivery, errors, insights, issues
from newsletter.accounts import AuditRecord, Role
from newsletter.database import db
from newsletter.issues import Issue
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import page_number, say
from newsletter.web.dashboard.letters import shut_off
from newsletter.web.dashboard.sending.view import words_of


@blueprint.get("/issues/<int:issue_id>/sending")
@guard.needs(Role.VIEWER)
def sending(issue_id: int) -> str | Response:
    """Show how far an issue has come, or what became of it."""
    found = issues.issue(issue_id)
    if found.mailing_id is None:
        return redirect(url_for("dashboard.issues"))
    followed = insights.followed(found.id)
    return render_template(
        "dashboard/sending.html",
        followed=followed,
        sure=_is_asked(),
        deeds=_deeds(found),
        **words_of(found, found.mailing_id),
    )


def _deeds(found: Issue) -> list[tuple[AuditRecord, str]]:
    """Return who did what about an issue, each with what more was said of it; for those who may name colleagues."""
    if not accounts.allowed(guard.person(), Role.EDITOR):
        return []
    return [
        (deed, deed.about.removeprefix(found.slug).lstrip(" :,·"))
        for deed in accounts.deeds_about(found.slug)
    ]


@blueprint.get("/issues/<int:issue_id>/sending/now")
@guard.needs(Role.VIEWER)
def sending_now(issue_id: int) -> Response:
    """Give the part of the page that changes, for a script that asks every second."""
    found = issues.issue(issue_id)
    if found.mailing_id is None:
        raise errors.NotFound("This issue is not being sent.")
    words = words_of(found, found.mailing_id)
    answer = make_response(
        render_template("dashboard/sending_now.html", alone=True, sure=_is_asked(), **words)
    )
    if words["ended"]:
        answer.headers["X-Done"] = "1"
    return answer


def _is_asked() -> str | None:
    """Tell whether the page asks if the rest is to be cancelled: then it does not come again by itself while it is read."""
    return "yes" if request.args.get("sure") == "yes" else None


@blueprint.get("/issues/<int:issue_id>/editions/<code>")
@guard.needs(Role.VIEWER)
def sent_edition(issue_id: int, code: str) -> Response:
    """Show an edition as it was sent, without anybody's personal links."""
    return shut_off(issues.edition(issue_id, code).web_html)


# Steering


@blueprint.post("/issues/<int:issue_id>/pause")
@guard.needs(Role.EDITOR)
def pause_issue(issue_id: int) -> Response:
    """Pause the sending after what is on the wire."""
    by = guard.person().called
    return _steer(issue_id, "paused an issue", lambda: issues.pause(issue_id, by))


@blueprint.post("/issues/<int:issue_id>/resume")
@guard.needs(Role.EDITOR)
def resume_issue(issue_id: int) -> Response:
    """Let a paused issue go on."""
    return _steer(issue_id, "resumed an issue", lambda: issues.resume(issue_id))


@blueprint.post("/issues/<int:issue_id>/cancel")
@guard.needs(Role.EDITOR)
def cancel_issue(issue_id: int) -> Response:
    """Send nothing more of an issue; asked once more first."""
    if request.form.get("sure") != "yes":
        say("Nothing was cancelled. Tick the box to cancel the rest.", "warn")
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    return _steer(issue_id, "cancelled the rest of an issue", lambda: issues.cancel(issue_id))


@blueprint.post("/issues/<int:issue_id>/resend-unknown")
@guard.needs(Role.EDITOR)
def resend_unknown(issue_id: int) -> Response:
    """Send again what may or may not have arrived and is held."""
    return _steer(issue_id, "sent the unknown of an issue again", lambda: issues.resend_unknown(issue_id))


def _steer(issue_id: int, what: str, turn: Callable[[], object]) -> Response:
    try:
        turn()
    except errors.Conflict as error:
        db.session.rollback()
        say(str(error), "warn")
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    accounts.audit(guard.person(), what, issues.issue(issue_id).slug)
    db.session.commit()
    return redirect(url_for("dashboard.sending", issue_id=issue_id))


# The rows behind the sums


@blueprint.get("/issues/<int:issue_id>/recipients")
@guard.needs(Role.EDITOR)
def recipients(issue_id: int) -> str | Response:
    """Show who got an issue and who did not, row by row."""
    found = issues.issue(issue_id)
    if found.mailing_id is None:
        return redirect(url_for("dashboard.issues"))
    asked = request.args.get("state", "")
    state = delivery.State(asked) if asked in set(delivery.State) else None
    return render_template(
        "dashboard/sending_recipients.html",
        issue=found,
        name=issues.name_of(found, frame.language()),
        progress=delivery.progress(found.mailing_id),
        page=delivery.recipients(found.mailing_id, state, page_number()),
        language_of=audience.language_of,
        chosen=state,
        states=[(one.value, frame.translate()(_STATES[one])) for one in delivery.State],
        words={one.value: frame.translate()(_STATES[one]) for one in delivery.State},
    )


_STATES = {
    delivery.State.QUEUED: "Queued",
    delivery.State.SENDING: "On the wire",
    delivery.State.SENT: "Sent",
    delivery.State.DEFERRED: "Deferred",
    delivery.State.REFUSED: "Refused",
    delivery.State.UNKNOWN: "Unknown",
    delivery.State.WITHDRAWN: "Withdrawn",
    delivery.State.SUPPRESSED: "Suppressed",
}
