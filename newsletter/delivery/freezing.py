"""Freezing who gets a mailing: rows of the ledger by INSERT … SELECT, and the batches they are cut into.

The SELECT is kept in words until it has been run to its end: at once, or when the mailing's time has come, so that its
recipients are those of that moment and not of the moment somebody pressed a button. It is run in parts, by the readers'
numbers, each in a transaction of its own: a small one first, so that couriers set to work at once, then large ones. A
part begins where the last one ended, whoever freezes it, so that nobody is frozen twice and nobody left out.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    FromClause,
    Select,
    Text,
    and_,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from newsletter import clock
from newsletter.database import db, moment, transaction
from newsletter.delivery.counting import Counts
from newsletter.delivery.states import RUNNING, MailingState, State
from newsletter.delivery.suppressions import mark_suppressed
from newsletter.delivery.tables import Batch, Mailing, Recipient

BATCH = 500
"""Recipients in a batch: some tenths of a second of work, and what a crash at most sets back."""
COLUMNS = ("address", "variant", "reader", "name", "fields")
"""What a SELECT of readers yields, in this order."""
_ROW = ("mailing_id", "seq", "state", "domain")
_FIRST, _NEXT = 10_000, 100_000
"""Readers in the first part, with which couriers are busy until the next is there, and in each further one: more than
half a second of work for the database, which on SQLite waits for nobody else meanwhile."""
_FREEZING = 7_301_995
"""The advisory lock of whoever freezes a part of a mailing."""


class _OvertakenError(Exception):
    """The mailing was withdrawn while a part of it was frozen: nothing of it may stay."""


def freeze_due(engine: Engine) -> bool:
    """Freeze one part of a mailing whose time has come, and tell whether there was any."""
    due = select(Mailing.id).where(
        Mailing.readers.is_not(None),
        Mailing.state.in_(RUNNING),
        or_(
            Mailing.filled_at.is_not(None),
            and_(Mailing.state == MailingState.QUEUED, Mailing.start_at <= clock.now()),
        ),
    )
    with transaction(engine) as connection:
        found = connection.scalars(due.order_by(Mailing.recipients, Mailing.id)).all()
    return any(_freeze_part(engine, mailing_id) for mailing_id in found)


def _freeze_part(engine: Engine, mailing_id: int) -> bool:
    """Freeze the next part of a mailing, unless somebody else is at it or it has been withdrawn."""
    try:
        with transaction(engine) as connection:
            return _is_ours(connection, mailing_id) and freeze_next(connection, mailing_id)
    except _OvertakenError:
        return False


def _is_ours(connection: Connection, mailing_id: int) -> bool:
    """Whether we may freeze, until this transaction ends. The mailing's row stays free for those who count in it."""
    if connection.dialect.name != "postgresql":
        return True
    ours = text("SELECT pg_try_advisory_xact_lock(:key, :mailing)")
    return bool(connection.execute(ours, {"key": _FREEZING, "mailing": mailing_id}).scalar())


def freeze_next(connection: Connection, mailing_id: int) -> bool:
    """Freeze the next readers of a mailing that keeps its SELECT in words; False where there are none to freeze."""
    this = select(Mailing.readers, Mailing.frozen_to, Mailing.recipients)
    readers, after, before = connection.execute(this.where(Mailing.id == mailing_id)).one()
    if readers is None:
        return False
    found = _from_words(readers)
    to = _end_of_part(connection, found, after, _NEXT if after is not None else _FIRST)
    part = select(found).where(*_between(found, after, to))
    freeze(connection, mailing_id, part, after=before)
    _keep_place(connection, mailing_id, to)
    if to is None:
        see_whether_finished(connection, mailing_id)
    return True


def _end_of_part(connection: Connection, found: FromClause, after: int | None, most: int) -> int | None:
    """Return the number of the last reader of a part, or nothing where it takes all that are left."""
    numbered = select(found.c.reader).where(*_between(found, after, None), found.c.reader.is_not(None))
    part = numbered.order_by(found.c.reader).limit(most).subquery()
    last, count_ = connection.execute(select(func.max(part.c.reader), func.count()).select_from(part)).one()
    return int(last) if count_ == most else None


