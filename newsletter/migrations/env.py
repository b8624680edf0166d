"""How Alembic meets the application: on its engine, one transaction for each migration."""

from typing import Any

from alembic import context
from flask import current_app

config = context.config
database = current_app.extensions["migrate"].db


def _skip_empty(_context: Any, _revision: Any, directives: Any) -> None:
    """Write no migration where nothing changed."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _plain(kind: str, item: Any, autogeneration: Any) -> str | bool:
    """Write our own types as what they are to the engine, so that a migration needs none of our code."""
    if kind == "type" and type(item).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "JSON":
        autogeneration.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    """Migrate over a connection of the application's engine."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=False,
            render_item=_plain,
            process_revision_directives=_skip_empty,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
