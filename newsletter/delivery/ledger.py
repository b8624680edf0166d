"""Writing outcomes into the ledger in bulk, and giving batches back.

A row is only ever moved out of `sending` by the transaction that finds it there, so an outcome that is recorded twice
(after a commit whose answer was lost) counts once. An outcome that comes late, when the row was already given up as
unknown, still settles the doubt.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, bindparam, func, select, text, update

from newsletter import clock
from newsletter.database import UTCDateTime
from newsletter.delivery.claims import waiting, within
from newsletter.delivery.counting import Counts
from newsletter.delivery.outcomes import Claimed, Sent, Settled
from newsletter.delivery.states import MailingState, State
from newsletter.delivery.suppressions import HARD_BOUNCE, suppress_hard
from newsletter.delivery.tables import Batch, Mailing, Recipient

_Row = TypeVar("_Row", Sent, Settled)

_VALUES = {
    "postgresql": """
        json_to_recordset(CAST(:rows AS json)) AS v(
            m integer, s integer, attempts integer, doubts integer, setbacks integer,
            due_at timestamptz, code integer, reply text, reason text)""",
    "sqlite": """
        (SELECT value ->> 'm' AS m, value ->> 's' AS s, value ->> 'attempts' AS attempts, value ->> 'doubts' AS doubts,
                value ->> 'setbacks' AS setbacks, value ->> 'due_at' AS due_at, value ->> 'code' AS code,
                value ->> 'reply' AS reply, value ->> 'reason' AS reason
         FROM json_each(:rows)) AS v""",
}
_RECORD = """
    UPDATE recipients
    SET state = :state, attempts = v.attempts, doubts = v.doubts, setbacks = v.setbacks,
        due_at = v.due_at, code = v.code, reply = v.reply, reason = v.reason
    FROM {values}
    WHERE recipients.mailing_id = v.m AND recipients.seq = v.s AND recipients.state = :from_state
"""
_SENT_VALUES = {
    "postgresql": """
        ROWS FROM (
            unnest(CAST(:mailings AS integer[])), unnest(CAST(:seqs AS integer[])), unnest(CAST(:answers AS integer[]))
        ) AS v(m, s, answer)""",
    "sqlite": """
        (SELECT value ->> 0 AS m, value ->> 1 AS s, value ->> 2 AS code, value ->> 3 AS reply
         FROM json_each(:rows)) AS v""",
}
_ANSWER = {
    "postgresql": "code = (CAST(:codes AS integer[]))[v.answer], reply = (CAST(:replies AS text[]))[v.answer]",
    "sqlite": "code = v.code, reply = v.reply",
}
"""Most servers say the same of each message; so PostgreSQL is told each answer once, and for each row which it was."""
_RECORD_SENT = """
    UPDATE recipients
    SET state = 'sent', sent_at = :sent_at, due_at = NULL, reason = NULL, {answer}
    FROM {values}
    WHERE recipients.mailing_id = v.m AND recipients.seq = v.s AND recipients.state = :from_state
