"""Settings: who publishes, and which topics there are."""

import re
from zoneinfo import available_timezones

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, languages, rendering, settings
from newsletter.accounts import Role
from newsletter.database import db
from newsletter.errors import Invalid
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
    asked["test_group"] = tuple(re.split(r"[\s,;、]+", typed("test_group")))
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
    stored["test_group"] = "\n".join(publication.test_group)
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
