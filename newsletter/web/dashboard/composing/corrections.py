"""Setting right what readers were told of an event: which issues told it, how it differs now, and the letter that says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, audience, entries, issues
from newsletter.accounts import Role
from newsletter.audience import MailingList
from newsletter.database import db
from newsletter.entries import Entry
from newsletter.issues import Issue, Outdated, State, Told
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say


@dataclass(frozen=True)
class Telling:
    """An issue that told the event, and how readers know it from there."""

    issue: Issue
    name: str
    when: str
    place: str
    cancelled: bool
    going_out: bool


@blueprint.get("/entries/<int:number>/correction")
@guard.needs(Role.VIEWER)
def correction(number: int) -> str:
    """Show what readers were told of an event beside how it is now."""
    entry, language = entries.get(number), frame.language()
    found = issues.outdated(number)
    lists = {one.id: one for one in audience.lists()}
    return render_template(
        "dashboard/correction.html",
        entry=entry,
        title=issues.in_quotes(entry.title(language), language),
        now=_now(entry),
        tellings=list(_tellings(number)),
        found=[(one, lists[one.told.list_id]) for one in found],
        readers=_readers(found, lists),
        names={
            one.correction.id: issues.name_of(one.correction, language) for one in found if one.correction
        },
    )


def _now(entry: Entry) -> tuple[str, str]:
    return entries.write_days_of(entry.days, frame.language()), entry.fact("venue", frame.language())[0]


def _tellings(number: int) -> Iterator[Telling]:
    for told in issues.told(number):
        found = issues.issue(told.issue_id)
        facts = _facts(told)
        days = entries.write_days_of(entries.days_from(facts["days"]), frame.language())
        name = issues.name_of(found, frame.language())
        yield Telling(found, name, days, facts["place"], facts["cancelled"], _goes_out(found))


def _goes_out(found: Issue) -> bool:
    return issues.state_of(found) is State.SENDING


def _facts(told: Told) -> dict[str, Any]:
    return told.facts_in.get(frame.language(), told.facts)


def _readers(found: list[Outdated], lists: dict[int, MailingList]) -> dict[int, int]:
    counted = audience.all_counts()
    wanted = {one.told.list_id for one in found} & set(lists)
    return {number: counted.get(number, audience.ListCounts()).confirmed for number in wanted}


@blueprint.post("/entries/<int:number>/correction")
@guard.needs(Role.EDITOR)
def begin_correction(number: int) -> Response:
    """Begin the issue that tells the readers of a list how it is now."""
    begun = issues.correct(number, request.form.get("list", type=frame.number) or 0, by=guard.person().called)
    accounts.audit(guard.person(), "began an issue", begun.slug)
    db.session.commit()
    return redirect(url_for("dashboard.issue", issue_id=begun.id))


@blueprint.post("/entries/<int:number>/correction/settle")
@guard.needs(Role.EDITOR)
def settle_correction(number: int) -> Response:
    """Leave it at what the readers of a list know."""
    issues.need_not_tell(number, request.form.get("list", type=frame.number) or 0)
    db.session.commit()
    say("Nobody is asked about it again, unless the event changes once more.")
    return redirect(url_for("dashboard.overview"))
