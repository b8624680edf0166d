"""Coming in: sign-in, sign-out, another password by mail, and the first owner."""

from datetime import timedelta

from flask import Flask

_SESSION = timedelta(days=14)


def install(app: Flask) -> None:
    """Let a session end two weeks after the last visit."""
    app.config["PERMANENT_SESSION_LIFETIME"] = _SESSION
