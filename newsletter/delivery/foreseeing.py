"""What a mailing would come to, before there is any: whom it would spare."""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from newsletter.database import db
from newsletter.delivery.states import State
from newsletter.delivery.suppressions import any_suppressed, suppressed_among
from newsletter.delivery.tables import Recipient

_CHUNK = 5_000
_NOT_GOT = (State.WITHDRAWN, State.SUPPRESSED, State.REFUSED)


def count_suppressed(readers: Select[*tuple[Any, ...]]) -> dict[str, int]:
    """Count by variant whom of `readers`, selected as `enqueue` takes them, a mailing would spare as suppressed.

    Costs some 5 µs a reader, and nothing while no address is suppressed.
    """
    connection, counts = db.session.connection(), dict[str, int]()
    if not any_suppressed(connection):
        return counts
    found = readers.subquery()
    for part in connection.execute(select(found.c.address, found.c.variant)).partitions(_CHUNK):
        spared = suppressed_among(connection, [row.address for row in part])
        for row in part:
            if row.address in spared:
                counts[row.variant] = counts.get(row.variant, 0) + 1
    return counts


def gets(mailing_id: int, reader: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a reader got a mailing or is going to, for the caller's own SELECT."""
    return exists().where(
        Recipient.mailing_id == mailing_id, Recipient.reader == reader, Recipient.state.not_in(_NOT_GOT)
    )
