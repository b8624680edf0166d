"""Bringing a database to the present shape, by one process at a time."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import text

from newsletter.database import db

FOLDER = Path(__file__).parent.parent / "migrations"
_LOCK = 7_305_110_001  # any number of our own: two processes that start at once take turns

extension = Migrate()


def migrate(app: Flask) -> None:
    """Bring the database of `app` to the present shape; does nothing where it is there already."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            upgrade(directory=str(FOLDER))
            return
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            try:
                upgrade(directory=str(FOLDER))
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
