"""The built-in inbox, where the mail that left can be read. It exists only where no relay is set.

A letter with a link that lets somebody in without a password is for owners alone: an editor who read the owner's would be
the owner a minute later.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter import accounts, settings
from newsletter.accounts import Role
from newsletter.errors import NotAllowed
from newsletter.inbox import Caught, Inbox
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import page_number, say

_PAGE = 50
_FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "img-src 'self' http: https: data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
_BASE = '<base target="_blank">'
_DOOR = "/dashboard/reset/"
"""How the links begin by which people choose a password."""


@blueprint.get("/inbox")
@guard.needs(Role.EDITOR)
def inbox() -> str:
    """Show the letters that left, newest first."""
    search, page = request.args.get("search", "").strip(), page_number()
    with _inbox() as kept:
        total = kept.count(search)
        letters = kept.letters(_PAGE, search, (page - 1) * _PAGE)
    pages = max(1, -(-total // _PAGE))
    return render_template(
        "dashboard/inbox.html", letters=letters, search=search, total=total, page=page, pages=pages
    )


@blueprint.get("/inbox/<letter_id>")
@guard.needs(Role.EDITOR)
def letter(letter_id: str) -> str:
    """Show one letter, in one of its four views."""
    caught = _read(letter_id)
    views = [view for view in ("html", "text", "headers", "source") if view != "html" or caught.html]
    asked = request.args.get("view", "")
    view = asked if asked in views else views[0]
    return render_template(
        "dashboard/inbox_letter.html", letter=caught, view=view, views=views, source=_source(caught)
    )


@blueprint.get("/inbox/<letter_id>/html")
@guard.needs(Role.EDITOR)
def letter_html(letter_id: str) -> Response:
    """Give the letter's HTML alone, for a frame in which nothing of it can run."""
    answer = Response(_with_base(_read(letter_id).html), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = _FRAME_POLICY
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/inbox/<letter_id>/source")
@guard.needs(Role.EDITOR)
def letter_source(letter_id: str) -> Response:
    """Give the letter as it was on the wire, to keep."""
    answer = Response(_read(letter_id).source, mimetype="message/rfc822")
    answer.headers["Content-Disposition"] = f'attachment; filename="{letter_id}.eml"'
    return answer


@blueprint.post("/inbox/empty")
@guard.needs(Role.OWNER)
def empty_inbox() -> AnyResponse:
    """Throw the letters away."""
    with _inbox() as kept:
        thrown = kept.empty()
    say("The inbox is empty; %(n)s letters were thrown away.", n=thrown)
    return redirect(url_for("dashboard.inbox"))


@contextmanager
def _inbox() -> Iterator[Inbox]:
    """Open the inbox's folder for one page; it catches nothing here, the worker's does."""
    environment = settings.environment()
    if not environment.catches_mail:
        abort(404)
    inbox = Inbox(environment.data_dir / "inbox")
    try:
        yield inbox
    finally:
        inbox.stop()


def _read(letter_id: str) -> Caught:
    with _inbox() as inbox:
        caught = inbox.read(letter_id)
    if _lets_somebody_in(caught) and not accounts.allowed(guard.person(), Role.OWNER):
        raise NotAllowed("Whoever opens the link in this letter is let in. Only an owner may read it here.")
    return caught


def _lets_somebody_in(caught: Caught) -> bool:
    return _DOOR in caught.text or _DOOR in caught.html


def _with_base(html: str) -> str:
    """Let each link of a letter open in a tab of its own."""
    head = html.lower().find("<head")
    end = html.find(">", head) + 1 if head >= 0 else 0
    return html[:end] + _BASE + html[end:] if end else _BASE + html


def _source(caught: Caught) -> str:
    return caught.source.decode("utf-8", "replace").replace("\r\n", "\n")
