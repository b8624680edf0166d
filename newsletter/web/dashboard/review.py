"""The review before an issue leaves: one sentence that says what will happen, what was found, and the way to send it."""

from datetime import MAXYEAR, MINYEAR, date, datetime

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, audience, clock, errors, issues, languages, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Issue, State
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.block_view import variant_rows
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import clock_time, say, typed


@blueprint.get("/issues/<int:issue_id>/review")
@guard.needs(Role.VIEWER)
def review_issue(issue_id: int) -> str | Response:
    """Show in one sentence what will happen, and what was found, before anything does."""
    found = issues.issue(issue_id)
    if found.state not in issues.OPEN:
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    return show_review(found)


def show_review(found: Issue, wrong: dict[str, str] | None = None) -> str:
    """Show the review, with what was wrong in what somebody typed there."""
    materials = issues.gather(found)
    inspection = issues.inspect(found, frame.language(), materials)
    readers = audience.count_by_language(found.list_id, materials.languages)
    local = (found.send_at or clock.now()).astimezone(settings.publication().zone)
    return render_template(
        "dashboard/issue_review.html",
        issue=found,
        name=issues.name_of(found, frame.language()),
        list=materials.mailing_list,
        sentence=_sentence(found, readers),
        editions=materials.languages,
        readers=readers,
        total=sum(readers.values()),
        inspection=inspection,
        variants=variant_rows(materials, frame.language()),
        seen=issues.who_has_seen(found.id),
        typed_reason=typed("reason"),
        place=languages.place_of(settings.publication().timezone, frame.language()),
        day=typed("day") or (local.date().isoformat() if found.send_at else ""),
        hour=typed("hour") or (f"{local:%H:%M}" if found.send_at else "09:00"),
        wrong=wrong or {},
    )


def _sentence(found: Issue, readers: dict[str, int]) -> str:
    """Say in one sentence what sending will do to whom."""
    t, language = frame.translate(), frame.language()
    total = languages.write_number(sum(readers.values()), language)
    parts = [
        t(
            "%(n)s in %(language)s",
            n=languages.write_number(count, language),
            language=languages.language_name(code, language),
        )
        for code, count in readers.items()
    ]
    values = {
        "name": issues.name_of(found, language),
        "n": total,
        "parts": languages.write_list(parts, language),
    }
    if found.state is State.SCHEDULED and found.send_at:
        written = languages.write_moment(found.send_at, settings.publication().timezone, language)
        return t("%(name)s goes to %(n)s readers on %(moment)s: %(parts)s.", moment=written, **values)
    return t("%(name)s goes to %(n)s readers: %(parts)s.", **values)


@blueprint.post("/issues/<int:issue_id>/send")
@guard.needs(Role.EDITOR)
def send_issue(issue_id: int) -> Response:
    """Send an issue now, or let it go out at a time."""
    version = request.form.get("version", type=frame.number)
    try:
        at = _moment() if request.form.get("when") == "at" else None
        issues.refuse_unseen_warnings(issue_id, typed("seen"))
        sent = issues.send(issue_id, at, version=version)
    except (errors.Invalid, errors.Conflict) as error:
        db.session.rollback()
        found = issues.issue(issue_id)
        if found.state not in issues.OPEN:
            say(str(error), "bad")
            return redirect(url_for("dashboard.sending", issue_id=issue_id))
        return make_response(show_review(found, frame.wrong(error)), 422)
    accounts.audit(guard.person(), "scheduled an issue" if at else "sent an issue", sent.slug)
    db.session.commit()
    if at:
        return redirect(url_for("dashboard.review_issue", issue_id=issue_id))
    return redirect(url_for("dashboard.sending", issue_id=issue_id))


def _moment() -> datetime:
    """Read day and hour as clocks show them where the publication is."""
    try:
        day = date.fromisoformat(typed("day"))
    except ValueError:
        raise errors.Invalid("Choose the day on which it goes out.", "day") from None
    if not MINYEAR < day.year < MAXYEAR:
        raise errors.Invalid("This year cannot be right.", "day")
    return datetime.combine(day, clock_time(typed("hour")), settings.publication().zone)


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
