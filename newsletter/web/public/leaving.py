"""How readers go out: the one-click door of RFC 8058, the page with a button, and the page that says goodbye."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from newsletter import audience, settings
from newsletter.database import db
from newsletter.errors import BadLink
from newsletter.tokens import Purpose
from newsletter.web import frame
from newsletter.web.public import blueprint
from newsletter.web.public.readers import trouble
from newsletter.web.public.wishes import address, speak


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the button; end the subscription at once for whoever presses it, be it a reader or their mail program.

    A POST answers 200 however often it comes, also for somebody who is long gone: it needs no cookie and no second
    page (RFC 8058, 3.2).
    """
    try:
        link = audience.read_link(Purpose.UNSUBSCRIBE, token)
    except BadLink as error:
        return trouble(error, "unsubscribe", token)
    if request.method != "POST":
        return _page("public/unsubscribe.html", audience.standing(link), token)
    one_click = request.form.get("List-Unsubscribe") == "One-Click"
    how = audience.Source.ONE_CLICK if one_click else audience.Source.PAGE
    scope = None if request.form.get("all") and not one_click else link.list_id
    audience.unsubscribe(link.reader, scope, how, address())
    db.session.commit()
    return _page("public/unsubscribed.html", audience.standing(link), token)


@blueprint.route("/unsubscribe/<token>/undo", methods=["GET", "POST"])
def come_back(token: str) -> ResponseReturnValue:
    """Undo what was left within a week."""
    try:
        link = audience.read_link(Purpose.UNSUBSCRIBE, token)
    except BadLink as error:
        return trouble(error, "unsubscribe", token)
    if request.method != "POST":
        return redirect(url_for("public.unsubscribe", token=token))
    audience.come_back(link.reader, None, address())
    db.session.commit()
    return _page("public/come_back.html", audience.standing(link), token)


def _page(template: str, standing: audience.Standing, token: str) -> Response:
    speak(standing.language)
    link = settings.tokens().make(Purpose.PREFERENCES, standing.reader, 0) if standing.address else ""
    page = render_template(template, standing=standing, token=token, preferences_token=link)
    return frame.private(page)
