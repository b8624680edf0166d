"""Coming in: the first owner, sign-in and sign-out, and another password by mail."""

from datetime import timedelta

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, settings
from newsletter.database import db
from newsletter.errors import Conflict, Invalid, NotAllowed
from newsletter.web import frame
from newsletter.web.dashboard import guard, tries
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, refill, say, typed

_VISIT = timedelta(days=14)


def install(app: Flask) -> None:
    """Let a session end two weeks after the last visit."""
    app.config["PERMANENT_SESSION_LIFETIME"] = _VISIT


# The first owner


@blueprint.get("/set-up")
@guard.open_to_strangers
def set_up() -> str | Response:
    """Show the form that makes the first owner; only while there is nobody."""
    if accounts.is_set_up():
        return redirect(url_for("dashboard.sign_in"))
    return render_template("dashboard/set_up.html", form=Typed({}), errors={}, **_first_start())


@blueprint.post("/set-up")
@guard.open_to_strangers
@frame.limiter.limit("20/hour")
def make_owner() -> Response:
    """Make the first owner and let them in."""
    try:
        owner = accounts.set_up_owner(
            typed("code"),
            typed("email"),
            request.form.get("password", ""),
            name=typed("name"),
            language=frame.language(),
        )
        if not settings.is_established():
            settings.change_publication(names={frame.language(): typed("publication")})
    except Conflict:
        return redirect(url_for("dashboard.sign_in"))
    except Invalid as error:
        return refill("dashboard/set_up.html", error, **_first_start())
    guard.let_in(owner)
    accounts.audit(owner, "set up the service")
    db.session.commit()
    return tries.know_browser(redirect(url_for("dashboard.overview")), owner)


def _first_start() -> dict[str, bool]:
    """Say what the form needs to know: whether the publication has a name, and whether a console has shown the code."""
    return {"named": settings.is_established(), "has_code": settings.environment().embedded}


# Sign-in and sign-out


@blueprint.get("/sign-in")
@guard.open_to_strangers
def sign_in() -> str | Response:
    """Show the sign-in form."""
    if not accounts.is_set_up():
        return redirect(url_for("dashboard.set_up"))
    if guard.is_signed_in():
        return redirect(guard.safe_next(request.args.get("next")))
    return render_template("dashboard/sign_in.html", form=Typed({}), errors={})


@blueprint.post("/sign-in")
@guard.open_to_strangers
@tries.limit
def let_in() -> Response:
    """Let a person in whose address and password fit together."""
    try:
        person = accounts.sign_in(typed("email"), request.form.get("password", ""), language=frame.language())
    except NotAllowed as error:
        db.session.commit()  # the refusal stands in the trail
        return refill("dashboard/sign_in.html", error)
    guard.let_in(person)
    db.session.commit()
    return tries.know_browser(redirect(guard.safe_next(request.args.get("next"))), person)


@blueprint.post("/sign-out")
@guard.open_to_strangers
def sign_out() -> Response:
    """End the session."""
    guard.let_out()
    db.session.commit()
    say("You are signed out.")
    return redirect(url_for("dashboard.sign_in"))


# Another password by mail


@blueprint.get("/forgotten")
@guard.open_to_strangers
def forgotten() -> str:
    """Show the form that asks for a link by mail."""
    return render_template("dashboard/reset_ask.html", form=Typed({}), errors={})


@blueprint.post("/forgotten")
@guard.open_to_strangers
@frame.limiter.limit("10/hour")
@frame.limiter.limit("5/hour", key_func=tries.account)
def ask_link() -> str:
    """Mail a link to whoever has this address, and say the same whether anybody has it."""
    accounts.request_reset(typed("email"), frame.language())
    db.session.commit()
    return render_template("dashboard/reset_sent.html", email=typed("email"))


@blueprint.get("/reset/<token>")
@guard.open_to_strangers
def reset(token: str) -> str | Response:
    """Show the form that sets a password, where the link is good."""
    person = accounts.person_of_link(token)
    page = render_template("dashboard/reset.html", person=person, token=token, form=Typed({}), errors={})
    return frame.private(page)


@blueprint.post("/reset/<token>")
@guard.open_to_strangers
@frame.limiter.limit("30/hour")
def set_password(token: str) -> Response:
    """Set the password and let the person in."""
    person = accounts.person_of_link(token)
    try:
        accounts.answer_reset(token, request.form.get("password", ""), language=frame.language())
    except Invalid as error:
        return refill("dashboard/reset.html", error, person=person, token=token)
    guard.let_in(person)
    db.session.commit()
    say("Your password is set, and every other session has ended.")
    return tries.know_browser(redirect(url_for("dashboard.overview")), person)
