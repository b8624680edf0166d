"""The clock that all machines of an installation share: the database's."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Interval, func, literal, type_coerce

from newsletter import clock
from newsletter.database.types import UTCDateTime

_AT_ONCE = timedelta()


def moment(connection: Connection, later: timedelta = _AT_ONCE) -> ColumnElement[datetime]:
    """Return this moment, or one so much later, for a statement: by PostgreSQL's clock, so that it means the same to all.

    What one machine writes for others to judge is told by it, since their own clocks differ. SQLite has but one machine,
    and its clock.
    """
    if connection.dialect.name != "postgresql":
        return literal(clock.now() + later, UTCDateTime)
    return type_coerce(func.statement_timestamp() + literal(later, Interval), UTCDateTime)
