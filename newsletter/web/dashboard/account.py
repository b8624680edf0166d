"""One's own account: name, language, password."""

from flask import redirect, render_template, request, url_for
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
    return render_template("dashboard/account.html", form=Typed({"name": you.name}), errors={})


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


@blueprint.post("/account/password")
@guard.needs(Role.VIEWER)
@frame.limiter.limit("20/hour")
def change_own_password() -> Response:
    """Change one's own password; this session goes on, all others end."""
    you = guard.person()
    try:
        accounts.change_password(you, request.form.get("old", ""), request.form.get("password", ""))
    except Invalid as error:
        return refill("dashboard/account.html", error)
    guard.let_in(you)
    db.session.commit()
    say("Your password is changed, and every other session has ended.")
    return redirect(url_for("dashboard.account"))
