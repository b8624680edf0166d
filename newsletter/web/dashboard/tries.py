"""How often a password may be tried: a stranger shall neither guess one nor lock its owner out.

A browser that somebody has signed in with is known by a cookie of its own, and has its tries to itself; all others share
theirs, by network and by account (docs/decisions/0013-tries-at-a-password.md).
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from newsletter import accounts, settings
from newsletter.accounts import User
from newsletter.errors import BadLink
from newsletter.tokens import Purpose
from newsletter.web import frame
from newsletter.web.dashboard.forms import typed

_COOKIE = "newsletter-known"
_AGE = timedelta(days=400)  # no browser keeps a cookie longer (RFC 6265bis, section 5.5)


def limit(view: Callable[..., Any]) -> Callable[..., Any]:
    """Limit the tries at a password through a view."""
    held = frame.limiter.limit("10/minute;50/hour", key_func=_browser, exempt_when=_is_strange)(view)
    for tries, whose in (
        ("20/minute;100/hour", frame.network),
        ("10/minute;30/hour", lambda: f"{account()} {frame.network()}"),
        ("100/hour", account),
    ):
        held = frame.limiter.limit(tries, key_func=whose, exempt_when=_is_known)(held)
    return held


def account() -> str:
    """Name whose account is tried, in whatever letters the address is written."""
    return accounts.key_of(typed("email"))


def know_browser(answer: Response, person: User) -> Response:
    """Let this browser be known as one that a person has signed in with; it opens nothing by itself."""
    token = settings.tokens().make(Purpose.BROWSER, _mark(person.email_key), secrets.randbits(48))
    answer.set_cookie(
        _COOKIE,
        token,
        max_age=_AGE,
        path=url_for("dashboard.sign_in", language=None),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _browser() -> str:
    """Name the known browser that tries; empty where it is not known for this account."""
    token = request.cookies.get(_COOKIE, "")
    try:
        whose, number = settings.tokens().read(Purpose.BROWSER, token, max_age=_AGE)
    except BadLink:
        return ""
    return f"{number}" if whose == _mark(account()) else ""


def _is_known() -> bool:
    return bool(_browser())


def _is_strange() -> bool:
    return not _is_known()


def _mark(email_key: str) -> int:
    return int.from_bytes(sha256(email_key.encode("utf-8", "replace")).digest()[:6])
