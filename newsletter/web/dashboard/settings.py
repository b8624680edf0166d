"""Settings: who publishes, which topics there are, and whether mail goes out."""

import asyncio
from zoneinfo import available_timezones

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, delivery, languages, mail, rendering, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Invalid, Misconfigured, Unreachable
from newsletter.web import frame
from newsletter.web.dashboard import guard
from newsletter.web.dashboard.desk import blueprint
from newsletter.web.dashboard.forms import Typed, by_language, refill, say, texts, typed

_TEXTS = (
    "names",
    "taglines",
    "introductions",
    "postal_addresses",
    "sender_names",
    "about_urls",
    "privacy_html",
)
_WORDS = ("sender_email", "contact_email", "bounce_domain", "timezone")
_SUPPORT = ("title", "text", "button", "url")
_QUICK = mail.Timeouts(connect=8, greeting=8, command=8)

# Who publishes


@blueprint.get("/settings", endpoint="settings")
@guard.needs(Role.OWNER)
def show_publication() -> str:
    """Show who publishes."""
    return render_template(
        "dashboard/settings.html",
        form=Typed(_stored()),
        errors={},
        **_choices(settings.publication().languages),
    )


@blueprint.post("/settings")
@guard.needs(Role.OWNER)
def change_publication() -> Response:
    """Change who publishes."""
    chosen = tuple(code for code in request.form.getlist("languages") if code in languages.NAMES)
    try:
        settings.change_publication(**_asked(chosen))
    except Invalid as error:
        return refill("dashboard/settings.html", error, **_choices(chosen))
    accounts.audit(guard.person(), "changed the publication")
    db.session.commit()
    say("Saved.")
    return redirect(url_for("dashboard.settings"))


def _choices(chosen: tuple[str, ...]) -> dict[str, object]:
    return {"chosen": chosen, "zones": sorted(zone for zone in available_timezones() if "/" in zone)}


def _asked(chosen: tuple[str, ...]) -> dict[str, object]:
    asked: dict[str, object] = {name: texts(name) for name in _TEXTS}
    asked |= {name: typed(name) for name in _WORDS}
    asked["privacy_html"] = {code: rendering.sanitise(html) for code, html in texts("privacy_html").items()}
    asked["languages"] = tuple(sorted(chosen, key=lambda code: code != typed("first")))
    asked["support"] = {code: call for code in languages.NAMES if (call := _call(code))}
    return asked


def _call(language: str) -> dict[str, str]:
    call = {part: typed(f"support_{part}-{language}") for part in _SUPPORT}
    if any(call.values()) and not call["url"].startswith(("https://", "http://")):
        raise Invalid(
            "Give the web address of the support call, such as https://example.org/support.",
            f"support_url-{language}",
        )
    return call if any(call.values()) else {}


def _stored() -> dict[str, str]:
    publication = settings.publication()
    stored = {name: str(getattr(publication, name)) for name in _WORDS} | {"first": publication.languages[0]}
    for name in _TEXTS:
        stored |= by_language(name, getattr(publication, name))
    for part in _SUPPORT:
        stored |= by_language(
            f"support_{part}", {code: call.get(part, "") for code, call in publication.support.items()}
        )
    return stored


# Topics


@blueprint.get("/settings/topics")
@guard.needs(Role.OWNER)
def topics() -> str:
    """Show the topics and the form that adds one."""
    return render_template("dashboard/topics.html", topics=settings.topics(), form=Typed({}), errors={})


@blueprint.post("/settings/topics")
@guard.needs(Role.OWNER)
def add_topic() -> Response:
    """Add a topic."""
    try:
        titles = _titles()
        settings.add_topic(typed("slug"), titles)
    except Invalid as error:
        return refill("dashboard/topics.html", error, topics=settings.topics())
    db.session.commit()
    say("Saved.")
    return redirect(url_for("dashboard.topics"))


@blueprint.post("/settings/topics/<slug>")
@guard.needs(Role.OWNER)
def change_topic(slug: str) -> Response:
    """Give a topic other titles, or remove it."""
    try:
        settings.change_topic(slug, _titles())
    except Invalid as error:
        return refill("dashboard/topics.html", error, topics=settings.topics())
    db.session.commit()
    say("Saved.")
    return redirect(url_for("dashboard.topics"))


@blueprint.post("/settings/topics/<slug>/remove")
@guard.needs(Role.OWNER)
def remove_topic(slug: str) -> Response:
    """Remove a topic; who and what had it simply has it no more."""
    settings.remove_topic(slug)
    accounts.audit(guard.person(), "removed a topic", slug)
    db.session.commit()
    say("The topic “%(slug)s” is removed.", slug=slug)
    return redirect(url_for("dashboard.topics"))


def _titles() -> dict[str, str]:
    titles = texts("titles")
    if not titles:
        raise Invalid("Give the topic a title.", "titles-" + settings.publication().languages[0])
    return titles


# Mail


@blueprint.get("/settings/mail")
@guard.needs(Role.OWNER)
def mail_settings() -> str:
    """Show the relays, how they do, and who delivers."""
    return render_template("dashboard/mail.html", health=delivery.health(), relays=_relays())


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
