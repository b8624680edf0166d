"""Letters as their readers see them, shut off from the dashboard around them."""

import re

from flask import Response as Page
from flask import abort, make_response, render_template, request

from newsletter import accounts, audience, issues
from newsletter.accounts import Role
from newsletter.audience import Subscriber
from newsletter.issues import Materials
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.block_view import variant_asked_for
from newsletter.web.dashboard.desk import blueprint

_PREVIEW_POLICY = "default-src 'none'; img-src 'self' https: http: data:; style-src 'unsafe-inline'; sandbox allow-same-origin; frame-ancestors 'self'"


_SUGGESTED = 8


@blueprint.get("/issues/<int:issue_id>/preview")
@guard.needs(Role.VIEWER)
def preview_issue(issue_id: int) -> Page:
    """Show one edition as its readers will get it, or as one of them does, shut off from the dashboard."""
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


def shut_off(html: str) -> Page:
    """Answer with a letter as a page of its own, which can do nothing to the dashboard around it."""
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    return answer


_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")


def in_scheme(html: str, scheme: str) -> str:
    """Let a mail believe that its reader has a dark or a light screen, whatever the editor's own is."""
    return _DARK.sub("@media all" if scheme == "dark" else "@media not all", html)
