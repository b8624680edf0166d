"""The database: one session for the domain, short transactions of their own for the courier, types for every engine.

Hides the engines' differences (WAL and `BEGIN IMMEDIATE`, upserts), and time zones: a moment is stored in UTC and comes
back aware. Promises that nothing below the entrances commits: views, tasks and commands call `db.session.commit()`.
"""

from newsletter.database.engine import begin_reading, engine, is_postgres, prepare, transaction
from newsletter.database.moments import moment
from newsletter.database.session import Model, after_commit, db, insert
from newsletter.database.types import Json, UTCDateTime, one_of

__all__ = [
    "Json",
    "Model",
    "UTCDateTime",
    "after_commit",
    "begin_reading",
    "db",
    "engine",
    "insert",
    "is_postgres",
    "moment",
    "one_of",
    "prepare",
    "transaction",
]
