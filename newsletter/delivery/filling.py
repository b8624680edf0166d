"""How a mailing comes to be: its templates, its recipients in one INSERT … SELECT, its batches.

A mailing that starts later keeps the SELECT in words and runs it when its time has come, so that its recipients are
those of that moment and not of the moment somebody pressed a button.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Text,
    TextClause,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from newsletter import clock, mail
from newsletter.database import db, moment
from newsletter.delivery.adding_up import begin_again
from newsletter.delivery.claims import steer
from newsletter.delivery.faces import Letter
from newsletter.delivery.states import MailingState, State
from newsletter.delivery.suppressions import mark_suppressed
from newsletter.delivery.tables import Batch, Mailing, Message, Recipient
from newsletter.errors import Conflict, Invalid, NotFound
from newsletter.wake import Job, wake

BATCH = 500
"""Recipients in a batch: some tenths of a second of work, and what a crash at most sets back."""

_COLUMNS = ("address", "variant", "reader", "name", "fields")


def enqueue(letter: Letter, readers: Select[*tuple[Any, ...]]) -> int:
    """Make a mailing to all that `readers` selects, and return its number.

    `readers` selects five columns, in this order: address, variant, reader (a number, or null), name, fields (JSON, or
    null). It runs here and now, in the caller's transaction, or at `letter.start_at`. Raises `Invalid`.
    """
    if not letter.templates:
        raise Invalid(f"“{letter.label}” has no message to send.", "templates")
    if len(readers.selected_columns) != len(_COLUMNS):
        raise Invalid(f"Readers are selected as {', '.join(_COLUMNS)}.", "readers")
    mail.wire_address(letter.sender_email)  # else each of its messages would be refused
    mailing = _mailing(letter)
    _keep_templates(mailing.id, letter.templates)
    if letter.start_at is None:
        fill(db.session.connection(), mailing.id, readers)
        db.session.refresh(mailing)
        wake(Job.DELIVER)
    else:
        mailing.readers = _in_words(readers)
        db.session.flush()
    return mailing.id


def extend(mailing_id: int, readers: Select[*tuple[Any, ...]]) -> int:
    """Add to a mailing those whom `readers` selects, as `enqueue` takes them, and return how many that are.

    They get what the others got, and a mailing that was finished goes on. Raises `NotFound`, and `Conflict` where it was
    withdrawn or has not begun.
    """
    connection = db.session.connection()
    steer(connection)
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True, with_for_update=True)
    if mailing is None:
        raise NotFound(f"There is no mailing {mailing_id}.")
    if mailing.state == MailingState.WITHDRAWN or mailing.readers is not None:
        raise Conflict(f"“{mailing.label}” was withdrawn or has not begun; nobody can be added.")
    before = mailing.recipients
    fill(connection, mailing_id, readers, after=before)
    db.session.refresh(mailing)
    if mailing.recipients > before:
        mailing.extended_at = clock.now()
        begin_again(connection, mailing_id)
        wake(Job.DELIVER)
    db.session.flush()
    return mailing.recipients - before


def has_row(mailing_id: int, reader: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a reader is among a mailing's recipients, for the caller's own SELECT."""
    return exists().where(Recipient.mailing_id == mailing_id, Recipient.reader == reader)


def post(
    draft: mail.Draft,
    to: mail.Address,
    reference: str,
    *,
    reader: int | None = None,
    even_if_suppressed: bool = False,
) -> int:
    """Send one service mail, such as a confirmation, ahead of all issues; return its mailing's number.

    To a suppressed address nothing goes out: its row is `suppressed`, unless the caller knows better.
    """
    letter = Letter(
        label=draft.subject,
        reference=reference,
        templates={"": mail.compile(draft)},
        sender_email=draft.sender.email,
        service=True,
    )
    mailing = _mailing(letter)
    _keep_templates(mailing.id, letter.templates)
    connection = db.session.connection()
    connection.execute(insert(Recipient), _row(mailing.id, to, reader))
    suppressed = 0 if even_if_suppressed else mark_suppressed(connection, mailing.id, 1, 1)
    _count(connection, mailing.id, 0, 1, suppressed)
    db.session.refresh(mailing)
    wake(Job.DELIVER)
    return mailing.id


