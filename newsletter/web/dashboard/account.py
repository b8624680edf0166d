"""One's own account: name, language, password, and where one is signed in."""

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, refill, say, typed


@blueprint.get("/account")
@guard.needs(Role.VIEWER)
def account() -> str:
    """Show one's own account."""
    you = guard.person()
    return render_template(
        "dashboard/account.html",
        form=Typed({"name": you.name}),
        errors={},
        browsers=accounts.count_sessions(you),
    )


@blueprint.post("/account")
@guard.needs(Role.VIEWER)
def change_account() -> Response:
    """Change one's own name and language."""
    you = guard.person()
    accounts.change_name(you, typed("name"))
    chosen = typed("language")
    if chosen in settings.publication().languages:
        accounts.change_language(you, chosen)
    db.session.commit()
    frame.speak(you.language)
    say("Saved.")
    return redirect(url_for("dashboard.account", language=None))


@blueprint.post("/account/language")
@guard.needs(Role.VIEWER)
def change_language() -> Response:
    """Change the language of the dashboard for oneself, and go on where one was."""
    you = guard.person()
    if typed("language") in settings.publication().languages:
        accounts.change_language(you, typed("language"))
        db.session.commit()
    return redirect(_page_or_overview(guard.safe_next(typed("next"))))


def _page_or_overview(target: str) -> str:
    """Return a page to go to; the overview where an address answers forms alone."""
    pages = current_app.create_url_adapter(request)
    readable = pages and pages.test(target.partition("?")[0], method="GET")
    return target if readable else url_for("dashboard.overview", language=None)


@blueprint.post("/account/sign-out")
@guard.needs(Role.VIEWER)
def sign_out_everywhere() -> Response:
    """End all of one's sessions, this one too."""
    accounts.sign_out_everywhere(guard.person())
    guard.let_out()
    db.session.commit()
    say("You are signed out everywhere.")
    return redirect(url_for("dashboard.sign_in"))


@blueprint.post("/account/password")
@guard.needs(Role.VIEWER)
@frame.limiter.limit("20/hour")
def change_own_password() -> Response:
    """Change one's own password; this session goes on, all others end."""
    you = guard.person()
    try:
        accounts.change_password(you, request.form.get("old", ""), request.form.get("password", ""))
    except Invalid as error:
        return refill("dashboard/account.html", error, browsers=accounts.count_sessions(you))
    guard.let_in(you)
    db.session.commit()
    say("Your password is changed, and every other session has ended.")
    return redirect(url_for("dashboard.account"))
