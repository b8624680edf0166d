"""Letters as their readers see them, shut off from the dashboard around them."""

from flask import Response as Page
from flask import abort, render_template, request

from newsletter import accounts, audience, issues
from newsletter.accounts import Role
from newsletter.audience import Subscriber
from newsletter.database import begin_reading, db
from newsletter.issues import Materials
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.block_view import variant_asked_for
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.letters import in_scheme, shut_off

_SUGGESTED = 8


@blueprint.get("/issues/<int:issue_id>/preview")
@guard.needs(Role.VIEWER)
def preview_issue(issue_id: int) -> Page:
    """Show one edition as its readers will get it, or as one of them does, shut off from the dashboard."""
    db.session.commit()
    begin_reading()
    found = issues.issue(issue_id)
    materials = issues.gather(found)
    chosen = request.args.get("edition", materials.languages[0])
    if chosen not in materials.languages:
        abort(404)
    reader = _reader(materials)
    if reader:
        chosen = _edition_of(reader, materials)
        variant = issues.variant_of_reader(materials, reader.id)
    else:
        variant = variant_asked_for(materials, chosen, request.args)
    letter = issues.preview(found, chosen, materials, variant, reader.name if reader else "")
    view = request.args.get("view", "html")
    if view == "text":
        return shut_off(render_template("dashboard/issue_text.html", text=letter.text, edition=chosen))
    return shut_off(in_scheme(letter.html, view))


@blueprint.get("/issues/<int:issue_id>/preview/readers")
@guard.needs(Role.EDITOR)
def readers_to_see_as(issue_id: int) -> str:
    """Suggest readers by a part of their address or name, and say as whom the preview reads."""
    materials = issues.gather(issues.issue(issue_id))
    reader = _reader(materials)
    return render_template(
        "dashboard/issue_readers.html",
        asked=request.args.get("reader", "").strip(),
        found=_search(materials, _SUGGESTED),
        reader=reader,
        edition=_edition_of(reader, materials) if reader else "",
    )


def _reader(materials: Materials) -> Subscriber | None:
    """Find the reader who was asked for; addresses are for editors alone."""
    if not accounts.allowed(guard.person(), Role.EDITOR):
        return None
    return next(iter(_search(materials, 1)), None)


def _search(materials: Materials, most: int) -> list[Subscriber]:
    text = request.args.get("reader", "").strip()
    if not text:
        return []
    found = audience.search(text, materials.issue.list_id, audience.State.CONFIRMED)
    return [one.subscriber for one in found.items[:most]]


def _edition_of(reader: Subscriber, materials: Materials) -> str:
    return reader.language if reader.language in materials.languages else materials.languages[0]