def fill(
    connection: Connection,
    mailing_id: int,
    readers: Select[*tuple[Any, ...]] | TextClause,
    *,
    after: int = 0,
) -> None:
    """Freeze the recipients of a mailing, mark the suppressed among them, and cut them into batches.

    They are numbered on from `after`, which is how many it has already.
    """
    rows = _numbered(connection, mailing_id, readers, after)
    connection.execute(insert(Recipient).from_select([*_ROW, *_COLUMNS], rows))
    total = connection.execute(
        select(func.coalesce(func.max(Recipient.seq), 0)).where(Recipient.mailing_id == mailing_id)
    ).scalar_one()
    _count(connection, mailing_id, after, total, mark_suppressed(connection, mailing_id, after + 1, total))


_ROW = ("mailing_id", "seq", "state", "domain")


def _numbered(
    connection: Connection, mailing_id: int, readers: Select[*tuple[Any, ...]] | TextClause, after: int
) -> Select[*tuple[Any, ...]]:
    if isinstance(readers, TextClause):
        sub = readers.columns(*(Recipient.__table__.c[name] for name in _COLUMNS)).subquery()
    else:
        sub = readers.subquery()
    address, variant, reader, name, fields = list(sub.c)
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


def _count(connection: Connection, mailing_id: int, before: int, total: int, suppressed: int) -> None:
    """Count the new recipients and cut their batches; a mailing that reaches nobody is finished at once."""
    now, queued = clock.now(), total - before - suppressed
    values: dict[str, Any] = {
        "recipients": total,
        "queued": Mailing.queued + queued,
        "suppressed": Mailing.suppressed + suppressed,
        "readers": None,
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
        ended = Mailing.state == MailingState.FINISHED
        values |= {"state": case((ended, MailingState.SENDING), else_=Mailing.state), "finished_at": null()}
    elif not before:
        values |= {"state": MailingState.FINISHED, "started_at": now, "finished_at": now}
    connection.execute(update(Mailing).where(Mailing.id == mailing_id).values(**values))


def _mailing(letter: Letter) -> Mailing:
    mailing = Mailing(
        label=letter.label[:500],
        reference=letter.reference,
        nonce=secrets.token_hex(4),
        scope=letter.scope,
        service=letter.service,
        sender_email=letter.sender_email,
        unknown_policy=letter.unknown,
        created_at=clock.now(),
        start_at=letter.start_at,
    )
    db.session.add(mailing)
    db.session.flush()
    return mailing


def _keep_templates(mailing_id: int, templates: Mapping[str, mail.Template]) -> None:
    for variant, template in templates.items():
        db.session.add(Message(mailing_id=mailing_id, variant=variant, template=template.dump()))
    db.session.flush()


def _row(mailing_id: int, to: mail.Address, reader: int | None) -> dict[str, Any]:
    return {
        "mailing_id": mailing_id,
        "seq": 1,
        "state": State.QUEUED,
        "address": to.email,
        "domain": to.email.rpartition("@")[2].lower(),
        "variant": "",
        "reader": reader,
        "name": to.name or None,
    }


def _in_words(readers: Select[*tuple[Any, ...]]) -> str:
    """Write a SELECT out with its values, so that it can run in another process at another time."""
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    found = readers.subquery()
    named = select(*(column.label(name) for column, name in zip(found.c, _COLUMNS, strict=True)))
    plain = dialect.dialect(paramstyle="named")  # in others a percent sign would be doubled
    return str(named.compile(dialect=plain, compile_kwargs={"literal_binds": True}))


def from_words(words: str) -> TextClause:
    """Read a SELECT that `_in_words` wrote; its colons are its own and no parameters."""
    return text(words.replace(":", "\\:"))
