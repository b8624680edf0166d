"""Writing a row that somebody else may write at the same moment."""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection, table: Any, key: dict[str, Any], values: dict[str, Any], **once: Any
) -> None:
    """Write `values` into the row with this key; `once` holds what only a new row gets."""
    row = insert_into(connection, table).values(**key, **once, **values)
    connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def add(connection: Connection, table: Any, key: dict[str, Any], **values: Any) -> None:
    """Write a row, unless there is one with this key."""
    row = insert_into(connection, table).values(**key, **values)
    connection.execute(row.on_conflict_do_nothing(index_elements=list(key)))


def insert_into(connection: Connection, table: Any) -> "postgresql.Insert | sqlite.Insert":
    """Return an INSERT of the connection's engine, which knows what to do about conflicts."""
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)
