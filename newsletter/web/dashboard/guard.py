"""Who may see which page of the dashboard. Denied by default: a view that says nothing is shown to nobody.

Each view is marked, once, beside its route:

    @blueprint.get("/lists")
    @guard.needs(Role.VIEWER)
    def lists() -> str: ...

The few doors that strangers may use (sign-in, a link to set a password, the first set-up) are marked `open_to_strangers`.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from newsletter import accounts
from newsletter.accounts import Role, User
from newsletter.web import frame

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "guarded_by"
_STRANGERS = "strangers"
_SESSION = "person"


class Unmarked(RuntimeError):
    """A view of the dashboard says nothing about who may see it: a mistake in our code."""


def needs(role: Role) -> Callable[[View], View]:
    """Mark a view as one for `role` and those who may more."""

    def mark(view: View) -> View:
        setattr(view, _MARK, role)
        return view

    return mark


def open_to_strangers(view: View) -> View:
    """Mark a view as one for everybody, signed in or not."""
    setattr(view, _MARK, _STRANGERS)
    return view


def mark_of(view: Callable[..., Any]) -> Role | str | None:
    """Return what a view was marked with, or nothing."""
    return getattr(view, _MARK, None)


def check() -> AnyResponse | None:
    """Stand before every view of the dashboard."""
    mark = mark_of(current_app.view_functions[request.endpoint or ""])
    if mark is None:
        raise Unmarked(f"{request.endpoint} does not say who may see it; mark it with guard.needs(Role.…)")
    found = recognise()
    if not isinstance(mark, Role):
        return None
    if found is None:
        return _show_in()
    return None if accounts.allowed(found, mark) else _refuse(mark)


def recognise() -> User | None:
    """Find out whose session this is, if anybody's, and speak their language unless the link asks for another."""
    found = accounts.user_of_session(session.get(_SESSION))
    accounts.act_as(found)
    if found is not None:
        g.person = found
        frame.speak_unless_asked(found.language)
    return found


def person() -> User:
    """Return who is signed in; for views that need a role."""
    found = g.get("person")
    if not isinstance(found, User):
        raise Unmarked(f"{request.endpoint} is open to strangers, and asks who is signed in")
    return found


def is_signed_in() -> bool:
    """Tell whether somebody is signed in; for views that strangers may use too."""
    return isinstance(g.get("person"), User)


def let_in(user: User) -> None:
    """Begin a session for a person, in place of whatever session there was. The view commits."""
    let_out()
    session.permanent = True
    session[_SESSION] = accounts.begin_session(user)
    g.person = user


def let_out() -> None:
    """End the session, and with it every copy of its cookie. The view commits."""
    accounts.end_session(session.get(_SESSION))
    session.clear()
    g.pop("person", None)


def words() -> dict[str, Any]:
    """Give the templates who is signed in (`you`) and what they may (`may("editor")`)."""
    you = g.get("person")
    return {"you": you, "may": lambda role: accounts.allowed(you, Role(role))}


def words_of_whoever_is_there() -> dict[str, Any]:
    """Give the same at an address before which the guard did not stand, because there is no such page."""
    if "person" not in g:
        recognise()
    return words()


def safe_next(target: str | None) -> str:
    """Return where to go after the sign-in: a page of the dashboard, never another site."""
    target = (target or "").replace("\\", "/")
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and f"{parts.path}/".startswith("/dashboard/")
    plain = target.isprintable() and ".." not in parts.path  # no line break, no way around
    return target if inside and plain else url_for("dashboard.overview")


def keep_private(response: Response) -> Response:
    """Let no cache keep a page of the dashboard."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    return response


def _show_in() -> AnyResponse:
    if not accounts.is_set_up():
        return redirect(url_for("dashboard.set_up"))
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("dashboard.sign_in", next=target))


def _refuse(role: Role) -> AnyResponse:
    return make_response(render_template("dashboard/refused.html", role=role), 403)
