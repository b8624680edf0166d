"""Column types that mean the same on every engine."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Json = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document: JSONB on PostgreSQL, text on SQLite. Assign a new value to change it; it is not watched inside."""


def one_of(words: type[StrEnum], length: int = 20) -> Enum:
    """Return the type of a column that holds one of some words, kept as they are spelled."""
    return Enum(
        words, native_enum=False, length=length, values_callable=lambda known: [word.value for word in known]
    )


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware on the way in, stored in UTC, aware in UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Turn an aware moment into what the engine stores; a naive one is a mistake in our code."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