def _between(found: FromClause, after: int | None, to: int | None) -> list[ColumnElement[bool]]:
    """The readers of one part. Those without a number are in the first."""
    reader = found.c.reader
    if after is not None:
        return [reader > after] if to is None else [reader > after, reader <= to]
    return [] if to is None else [or_(reader <= to, reader.is_(None))]


def _keep_place(connection: Connection, mailing_id: int, to: int | None) -> None:
    """Keep how far we came; at the end the SELECT is no longer needed."""
    running = (Mailing.id == mailing_id) & Mailing.readers.is_not(None)
    values = {"readers": null()} if to is None else {"frozen_to": to}
    if not connection.execute(update(Mailing).where(running).values(**values)).rowcount:
        raise _OvertakenError


def see_whether_finished(connection: Connection, mailing_id: int) -> None:
    """Finish a mailing that reaches nobody, or that was sent before it was known that nobody follows."""
    counts = Counts()
    counts.touch(mailing_id)
    counts.write(connection)


def freeze(
    connection: Connection,
    mailing_id: int,
    readers: Select[*tuple[Any, ...]],
    *,
    after: int = 0,
) -> None:
    """Freeze recipients of a mailing, mark the suppressed among them, and cut them into batches.

    They are numbered on from `after`, which is how many it has already.
    """
    rows = _numbered(connection, mailing_id, readers, after)
    connection.execute(insert(Recipient).from_select([*_ROW, *COLUMNS], rows))
    total = connection.execute(
        select(func.coalesce(func.max(Recipient.seq), 0)).where(Recipient.mailing_id == mailing_id)
    ).scalar_one()
    count(connection, mailing_id, after, total, mark_suppressed(connection, mailing_id, after + 1, total))


def _numbered(
    connection: Connection, mailing_id: int, readers: Select[*tuple[Any, ...]], after: int
) -> Select[*tuple[Any, ...]]:
    address, variant, reader, name, fields = list(readers.subquery().c)
    return select(
        literal(mailing_id),
        literal(after) + func.row_number().over(),
        literal(State.QUEUED.value),
        func.lower(func.substr(address, _position_of_at(connection.dialect, address) + 1)),
        address,
        variant,
        reader,
        name,
        cast(fields, Text),
    )


def _position_of_at(dialect: Dialect, address: Any) -> Any:
    return (func.strpos if dialect.name == "postgresql" else func.instr)(address, "@")


def count(connection: Connection, mailing_id: int, before: int, total: int, suppressed: int) -> None:
    """Count the new recipients and cut their batches."""
    now, queued = clock.now(), total - before - suppressed
    values: dict[str, Any] = {
        "recipients": total,
        "queued": Mailing.queued + queued,
        "suppressed": Mailing.suppressed + suppressed,
        "filled_at": func.coalesce(Mailing.filled_at, moment(connection)),
    }
    if queued:
        firsts = range(before + 1, total + 1, BATCH)
        batches = [
            {
                "mailing_id": mailing_id,
                "first_seq": first,
                "last_seq": min(first + BATCH - 1, total),
                "due_at": now,
            }
            for first in firsts
        ]
        connection.execute(insert(Batch), batches)
    connection.execute(update(Mailing).where(Mailing.id == mailing_id).values(**values))


def in_words(readers: Select[*tuple[Any, ...]]) -> str:
    """Write a SELECT out with its values, so that it can run in another process at another time."""
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    found = readers.subquery()
    named = select(*(column.label(name) for column, name in zip(found.c, COLUMNS, strict=True)))
    plain = dialect.dialect(paramstyle="named")  # in others a percent sign would be doubled
    return str(named.compile(dialect=plain, compile_kwargs={"literal_binds": True}))


def _from_words(words: str) -> FromClause:
    """Read a SELECT that `in_words` wrote; its colons are its own and no parameters."""
    columns = (Recipient.__table__.c[name] for name in COLUMNS)
    return text(words.replace(":", "\\:")).columns(*columns).subquery()
