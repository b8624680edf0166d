"""The review before an issue leaves: one sentence that says what will happen, what was found, and the way to send it."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, errors, issues, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Issue, Outlook
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.block_view import variant_rows
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say
from newsletter.web.dashboard.sending.readers_form import ReadersForm
from newsletter.web.dashboard.sending.what_happens import (
    AT,
    NOW,
    OWN,
    Choice,
    button,
    by_own_clocks,
    left_out,
    sentence,
    ways,
    would_get,
)


@blueprint.get("/issues/<int:issue_id>/review")
@guard.needs(Role.VIEWER)
def review_issue(issue_id: int) -> str | Response:
    """Show in one sentence what will happen, and what was found, before anything does."""
    found = issues.issue(issue_id)
    if found.state not in issues.OPEN:
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    return show_review(found)


@blueprint.get("/issues/<int:issue_id>/review/last")
@guard.needs(Role.EDITOR)
def last_words(issue_id: int) -> str:
    """Say what will happen at the time in the form, for a script that asks while it is chosen."""
    found = issues.issue(issue_id)
    seen = _seen(found, issues.gather(found))
    return render_template("dashboard/review_last.html", **_last_words(found, seen, _chosen(found)))


def show_review(found: Issue, wrong: dict[str, str] | None = None, form: ReadersForm | None = None) -> str:
    """Show the review, with what was typed where something of it is wrong."""
    materials = issues.gather(found)
    inspection = issues.inspect(found, frame.language(), materials)
    seen, choice = _seen(found, materials), _chosen(found)
    form = form or ReadersForm.of(found)
    counted = seen if wrong else issues.outlook(materials, form.plan)
    return render_template(
        "dashboard/issue_review.html",
        issue=found,
        name=issues.name_of(found, frame.language()),
        list=materials.mailing_list,
        editions=materials.languages,
        seen=seen,
        inspection=inspection,
        variants=variant_rows(materials, frame.language()),
        warnings_seen=issues.who_has_seen(found.id),
        typed_reason=request.form.get("reason", "").strip(),
        choice=choice,
        form=form,
        kept=issues.plan_of(found.id),
        gets=would_get(counted),
        left=left_out(counted),
        ways=ways(),
        own_clocks=issues.local_time(found.id) is not None,
        typed_test=lambda code: request.form.get(f"test-{code}", ""),
        wrong=wrong or {},
        **_last_words(found, seen, choice),
    )


def _seen(found: Issue, materials: issues.Materials) -> Outlook:
    """Look ahead; where the readers are too many to look through now, as a rehearsal saw them."""
    seen = issues.outlook(materials)
    kept = None if seen.exact else issues.rehearsed(found.id)
    return kept.seen if kept and kept.done else seen


def _last_words(found: Issue, seen: Outlook, choice: Choice) -> dict[str, object]:
    """Return the sentence, the button, and what they speak of; or what is wrong with the time, and no button."""
    try:
        moment, local, said = choice.moment, choice.by_own_clock, choice.said
        told = by_own_clocks(found, seen, local) if local else sentence(found, seen, moment)
    except errors.Invalid as error:
        return {
            "sentence": sentence(found, seen, None),
            "amiss": frame.translate().filled(str(error)),
            "button": "",
        }
    return {
        "sentence": told,
        "amiss": "",
        "button": button(seen, moment, local) if seen.total else "",
        "said": said,
    }


def _chosen(found: Issue) -> Choice:
    """Return the time in the form, or the one that was chosen before."""
    local = found.send_at.astimezone(settings.publication().zone) if found.send_at else None
    own = issues.local_time(found.id)
    local, values = own or local, request.values
    return Choice(
        values.get("when") or (OWN if own else AT if local else NOW),
        values.get("day", "").strip() or (local.date().isoformat() if local else ""),
        values.get("hour", "").strip() or (f"{local:%H:%M}" if local else "09:00"),
    )


@blueprint.post("/issues/<int:issue_id>/send")
@guard.needs(Role.EDITOR)
def send_issue(issue_id: int) -> Response:
    """Send an issue now, or let it go out at a time; but only as the sentence above the button said."""
    version = request.form.get("version", type=frame.number)
    choice = Choice(
        request.form.get("when", NOW), *(request.form.get(one, "").strip() for one in ("day", "hour"))
    )
    if request.form.get("do") == "show":
        return make_response(show_review(issues.issue(issue_id)))
    try:
        at = choice.moment
        if request.form.get("said", choice.said) != choice.said:
            return make_response(show_review(issues.issue(issue_id)))
        issues.refuse_unseen_warnings(issue_id, request.form.get("seen", ""))
        sent = issues.send(issue_id, at, version=version, by_own_clock=choice.by_own_clock)
    except (errors.Invalid, errors.Conflict) as error:
        db.session.rollback()
        found = issues.issue(issue_id)
        if found.state not in issues.OPEN:
            say(str(error), "bad")
            return redirect(url_for("dashboard.sending", issue_id=issue_id))
        return make_response(show_review(found, frame.wrong(error)), 422)
    accounts.audit(
        guard.person(), "scheduled an issue" if sent.state in issues.OPEN else "sent an issue", sent.slug
    )
    db.session.commit()
    if issues.issue(issue_id).state in issues.OPEN:
        return redirect(url_for("dashboard.review_issue", issue_id=issue_id))
    return redirect(url_for("dashboard.sending", issue_id=issue_id))


@blueprint.post("/issues/<int:issue_id>/unschedule")
@guard.needs(Role.EDITOR)
def unschedule_issue(issue_id: int) -> Response:
    """Take a scheduled issue back into the drafts."""
    try:
        back = issues.unschedule(issue_id)
    except errors.Conflict as error:
        db.session.rollback()
        say(str(error), "bad")
        return redirect(url_for("dashboard.issue", issue_id=issue_id))
    accounts.audit(guard.person(), "took an issue back from its schedule", back.slug)
    db.session.commit()
    say("It is a draft again and goes out only when you say so.")
    return redirect(url_for("dashboard.issue", issue_id=issue_id))
