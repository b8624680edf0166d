"""Comments on an issue: a page of their own that works without a script, and the same in a drawer beside the editor.

A script asks with `X-Fragment` and gets the inside of the drawer; everybody else gets the page, and is led back to it.
"""

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, errors, issues
from newsletter.accounts import Role, User
from newsletter.database import db
from newsletter.issues import Comment
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.composing.comment_view import Refused, groups, in_its_place
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import say, typed


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"open_threads": _open_threads, "mentions_of_me": _mentions_of_me}


def _open_threads(issue_id: int) -> dict[str, int]:
    """Count the open threads of an issue by block, once a request."""
    seen = request.environ.setdefault("newsletter.open_threads", {})
    if issue_id not in seen:
        seen[issue_id] = issues.open_threads(issue_id)
    counted: dict[str, int] = seen[issue_id]
    return counted


def _mentions_of_me() -> list[tuple[Comment, str]]:
    """Return the open comments that name who is signed in, each with the name of its issue."""
    language = frame.language()
    found = [(one, issues.issue(one.issue_id)) for one in issues.mentions_of(guard.person())]
    return [(one, issues.name_of(about, language)) for one, about in found if about.state in issues.OPEN]


def _colleagues() -> list[User]:
    """Return whom a comment can name."""
    return [one for one in accounts.people() if one.active and one.id != guard.person().id]


@blueprint.get("/issues/<int:issue_id>/comments")
@guard.needs(Role.VIEWER)
def comments(issue_id: int) -> str:
    """Show what was said about an issue, or about one block of it."""
    return _page(issue_id, request.args.get("block"))


@blueprint.post("/issues/<int:issue_id>/comments")
@guard.needs(Role.EDITOR)
@frame.limiter.limit("300/hour")
def say_comment(issue_id: int) -> Response:
    """Begin a thread."""
    block_id = typed("block")
    return _do(
        issue_id,
        f"new-{block_id}",
        lambda: issues.say(issue_id, guard.person(), request.form.get("words", ""), block_id, _tell()),
    )


@blueprint.post("/comments/<int:comment_id>/answer")
@guard.needs(Role.EDITOR)
@frame.limiter.limit("300/hour")
def answer_comment(comment_id: int) -> Response:
    """Answer in a thread."""
    return _do(
        _issue_of(comment_id),
        f"answer-{comment_id}",
        lambda: issues.answer(comment_id, guard.person(), request.form.get("words", ""), _tell()),
    )


@blueprint.post("/comments/<int:comment_id>/reword")
@guard.needs(Role.EDITOR)
@frame.limiter.limit("300/hour")
def reword_comment(comment_id: int) -> Response:
    """Say it otherwise."""
    return _do(
        _issue_of(comment_id),
        f"reword-{comment_id}",
        lambda: issues.reword(comment_id, guard.person(), request.form.get("words", "")),
    )


@blueprint.post("/comments/<int:comment_id>/take-back")
@guard.needs(Role.EDITOR)
def take_back_comment(comment_id: int) -> Response:
    """Take a comment back."""
    return _do(_issue_of(comment_id), "", lambda: issues.take_back(comment_id, guard.person()))


@blueprint.post("/comments/<int:comment_id>/resolve")
@guard.needs(Role.EDITOR)
def resolve_thread(comment_id: int) -> Response:
    """Call a thread resolved."""
    return _do(_issue_of(comment_id), "", lambda: issues.resolve(comment_id, guard.person()))


@blueprint.post("/comments/<int:comment_id>/reopen")
@guard.needs(Role.EDITOR)
def reopen_thread(comment_id: int) -> Response:
    """Open a thread again."""
    return _do(_issue_of(comment_id), "", lambda: issues.reopen(comment_id, guard.person()))


def _issue_of(comment_id: int) -> int:
    """Return the issue that is spoken of; where the comment is gone, the one the form says, so that the page is shown."""
    try:
        return issues.comment(comment_id).issue_id
    except errors.NotFound:
        return request.form.get("issue", 0, type=frame.number) or 0


def _tell() -> list[int]:
    return [number for number in request.form.getlist("tell", type=frame.number) if number]


def _do(issue_id: int, place: str, act: Callable[[], Comment | None]) -> Response:
    """Do what a button says; show the page again with what was typed where that is refused."""
    try:
        done = act()
    except (errors.Conflict, errors.Invalid, errors.NotAllowed, errors.NotFound) as error:
        db.session.rollback()
        sentence = frame.translate().filled(str(error))
        return _refused(issue_id, Refused(place, request.form.get("words", ""), sentence))
    db.session.commit()
    if "X-Fragment" in request.headers:
        return make_response(_page(issue_id, request.form.get("shown")))
    thread = f"#thread-{done.thread_id or done.id}" if done else ""
    shown = request.form.get("shown")
    return redirect(f"{url_for('dashboard.comments', issue_id=issue_id, block=shown)}{thread}")


def _refused(issue_id: int, refused: Refused) -> Response:
    if not refused.place and "X-Fragment" not in request.headers:
        say(refused.sentence, "bad")
        return redirect(url_for("dashboard.comments", issue_id=issue_id))
    return make_response(_page(issue_id, request.form.get("shown"), refused), 422)


def _page(issue_id: int, block_id: str | None, refused: Refused | None = None) -> str:
    found, fragment = issues.issue(issue_id), "X-Fragment" in request.headers
    if refused:
        refused, block_id = in_its_place(refused, found, block_id)
    return render_template(
        "dashboard/comments_threads.html" if fragment else "dashboard/comments.html",
        issue=found,
        name=issues.name_of(found, frame.language()),
        groups=groups(found, block_id),
        shown=block_id,
        refused=refused,
        people=_colleagues(),
        can_say=accounts.allowed(guard.person(), Role.EDITOR),
    )
