"""People: who may work here and in which role, and what they did."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from newsletter import accounts
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Conflict, Invalid
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, page_number, refill, say, typed


@blueprint.get("/settings/people")
@guard.needs(Role.OWNER)
def people() -> str:
    """Show everybody who may work here, and the form that invites one more."""
    return render_template("dashboard/people.html", people=accounts.people(), form=Typed({}), errors={})


@blueprint.post("/settings/people")
@guard.needs(Role.OWNER)
@frame.limiter.limit("60/hour")
def invite() -> Response:
    """Add a person and mail them a link."""
    try:
        invited = accounts.invite(
            typed("email"), _role(), by=guard.person(), name=typed("name"), language=frame.language()
        )
    except Invalid as error:
        return refill("dashboard/people.html", error, people=accounts.people())
    db.session.commit()
    say("An invitation is on its way to %(email)s.", email=invited.email)
    return redirect(url_for("dashboard.people"))


@blueprint.post("/settings/people/<int:number>/role")
@guard.needs(Role.OWNER)
def give_role(number: int) -> Response:
    """Give a person another role."""
    changed = accounts.user(number)
    try:
        accounts.change_role(changed, _role(), by=guard.person())
    except (Conflict, Invalid) as error:
        return refill("dashboard/people.html", error, people=accounts.people())
    db.session.commit()
    say("Saved.")
    return redirect(url_for("dashboard.people"))


@blueprint.post("/settings/people/<int:number>/invitation")
@guard.needs(Role.OWNER)
@frame.limiter.limit("60/hour")
def invite_again(number: int) -> Response:
    """Mail an invited person another link."""
    invited = accounts.user(number)
    accounts.invite_again(invited, by=guard.person())
    db.session.commit()
    say("An invitation is on its way to %(email)s.", email=invited.email)
    return redirect(url_for("dashboard.people"))


@blueprint.post("/settings/people/<int:number>/deactivate")
@guard.needs(Role.OWNER)
def deactivate(number: int) -> Response:
    """Let a person in no more."""
    leaving = accounts.user(number)
    try:
        accounts.deactivate(leaving, by=guard.person())
    except Conflict as error:
        return refill("dashboard/people.html", error, people=accounts.people())
    db.session.commit()
    say("%(email)s can no longer sign in.", email=leaving.email)
    return redirect(url_for("dashboard.people"))


@blueprint.post("/settings/people/<int:number>/activate")
@guard.needs(Role.OWNER)
def activate(number: int) -> Response:
    """Let a person in again."""
    back = accounts.user(number)
    accounts.activate(back, by=guard.person())
    db.session.commit()
    say("%(email)s can sign in again.", email=back.email)
    return redirect(url_for("dashboard.people"))


@blueprint.get("/settings/audit")
@guard.needs(Role.OWNER)
def audit() -> str:
    """Show who did what, newest first."""
    page = page_number()
    log = accounts.audit_log(page)
    return render_template("dashboard/audit.html", records=log.items, page=page, pages=log.pages)


def _role() -> Role:
    try:
        return Role(typed("role"))
    except ValueError as error:
        raise Invalid("Choose a role.", "role") from error
