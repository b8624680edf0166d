"""The way through which the counted links of a mail lead: on to the page at once, with a visit noted at most."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from newsletter import insights
from newsletter.database import db
from newsletter.errors import BadLink
from newsletter.web import frame
from newsletter.web.public import blueprint
from newsletter.web.public.readers import trouble

_LONGEST = 5  # digits; no issue has more links


@blueprint.get("/click/<token>/<n>")
def click(token: str, n: str) -> ResponseReturnValue:
    """Lead on to where a link of a mail leads. Nothing that a reader would notice changes: a visit is noted."""
    number = int(n) if n.isdecimal() and len(n) <= _LONGEST else 0
    try:
        target = insights.follow(token, number, None if _asks_not_to_be_counted() else _agent())
    except BadLink as error:
        return trouble(error, "click", token)
    db.session.commit()
    return frame.private(redirect(target))


def _agent() -> str:
    """What the program that came calls itself; what fetches ahead of a person says so in another header."""
    ahead = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return f"{request.user_agent.string} {ahead}".strip()


def _asks_not_to_be_counted() -> bool:
    """HEAD only looks whether a page is there; the two headers are a reader's wish (Global Privacy Control, Do Not Track)."""
    return request.method == "HEAD" or "1" in (request.headers.get("Sec-GPC"), request.headers.get("DNT"))
