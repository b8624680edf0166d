"""What readers type into forms: reading it, telling people from programs, and putting errors into the page's words."""

import time
from dataclasses import dataclass

from flask import g, request

from newsletter import audience, mail, settings
from newsletter.database import db
from newsletter.errors import Invalid
from newsletter.web import frame

TRAP = "homepage"
"""A field that people do not see. Whoever fills it is a program, and is answered as everybody is."""
_OPENED = "opened"
_FASTEST_MS = 1500
_DOORS = "20/minute;120/hour"


@dataclass(frozen=True)
class Wish:
    """The subscribe form as it was sent."""

    email: str = ""
    name: str = ""
    language: str = ""
    lists: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    embedded: bool = False

    def request(self) -> audience.Request:
        """Return it as the audience wants it."""
        return audience.Request(
            email=self.email,
            name=self.name,
            language=self.language,
            lists=self.lists,
            topics=self.topics,
            source=audience.Source.EMBED if self.embedded else audience.Source.FORM,
            ip=address(),
        )


def read_wish() -> Wish:
    """Read the subscribe form; a language that is not said, or not offered, is the page's."""
    form = request.form
    language = form.get("language", "").strip()
    return Wish(
        email=form.get("email", ""),
        name=form.get("name", ""),
        language=language if language in settings.publication().languages else frame.language(),
        lists=tuple(slug.strip() for slug in form.getlist("list") if slug.strip()),
        topics=tuple(slug.strip() for slug in form.getlist("topic") if slug.strip()),
        embedded="embedded" in form,
    )


def refuse_dead(typed: str) -> None:
    """Refuse an address where nobody gets mail, as far as mail leaves this machine at all. Raises `Invalid`."""
    if settings.environment().catches_mail:
        return
    db.session.rollback()  # nothing was written, and an open transaction would let everybody wait for the answer
    found = mail.read_address(typed)
    if mail.takes_no_mail(found):
        domain = found.email.rpartition("@")[2]
        raise Invalid(f"No mail can be sent to “{domain}”. Look whether it is written right.", "email")


def speak(chosen: str) -> None:
    """Let the page, and what it links to, be in a reader's own language, unless the link says another."""
    frame.language()
    if chosen and not g.language_in_link:
        frame.speak(chosen)
        g.language_in_link = True


def address() -> str:
    """Return where the visitor sits, for the consent ledger."""
    return request.remote_addr or ""


def trapped() -> bool:
    """Tell whether a program filled the field that people do not see."""
    return bool(request.form.get(TRAP))


def cost() -> int:
    """Return what a form counts for at the door: double where it was sent faster than a person can type.

    Whoever is merely quick still gets their mail; a program gets half as far.
    """
    opened = request.form.get(_OPENED, "")
    quick = opened.isdecimal() and len(opened) < 20 and abs(moment() - int(opened)) < _FASTEST_MS  # noqa: PLR2004
    return 2 if quick else 1


def moment() -> int:
    """Return the time a form is opened at, in milliseconds, to stand in its hidden field."""
    return time.time_ns() // 1_000_000


door = frame.limiter.shared_limit(_DOORS, scope="doors that send mail", methods=["POST"], cost=cost)
"""The limit that all doors share at which a visitor can make us send mail."""
