"""Hears a request again that lost a race for a row: the second time it finds what the winner wrote, and answers to that.

Only PostgreSQL lets two write at once. What was committed on the way stays, as each view that does so takes care of.
"""

import secrets
import time
from collections.abc import Callable

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from newsletter.database import db

_TRIES = 6
_PAUSE_MS = 100
_LOST = {"23505", "40001", "40P01"}
"""What PostgreSQL calls a row that is there already, and two that waited for each other."""


def install(app: Flask) -> None:
    """Hear each request as often as it takes, within reason."""
    answer = app.dispatch_request
    app.dispatch_request = lambda: _heard(answer)  # type: ignore[method-assign]  # the seam that Flask offers


def _heard(answer: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    for _ in range(_TRIES - 1):
        try:
            return answer()
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _LOST or _has_uploads():
                raise
            db.session.rollback()
            time.sleep(secrets.randbelow(_PAUSE_MS) / 1000)  # or all who lost run the same race again
    return answer()


def _has_uploads() -> bool:
    """Tell whether files came with it, which are read once."""
    return any(upload.filename for upload in request.files.values())