"""
_SAY_WHICH = " RETURNING recipients.mailing_id, recipients.seq"
_STATEMENTS = {
    (name, careful): text(_RECORD.format(values=values) + _SAY_WHICH * careful)
    for name, values in _VALUES.items()
    for careful in (False, True)
}
_SENT_STATEMENTS = {
    (name, careful): text(
        _RECORD_SENT.format(values=values, answer=_ANSWER[name]) + _SAY_WHICH * careful
    ).bindparams(bindparam("sent_at", type_=UTCDateTime))
    for name, values in _SENT_VALUES.items()
    for careful in (False, True)
}


class NotAllThereError(Exception):
    """Some rows were not in hand any more: begin the transaction again, carefully."""


def record_sent(
    connection: Connection, sent: Sequence[Sent], counts: Counts, *, careful: bool = True
) -> None:
    """Write down which rows in hand were sent: the shortest way there is, since nearly all of them are. See `record`."""
    if sent:
        missed = _apply_sent(connection, sent, State.SENDING, counts, careful=careful)
        if missed:
            _stir(connection, missed)
            _apply_sent(connection, missed, State.UNKNOWN, counts)


def record(
    connection: Connection, settled: Sequence[Settled], counts: Counts, *, careful: bool = True
) -> None:
    """Write what became of rows in hand that were not sent, and suppress the addresses that are no more.

    Without `careful` it asks the database only how many rows it moved, which saves a tenth of all work, and raises
    `NotAllThereError` in the rare case that it was not all of them.
    """
    by_state: dict[State, list[Settled]] = {}
    for row in settled:
        by_state.setdefault(row.state, []).append(row)
    for state, rows in by_state.items():
        missed = _apply(connection, rows, State.SENDING, counts, careful=careful)
        if missed and state == State.REFUSED:
            _stir(connection, missed)
            _apply(connection, missed, State.UNKNOWN, counts)
    for row in settled:
        if row.hard:
            suppress_hard(connection, row.hard, HARD_BOUNCE, row.reply or "")


def give_back(
    connection: Connection, rows: Iterable[Claimed], counts: Counts, *, careful: bool = True
) -> None:
    """Put rows back that were in hand and surely did not leave."""
    now = clock.now()
    back = [
        Settled(
            row.mailing_id, row.seq, row.rests_as, row.attempts, row.doubts, row.setbacks,
            due_at=None if row.rests_as == State.QUEUED else now,
        )
        for row in rows
    ]  # fmt: skip
    record(connection, back, counts, careful=careful)


def release(connection: Connection, owner: str, key: tuple[int, int], counts: Counts) -> None:
    """Give a batch back whose rows are all settled, with the time when the next of them is due."""
    mailing_id, first_seq = key
    this = {"mailing": mailing_id, "first": first_seq, "owner": owner}
    held = connection.execute(_GIVE_UP, {**this, "now": clock.now()}).first()
    if held is None:
        return  # the lease ran out, and somebody else has settled it
    if held.due_at is not None:
        rows = {"mailing": mailing_id, "first": first_seq, "last": held.last_seq}
        if _let_leave(connection, rows, counts):
            connection.execute(_DUE_AGAIN, {"mailing": mailing_id, "first": first_seq, "now": clock.now()})
    counts.touch(mailing_id)


def leaving(connection: Connection, keys: Iterable[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Return which rows in hand belong to readers who have left."""
    found: set[tuple[int, int]] = set()
    for mailing_id, first_seq, last_seq in keys:
        rows = {"mailing": mailing_id, "first": first_seq, "last": last_seq}
        found.update((mailing_id, seq) for seq in connection.execute(_LEAVING, rows).scalars())
    return found


def stopped(connection: Connection, mailings: Iterable[int]) -> set[int]:
    """Return which of these mailings are paused or withdrawn."""
    going = (MailingState.QUEUED, MailingState.SENDING)
    halted = select(Mailing.id).where(Mailing.id.in_(list(mailings)), Mailing.state.not_in(going))
    return set(connection.execute(halted).scalars())


_BATCH = within(bindparam("mailing"), bindparam("first"), bindparam("last"))
_WAITING = select(Recipient.seq, Recipient.state).where(_BATCH, waiting())
_NEXT_DUE = (
    select(func.min(func.coalesce(Recipient.due_at, bindparam("now", type_=UTCDateTime))))
    .where(within(Batch.mailing_id, Batch.first_seq, Batch.last_seq), waiting())
    .scalar_subquery()
)
_DUE_AGAIN = (
    update(Batch)
    .where(Batch.mailing_id == bindparam("mailing"), Batch.first_seq == bindparam("first"))
    .values(due_at=_NEXT_DUE)
)
_GIVE_UP = (
    _DUE_AGAIN.where(Batch.lease_owner == bindparam("owner"))
    .values(lease_owner=None, lease_until=None, moves=Batch.moves + 1)
    .returning(Batch.last_seq, Batch.due_at)
)
_STATE = select(Mailing.state).where(Mailing.id == bindparam("mailing"))
_LEAVING = select(Recipient.seq).where(_BATCH, Recipient.leaving, Recipient.state == State.SENDING)


