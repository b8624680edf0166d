"""The rehearsal of an issue: all its messages written and none sent, and the message of one reader to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, audience, delivery, errors, insights, issues, languages
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.issues import Issue, Rehearsed, Sample
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say
from newsletter.web.dashboard.letters import shut_off
from newsletter.web.dashboard.sending.what_happens import reason, would_get

_FOUND = 10
_CLIPPED = 102 * 1024
"""Gmail shows no more of a message's HTML than so many octets."""


@blueprint.get("/issues/<int:issue_id>/rehearsal")
@guard.needs(Role.EDITOR)
def rehearsal(issue_id: int) -> str | Response:
    """Show what a rehearsal has come to, and find a reader to see their message."""
    found = issues.issue(issue_id)
    if found.state not in issues.OPEN:
        return redirect(url_for("dashboard.sending", issue_id=issue_id))
    search = request.args.get("search", "").strip()
    reader = request.args.get("reader", type=frame.number)
    return render_template(
        "dashboard/rehearsal.html",
        search=search,
        found_readers=audience.search(search).items[:_FOUND] if search and not reader else (),
        shown=_shown(found, reader) if reader else None,
        **_words(found),
    )


@blueprint.get("/issues/<int:issue_id>/rehearsal/now")
@guard.needs(Role.EDITOR)
def rehearsal_now(issue_id: int) -> Response:
    """Give how far it is, for a script that asks every second."""
    words = _words(issues.issue(issue_id))
    answer = make_response(render_template("dashboard/rehearsal_now.html", **words))
    kept = words["kept"]
    if kept is None or (isinstance(kept, Rehearsed) and kept.done):
        answer.headers["X-Done"] = "1"
    return answer


@blueprint.post("/issues/<int:issue_id>/rehearsal")
@guard.needs(Role.EDITOR)
def begin_rehearsal(issue_id: int) -> Response:
    """Write all messages and send none: of few readers at once, of many in the background."""
    try:
        issues.rehearse(issue_id)
    except (errors.Invalid, errors.Conflict) as error:
        db.session.rollback()
        say(str(error), "bad")
        return redirect(url_for("dashboard.review_issue", issue_id=issue_id))
    accounts.audit(guard.person(), "rehearsed an issue", issues.issue(issue_id).slug)
    db.session.commit()
    return redirect(url_for("dashboard.rehearsal", issue_id=issue_id))


@blueprint.get("/issues/<int:issue_id>/rehearsal/<int:reader>")
@guard.needs(Role.EDITOR)
def rehearsed_message(issue_id: int, reader: int) -> Response:
    """Show one reader's message as a page of its own."""
    message = _read(issues.sample(issue_id, reader))
    body = message.get_body(("html",)) if message else None
    if body is None:
        raise errors.NotFound("This reader gets no message.")
    return shut_off(body.get_content())


@dataclass(frozen=True)
class Shown:
    """One reader's message: what its head says, and how large it is; or why there is none."""

    reader: int
    address: str
    edition: str = ""
    head: tuple[tuple[str, str], ...] = ()
    size: int = 0
    why: str = ""


_HEAD = ("From", "To", "Subject", "List-Id", "List-Unsubscribe")


def _shown(found: Issue, reader: int) -> Shown:
    address = audience.subscriber(reader).address
    try:
        sample = issues.sample(found.id, reader)
    except errors.Invalid as error:
        return Shown(reader, address, why=frame.translate().filled(str(error)))
    message = _read(sample)
    if message is None:
        return Shown(reader, address, why=frame.translate()(sample.why))
    edition = languages.language_name(audience.language_of(sample.variant), frame.language())
    head = tuple((name, str(message[name])) for name in _HEAD if message[name])
    return Shown(reader, address, edition, head, len(sample.message))


def _read(sample: Sample) -> EmailMessage | None:
    return message_from_bytes(sample.message, policy=policy.default) if sample.message else None


def _words(found: Issue) -> dict[str, object]:
    kept = issues.rehearsed(found.id)
    words: dict[str, object] = {
        "issue": found,
        "name": issues.name_of(found, frame.language()),
        "kept": kept,
    }
    return words | (_told(kept) if kept else {})


def _told(kept: Rehearsed) -> dict[str, object]:
    language = frame.language()
    expected = delivery.expected(kept.written, kept.domains)
    paused = {one.name: one for one in delivery.destinations() if one.paused_until}
    return {
        "share": kept.looked_at * 100 // kept.readers if kept.readers else 100,
        "gets": would_get(kept.seen),
        "left_out": [reason(why, count) for why, count in kept.seen.left_out.items()],
        "sizes": [(code, *size) for code, size in kept.sizes.items()],
        "clipped": kept.largest > _CLIPPED,
        "largest_reader": _address(kept.largest_for),
        "unwritten": [(one, _FIELDS.get(one.field, "")) for one in kept.unwritten],
        "expected": expected,
        "duration": insights.write_duration(expected.duration, language)
        if expected.duration is not None
        else "",
        "waits": [(paused[name], count) for name, count in kept.domains.items() if name in paused],
    }


def _address(reader: int | None) -> str:
    try:
        return audience.subscriber(reader).address if reader else ""
    except errors.NotFound:
        return ""


_FIELDS: Mapping[str, str] = {"To": "Name", "email": "Address", "Subject": "Subject"}
"""What the fields are called on the screen in which a message was found wrong."""
