"""How readers come in: the form, the page that says to look in the mail, the confirmation, and “mail me my link”.

What the answers say is made from what was typed, never from what is known.
"""

from http import HTTPStatus

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from newsletter import audience, mail, settings
from newsletter.database import db
from newsletter.errors import BadLink, Invalid
from newsletter.tokens import Purpose
from newsletter.web import frame
from newsletter.web.public import blueprint
from newsletter.web.public.wishes import (
    TRAP,
    Wish,
    address,
    door,
    moment,
    read_wish,
    refuse_dead,
    speak,
    trapped,
)


@blueprint.route("/subscribe", methods=["GET", "POST"])
@door
def subscribe() -> ResponseReturnValue:
    """Show the form; take what it holds, from this site or any other, and say to look in the mail."""
    if request.method != "POST":
        chosen = Wish(
            language=frame.language(),
            lists=tuple(request.args.getlist("list")),
            topics=tuple(request.args.getlist("topic")),
        )
        return _form(chosen)
    wish = read_wish()
    try:
        refuse_dead(wish.email)
        announcement = (audience.announce if trapped() else audience.subscribe)(wish.request())
    except Invalid as error:
        db.session.rollback()
        return _form(wish, frame.wrong(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    speak(wish.language)
    return frame.private(render_template("public/sent.html", announcement=announcement, wish=wish, trap=TRAP))


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Show the button, and let the subscription begin when it is pressed."""
    try:
        if request.method != "POST":
            return _ask_to_confirm(token)
        confirmation = audience.confirm(token, address())
    except BadLink as error:
        return trouble(error, "confirm", token)
    db.session.commit()
    speak(confirmation.language)
    link = "" if confirmation.already else settings.tokens().make(Purpose.PREFERENCES, confirmation.reader, 0)
    return frame.private(
        render_template("public/confirmed.html", confirmation=confirmation, preferences_token=link)
    )


@blueprint.route("/confirm/<token>/again", methods=["GET", "POST"])
@door
def confirm_again(token: str) -> ResponseReturnValue:
    """Send a fresh link for one that grew too old."""
    try:
        if request.method != "POST":
            return _ask_to_confirm(token)
        announcement = audience.ask_again(token)
    except BadLink as error:
        return trouble(error, "confirm", token)
    db.session.commit()
    wish = Wish(announcement.address, language=frame.language(), lists=_slugs(announcement))
    return frame.private(render_template("public/sent.html", announcement=announcement, wish=wish, trap=TRAP))


@blueprint.route("/manage", methods=["GET", "POST"])
@door
def manage() -> ResponseReturnValue:
    """Mail a reader the link to their preferences; say the same to everybody."""
    if request.method != "POST":
        return _link_form()
    typed = request.form.get("email", "")
    try:
        written_to = mail.read_address(typed).email if trapped() else audience.mail_link(typed)
    except Invalid as error:
        db.session.rollback()
        return _link_form(typed, frame.wrong(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    db.session.commit()
    return frame.private(render_template("public/manage_sent.html", address=written_to, trap=TRAP))


def trouble(error: BadLink, kind: str, token: str) -> Response:
    """Answer a link that does not work with what happened and the ways on."""
    db.session.rollback()
    old = type(error).__name__ == "Expired"
    page = render_template("public/link_trouble.html", old=old, kind=kind, token=token)
    answer = make_response(page, HTTPStatus.GONE if old else HTTPStatus.NOT_FOUND)
    return frame.private(answer)


def _form(wish: Wish, errors: dict[str, str] | None = None) -> str:
    lists = audience.lists(public_only=True)
    known = {each.slug for each in lists}
    chosen = [slug for slug in wish.lists if slug in known] or [each.slug for each in lists[:1]]
    return render_template(
        "public/subscribe.html",
        wish=wish,
        errors=errors or {},
        lists=lists,
        chosen=chosen,
        topics=settings.topics(),
        wording=audience.wording(frame.language()),
        trap=TRAP,
        opened=moment(),
    )


def _link_form(typed: str = "", errors: dict[str, str] | None = None) -> str:
    return render_template("public/manage.html", typed=typed, errors=errors or {}, trap=TRAP, opened=moment())


def _ask_to_confirm(token: str) -> Response:
    asked = audience.look_at(token)
    speak(asked.language)
    return frame.private(render_template("public/confirm.html", asked=asked, token=token))


def _slugs(announcement: audience.Announcement) -> tuple[str, ...]:
    return tuple(each.slug for each in announcement.lists)