def _let_leave(connection: Connection, rows: dict[str, int], counts: Counts) -> bool:
    """Withdraw what came back for readers who have left, or all of it where the mailing was withdrawn; tell if there was any."""
    mailing_id = rows["mailing"]
    state = connection.execute(_STATE, {"mailing": mailing_id}).scalar()
    going = _WAITING if state == MailingState.WITHDRAWN else _WAITING.where(Recipient.leaving)
    found = connection.execute(going, rows).all()
    if found:
        seqs = [seq for seq, _ in found]
        gone = update(Recipient).where(Recipient.mailing_id == mailing_id, Recipient.seq.in_(seqs))
        connection.execute(gone.values(state=State.WITHDRAWN, due_at=None))
    for _, old in found:
        counts.move(mailing_id, State(old), State.WITHDRAWN)
    return bool(found)


def _stir(connection: Connection, rows: Iterable[Sent | Settled]) -> None:
    """Let the batches be added up again that an answer comes late for. They are locked before their rows, as by a claim."""
    done = (0, 0)
    for key in sorted((row.mailing_id, row.seq) for row in rows):
        if key > done:
            mailing_id, seq = key
            this = (Batch.mailing_id == mailing_id) & (Batch.first_seq <= seq) & (Batch.last_seq >= seq)
            raised = update(Batch).where(this).values(moves=Batch.moves + 1)
            done = mailing_id, connection.execute(raised.returning(Batch.last_seq)).scalar() or seq


def _apply(
    connection: Connection, rows: Sequence[Settled], old: State, counts: Counts, *, careful: bool = True
) -> Sequence[Settled]:
    """Move rows of one new state out of `old`; return those that were not there."""
    state = rows[0].state
    dialect = connection.dialect.name
    values = {
        "rows": json.dumps([_values(row, dialect) for row in rows]),
        "state": state.value,
        "from_state": old.value,
    }
    result = connection.execute(_STATEMENTS[dialect, careful], values)
    moved, missed = _parted(rows, result, careful=careful)
    for mailing_id, count in Counter(row.mailing_id for row in moved).items():
        counts.move(mailing_id, old, state, count)
    return missed


def _apply_sent(
    connection: Connection, rows: Sequence[Sent], old: State, counts: Counts, *, careful: bool = True
) -> Sequence[Sent]:
    """Move rows out of `old` to `sent`; return those that were not there."""
    dialect = connection.dialect.name
    values = {**_columns(rows, dialect), "from_state": old.value, "sent_at": clock.now()}
    result = connection.execute(_SENT_STATEMENTS[dialect, careful], values)
    moved, missed = _parted(rows, result, careful=careful)
    for mailing_id, count in Counter([row[0] for row in moved]).items():
        counts.move(mailing_id, old, State.SENT, count)
    return missed


def _parted(
    rows: Sequence[_Row], result: CursorResult[Any], *, careful: bool
) -> tuple[Sequence[_Row], Sequence[_Row]]:
    """Return which rows were moved and which were not. Raises `NotAllThereError`."""
    if not careful:
        if result.rowcount != len(rows):
            raise NotAllThereError
        return rows, rows[:0]
    there = {tuple(row) for row in result}
    moved = [row for row in rows if (row.mailing_id, row.seq) in there]
    return moved, [row for row in rows if (row.mailing_id, row.seq) not in there]


def _columns(rows: Sequence[Sent], dialect: str) -> dict[str, Any]:
    """Write rows as an engine reads them fastest."""
    if dialect != "postgresql":
        return {"rows": json.dumps(rows)}
    places: dict[tuple[int | None, str | None], int] = {}
    answers = [places.setdefault(row[2:], len(places) + 1) for row in rows]
    return {
        "mailings": _array([row[0] for row in rows]),
        "seqs": _array([row[1] for row in rows]),
        "answers": _array(answers),
        "codes": [code for code, _ in places],
        "replies": [reply for _, reply in places],
    }


def _array(values: Iterable[int]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _values(row: Settled, dialect: str) -> dict[str, Any]:
    return {
        "m": row.mailing_id,
        "s": row.seq,
        "attempts": row.attempts,
        "doubts": row.doubts,
        "setbacks": row.setbacks,
        "due_at": _moment(row.due_at, dialect),
        "code": row.code,
        "reply": row.reply,
        "reason": row.reason,
    }


def _moment(moment: datetime | None, dialect: str) -> str | None:
    if moment is None:
        return None
    if dialect == "postgresql":
        return moment.isoformat()
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")  # as SQLAlchemy writes it on SQLite
