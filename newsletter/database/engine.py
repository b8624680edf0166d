"""How each engine is opened, and short transactions beside the session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event

from newsletter.database.session import db
from newsletter.later import later

if TYPE_CHECKING:
    from newsletter.database import without_nul
else:
    without_nul = later("newsletter.database.without_nul")

_BUSY_MS = 15_000
_READS = "newsletter_reads"


def prepare(engine: Engine) -> None:
    """Set up an engine's connections; called once for each engine, before its first use.

    SQLite's driver begins transactions late and as readers, which lets two threads lose each other's updates
    silently. So the driver's own begin is switched off and every transaction begins as a writer, but for those of `begin_reading`.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", lambda connection, _record: without_nul.teach(connection))
        return

    @event.listens_for(engine, "connect")
    def _open(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get(_READS)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def engine() -> Engine:
    """Return the engine of the application at hand, for threads that will have no application context."""
    return db.engine


@contextmanager
def transaction(engine: Engine | None = None) -> Iterator[Connection]:
    """Open a connection of its own, commit at the end of the block, roll back on an error.

    For those who keep their own transactions, such as the courier's ledger thread. Without `engine` the calling thread
    needs an application context.
    """
    with (engine or db.engine).begin() as connection:
        yield connection


def begin_reading() -> None:
    """Begin the session's next transaction as a reader: it sees one moment, and waits for no writer.

    For pages that take long to put together. Called where no transaction is open; nothing may be written until it ends.
    """
    db.session.connection(execution_options={_READS: True, "postgresql_readonly": True})


def is_postgres() -> bool:
    """Tell whether the session's engine is PostgreSQL."""
    return db.engine.dialect.name == "postgresql"
