"""Bringing a database to the present shape, by one process at a time."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import inspect, text

from newsletter.database import db, transaction
from newsletter.errors import Misconfigured
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.app import upgrading
else:
    upgrading = later("newsletter.app.upgrading")

_VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"
_LOCK = 7_305_110_001  # any number of our own: two processes that start at once take turns
_REVISION = re.compile(r"""^(down_)?revision(?:: [^=]+)? = ['"](\w+)['"]""", re.MULTILINE)


def migrate(app: Flask) -> None:
    """Bring the database of `app` to the present shape; does nothing where it is there already."""
    with app.app_context():
        if _is_present():
            return
        if db.engine.dialect.name != "postgresql":
            upgrading.upgrade(app)
            return
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            try:
                upgrading.upgrade(app)
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})


def revise(app: Flask, message: str) -> None:
    """Write a migration from what the tables say now."""
    upgrading.revise(app, message)


def _is_present() -> bool:
    """Compare what the database says with the names of the migrations. Raises `Misconfigured` where it is ahead of this code."""
    known, replaced = _revisions()
    with transaction() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        there = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    if there - known:
        raise Misconfigured(
            f"the database was made by another version of the product (its tables are {', '.join(there)}, which is not known here); "
            "use that version, or another database.",
            "DATABASE_URL",
        )
    return there == known - replaced


def _revisions() -> tuple[set[str], set[str]]:
    """Return all revisions, and those that have a successor; read as text, since running them takes longer than most commands."""
    found = [pair for path in _VERSIONS.glob("*.py") for pair in _REVISION.findall(path.read_text("utf-8"))]
    return {name for down, name in found if not down}, {name for down, name in found if down}
