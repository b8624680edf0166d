"""The session that the domain works in, and what waits for its commit."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Base(DeclarativeBase):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=_NAMES)


db = SQLAlchemy(model_class=_Base, session_options={"autoflush": True})

if TYPE_CHECKING:

    class Model(_Base):
        """The base of all tables."""

        __abstract__ = True

        def __init__(self, **columns: Any) -> None: ...

else:
    Model = db.Model

_WAITING = "after_commit"


def after_commit(action: Callable[[], None]) -> None:
    """Call `action` once the current transaction is committed; forget it if it is rolled back."""
    db.session().info.setdefault(_WAITING, []).append(action)


@event.listens_for(Session, "after_commit")
def _commit_happened(session: Session) -> None:
    if session.in_nested_transaction():  # a savepoint: nothing is safe yet
        return
    for action in session.info.pop(_WAITING, []):
        action()


@event.listens_for(Session, "after_rollback")
def _rollback_happened(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop(_WAITING, None)


def insert(table: Any) -> "postgresql.Insert | sqlite.Insert":
    """Return an INSERT of the engine in use, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if db.session().get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
