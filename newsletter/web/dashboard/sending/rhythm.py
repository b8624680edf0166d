"""When the issues of a list come out by themselves: the rule, its next three dates, and what is done on them."""

from dataclasses import dataclass, replace

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from newsletter import accounts, audience, clock, errors, issues, languages, settings
from newsletter.accounts import Role
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.issues import Beat, Recurrence, Rhythm
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import clock_time, say

_USUAL = Recurrence(Rhythm(Beat.WEEKDAY_OF_MONTH, clock_time("9:00")))


@dataclass(frozen=True)
class Words:
    """What can be chosen, each as pairs of value and words."""

    beats: list[tuple[str, str]]
    weekdays: list[tuple[str, str]]
    nths: list[tuple[str, str]]


@blueprint.get("/lists/<slug>/rhythm")
@guard.needs(Role.EDITOR)
def rhythm(slug: str) -> str:
    """Show when the issues of a list come out."""
    the_list = audience.mailing_list(slug)
    return _page(the_list, issues.recurrence(the_list.id) or _USUAL)


@blueprint.get("/lists/<slug>/rhythm/dates")
@guard.needs(Role.EDITOR)
def rhythm_dates(slug: str) -> str:
    """Say what the rule in the form means, for a script that asks while it is changed."""
    the_list = audience.mailing_list(slug)
    try:
        chosen = _read(request.args, issues.recurrence(the_list.id))
    except errors.Invalid as error:
        return render_template("dashboard/rhythm_dates.html", amiss=frame.translate().filled(str(error)))
    return render_template("dashboard/rhythm_dates.html", **_told(chosen))


@blueprint.post("/lists/<slug>/rhythm")
@guard.needs(Role.EDITOR)
def set_rhythm(slug: str) -> Response:
    """Keep the rule; or with the button for that only show what it means."""
    the_list = audience.mailing_list(slug)
    before = issues.recurrence(the_list.id)
    try:
        chosen = _read(request.form, before)
        if request.form.get("do") == "show":
            return make_response(_page(the_list, chosen))
        issues.set_recurrence(the_list.id, chosen)
    except errors.Invalid as error:
        db.session.rollback()
        the_list = audience.mailing_list(slug)
        return make_response(_page(the_list, before or _USUAL, frame.wrong(error)), 422)
    accounts.audit(guard.person(), "set when issues come out", slug)
    db.session.commit()
    say("The issues of this list come out by this rule.")
    return redirect(url_for("dashboard.rhythm", slug=slug))


@blueprint.post("/lists/<slug>/rhythm/<turn>")
@guard.needs(Role.EDITOR)
def turn_rhythm(slug: str, turn: str) -> Response:
    """Pause, resume or end a rule."""
    list_id = audience.mailing_list(slug).id
    match turn:
        case "pause":
            issues.pause_recurrence(list_id, guard.person().called)
        case "resume":
            issues.resume_recurrence(list_id)
        case "end":
            issues.end_recurrence(list_id)
        case _:
            abort(404)
    accounts.audit(guard.person(), _TURNS[turn], slug)
    db.session.commit()
    return redirect(url_for("dashboard.rhythm", slug=slug))


_TURNS = {
    "pause": "paused when issues come out",
    "resume": "resumed when issues come out",
    "end": "ended when issues come out",
}


def _page(the_list: MailingList, shown: Recurrence, wrong: dict[str, str] | None = None) -> str:
    kept = issues.recurrence(the_list.id)
    last = issues.issue(kept.issue_id) if kept and kept.issue_id else None
    zone = settings.publication().timezone
    return render_template(
        "dashboard/rhythm.html",
        the_list=the_list,
        shown=shown,
        kept=kept,
        last=last,
        last_name=issues.name_of(last, frame.language()) if last else "",
        words=_words(),
        most_weeks=issues.MOST_WEEKS,
        most_ahead=issues.MOST_AHEAD,
        place=languages.place_of(zone, frame.language()),
        country=languages.country_name(languages.country_of(zone), frame.language()),
        wrong=wrong or {},
        typed=request.form,
        **_told(shown),
    )


def _told(chosen: Recurrence) -> dict[str, object]:
    return {
        "says": issues.write_rhythm(chosen.rhythm, frame.language()),
        "dates": issues.next_dates(chosen.rhythm),
    }


def _read(form: MultiDict[str, str], before: Recurrence | None) -> Recurrence:
    """Read a rule from a form. Weeks go on being counted from where they were, unless the rule is another."""
    beat = form.get("beat", "")
    if beat not in set(Beat):
        raise errors.Invalid("Choose how often issues come out.", "beat")
    chosen = Rhythm(
        Beat(beat),
        clock_time(form.get("hour", "")),
        _number(form, "weekday", 0),
        _number(form, "nth", 1),
        _number(form, "weeks", 1),
        clock.now().astimezone(settings.publication().zone).date(),
    )
    if before and replace(chosen, since=before.rhythm.since, hour=before.rhythm.hour) == before.rhythm:
        chosen = replace(chosen, since=before.rhythm.since)
    sends, skips = form.get("sends") == "yes", form.get("skips") == "1"
    return Recurrence(chosen, _number(form, "ahead", 0), sends, skips)


def _number(form: MultiDict[str, str], name: str, usual: int) -> int:
    found = form.get(name, type=frame.number)
    return usual if found is None else found


def _words() -> Words:
    t, language = frame.translate(), frame.language()
    return Words(
        [(beat.value, t(words)) for beat, words in _BEATS.items()],
        [(str(day), languages.weekday_name(day, language)) for day in range(7)],
        [(str(nth), t(words)) for nth, words in _NTHS.items()],
    )


_BEATS = {
    Beat.WEEKDAY_OF_MONTH: "On a weekday of the month",
    Beat.WEEKS: "Every week, or every few weeks",
    Beat.FIRST_WORKING_DAY: "On the first working day of the month",
    Beat.LAST_WORKING_DAY: "On the last working day of the month",
}
_NTHS = {1: "the first", 2: "the second", 3: "the third", 4: "the fourth", issues.LAST: "the last"}
