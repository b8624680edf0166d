"""Letters as their readers see them, shut off from the dashboard around them."""

import re

from flask import Response as Page
from flask import abort, make_response, render_template, request

from newsletter import issues
from newsletter.accounts import Role
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.block_view import variant_asked_for
from newsletter.web.dashboard.desk import blueprint

_PREVIEW_POLICY = "default-src 'none'; img-src 'self' https: http: data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


@blueprint.get("/issues/<int:issue_id>/preview")
@guard.needs(Role.VIEWER)
def preview_issue(issue_id: int) -> Page:
    """Show one edition as its readers will get it, shut off from the dashboard."""
    found = issues.issue(issue_id)
    materials = issues.gather(found)
    chosen = request.args.get("edition", materials.languages[0])
    if chosen not in materials.languages:
        abort(404)
    letter = issues.preview(found, chosen, materials, variant_asked_for(materials, chosen, request.args))
    view = request.args.get("view", "html")
    if view == "text":
        return shut_off(render_template("dashboard/issue_text.html", text=letter.text, edition=chosen))
    return shut_off(in_scheme(letter.html, view))


def shut_off(html: str) -> Page:
    """Answer with a letter as a page of its own, which can do nothing to the dashboard around it."""
    answer = make_response(html)
    answer.headers["Content-Security-Policy"] = _PREVIEW_POLICY
    return answer


_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")


def in_scheme(html: str, scheme: str) -> str:
    """Let a mail believe that its reader has a dark or a light screen, whatever the editor's own is."""
    return _DARK.sub("@media all" if scheme == "dark" else "@media not all", html)
