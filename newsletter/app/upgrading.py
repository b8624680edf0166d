"""Alembic at work. It is large and seldom needed, so `newsletter.app.migrations` loads this module when it is."""

from pathlib import Path

import flask_migrate
from flask import Flask

from newsletter.database import db

_FOLDER = str(Path(__file__).parent.parent / "migrations")


def upgrade(app: Flask) -> None:
    """Run the migrations that a database has not seen."""
    _prepare(app)
    flask_migrate.upgrade(directory=_FOLDER)


def revise(app: Flask, message: str) -> None:
    """Write a migration from what the tables say now."""
    _prepare(app)
    flask_migrate.migrate(directory=_FOLDER, message=message)


def _prepare(app: Flask) -> None:
    if "migrate" not in app.extensions:
        flask_migrate.Migrate(app, db, directory=_FOLDER)
