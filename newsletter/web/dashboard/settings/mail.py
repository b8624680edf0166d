"""Settings of mail: whether it goes out, through which relays, and how fast it may go to which domains."""

import asyncio
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, clock, delivery, mail, rendering, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Invalid, Misconfigured, NotFound, Unreachable
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, refill, say, typed

_QUICK = mail.Timeouts(connect=8, greeting=8, command=8)
_LIMITS = ("per_second", "per_hour", "per_day")
_MOST = 1_000_000_000


@blueprint.get("/settings/mail")
@guard.needs(Role.OWNER)
def mail_settings() -> str:
    """Show the relays, how they do, and who delivers."""
    return render_template("dashboard/mail.html", form=Typed({}), errors={}, **_words())


@blueprint.post("/settings/mail/test")
@guard.needs(Role.OWNER)
@frame.limiter.limit("20/hour")
def test_relay() -> Response:
    """Ask each relay whether it would take mail, and mail oneself a letter through the common door."""
    for relay in _relays():
        _try(relay)
    you = guard.person()
    delivery.post(_test_letter(), mail.Address(you.email, you.name), "test", even_if_suppressed=True)
    db.session.commit()
    say("A test letter to %(email)s is queued.", email=you.email)
    return redirect(url_for("dashboard.mail_settings"))


@blueprint.post("/settings/mail/relay/try")
@guard.needs(Role.OWNER)
def try_relay() -> Response:
    """Let a relay that rests be tried now."""
    name = typed("name")
    delivery.try_relay(name)
    accounts.audit(guard.person(), "had a mail server tried at once", name)
    db.session.commit()
    say("%(name)s is tried now.", name=name)
    return redirect(url_for("dashboard.mail_settings"))


# Domains


@blueprint.post("/settings/mail/domains")
@guard.needs(Role.OWNER)
def limit_domain() -> Response:
    """Let mail go to a domain only so fast."""
    try:
        delivery.limit_domain(typed("domain"), _pace())
    except Invalid as error:
        return refill("dashboard/mail.html", error, **_words())
    accounts.audit(guard.person(), "set limits for a domain", typed("domain"))
    db.session.commit()
    say("Saved. It holds from now on.")
    return redirect(url_for("dashboard.mail_settings"))


@blueprint.post("/settings/mail/domains/free")
@guard.needs(Role.OWNER)
def free_domain() -> Response:
    """Take the limits of a domain away."""
    name = typed("domain")
    delivery.limit_domain(name, mail.Pace())
    accounts.audit(guard.person(), "took the limits of a domain away", name)
    db.session.commit()
    say("%(name)s has no limits any more.", name=name)
    return redirect(url_for("dashboard.mail_settings"))


@blueprint.post("/settings/mail/domains/try")
@guard.needs(Role.EDITOR)
def try_domain() -> Response:
    """Let a domain that is left alone be tried now; from this page, or from that of an issue that waits for it."""
    name = typed("domain")
    if name not in {one.name for one in delivery.destinations()}:
        raise NotFound(f"{name} is not left alone.")
    delivery.try_domain(name)
    accounts.audit(guard.person(), "had a domain tried at once", name)
    db.session.commit()
    say("%(name)s is tried now.", name=name)
    issue = request.form.get("issue", type=frame.number)
    if issue is not None:
        return redirect(url_for("dashboard.sending", issue_id=issue))
    return redirect(url_for("dashboard.mail_settings"))


def _pace() -> mail.Pace:
    second, hour, day = (_number(name) for name in _LIMITS)
    steps = mail.read_steps(typed("warm_up")) if typed("warm_up") else ()
    pace = mail.Pace(second, hour, day, steps, _day("warm_up_from") if steps else None)
    if not pace:
        raise Invalid("Give one limit at least.", "per_second")
    return pace


def _number(name: str) -> int | None:
    written = typed(name)
    if written and not (written.isascii() and written.isdecimal() and 0 < int(written) < _MOST):
        raise Invalid("Write a number of messages, 1 or more.", name)
    return int(written) if written else None


def _day(name: str) -> date:
    try:
        return date.fromisoformat(typed(name)) if typed(name) else clock.now().date()
    except ValueError as error:
        raise Invalid("Write a day such as 2026-11-02.", name) from error


# Relays


def _words() -> dict[str, object]:
    return {"health": delivery.health(), "domains": delivery.destinations()}


def _relays() -> list[mail.Relay]:
    return [mail.Relay.parse(url) for url in settings.environment().smtp_urls]


def _try(relay: mail.Relay) -> None:
    try:
        asyncio.run(_greet(relay))
    except (Unreachable, Misconfigured) as error:
        sentence = frame.translate().filled(str(error))
        say("%(relay)s: %(trouble)s", "bad", relay=_name(relay), trouble=sentence)
    else:
        say("%(relay)s answers and would take mail.", relay=_name(relay))


def _name(relay: mail.Relay) -> str:
    caught = settings.environment().catches_mail
    return frame.translate()("The built-in inbox") if caught else relay.name


async def _greet(relay: mail.Relay) -> None:
    connection = await mail.Connection.open(relay, _QUICK)
    await connection.close()


def _test_letter() -> mail.Draft:
    t, name = frame.translate(), settings.publication().name(frame.language())
    subject = t("A test letter from %(name)s", name=name)
    return settings.notice(
        subject,
        (rendering.Heading(subject), t("Mail leaves this service and arrives with you.")),
        frame.language(),
        reason=t("You get this because you work on the newsletter of %(name)s.", name=name),
    )
