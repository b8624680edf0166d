"""What an installation has behind it: mailings that ended, each to all readers, as their ledger looks afterwards."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    true,
)

from benchmarks.sending.letters import SENDER
from newsletter import clock
from newsletter.database import UTCDateTime, db, is_postgres
from newsletter.delivery import MailingState, State
from newsletter.delivery.tables import Batch, Mailing, Recipient

_DOMAINS = 40
_BATCH = 500
_SERVICE = 20_000
"""Confirmations and the like: half of them are so old that they may go."""
_OLD = timedelta(days=31)
_APART = timedelta(days=7)
_FATES = ((15, State.REFUSED), (20, State.WITHDRAWN), (23, State.SUPPRESSED), (24, State.UNKNOWN))
"""Of a thousand readers those below each number; all others were sent to."""
_LANGUAGES = ("en", "ja")


def make(rows: int, readers: int) -> None:
    """Write so many rows of the ledger, for mailings that went to all of so many readers, the last a week ago."""
    now = clock.now()
    _service_mail(now - _OLD)
    mailings = -(-rows // readers)
    for number in range(mailings):
        count = min(readers, rows - number * readers)
        _mailing(count, now - _APART * (mailings - number))
        db.session.commit()
    if is_postgres():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _service_mail(old: datetime) -> None:
    """Write mailings with one recipient each; those with even numbers are old."""
    first = (db.session.scalar(select(func.max(Mailing.id))) or 0) + 1
    numbers = _numbers(_SERVICE)
    at = case((numbers.c.i % 2 == 0, _moment(old)), else_=_moment(clock.now()))
    ended = (literal("service"), true(), literal(1), literal(1))
    values = (numbers.c.i + first - 1, literal("Please confirm"), literal("confirm:1"), *_frame(at), *ended)
    names = ["id", "label", "reference", *_FRAME, "nonce", "service", "recipients", "sent"]
    db.session.execute(insert(Mailing.__table__).from_select(names, select(*values)))
    if is_postgres():
        db.session.execute(
            select(func.setval("mailings_id_seq", select(func.max(Mailing.id)).scalar_subquery()))
        )
    rows = _rows(numbers.c.i, numbers.c.i + first - 1, literal(1), clock.now())
    db.session.execute(insert(Recipient.__table__).from_select(_COLUMNS, rows))


_FRAME = ["sender_email", "unknown_policy", "state", "created_at", "started_at", "finished_at"]


def _frame(at: ColumnElement[datetime]) -> tuple[ColumnElement[Any], ...]:
    state = literal(MailingState.FINISHED.value)
    return (literal(SENDER), literal("resend"), state, at, at, at)


def _mailing(count: int, at: datetime) -> None:
    mailing = Mailing(
        label="An earlier letter",
        reference=f"issue:{at:%Y%m%d}",
        nonce="past",
        scope=1,
        sender_email=SENDER,
        state=MailingState.FINISHED,
        created_at=at,
        started_at=at,
        finished_at=at,
        recipients=count,
        **_counters(count),
    )
    db.session.add(mailing)
    db.session.flush()
    number = _numbers(count).c.i
    rows = _rows(number, literal(mailing.id), number, at)
    db.session.execute(insert(Recipient.__table__).from_select(_COLUMNS, rows))
    firsts = range(1, count + 1, _BATCH)
    batches = [
        {"mailing_id": mailing.id, "first_seq": first, "last_seq": min(first + _BATCH - 1, count)}
        for first in firsts
    ]
    db.session.execute(insert(Batch), batches)


def _counters(count: int) -> dict[str, int]:
    whole = Counter(map(_fate, range(1000)))
    rest = Counter(map(_fate, range(1, count % 1000 + 1)))
    return {state.value: whole[state] * (count // 1000) + rest[state] for state in whole}


def _fate(number: int) -> State:
    return next((fate for until, fate in _FATES if number % 1000 < until), State.SENT)


_COLUMNS = [
    "mailing_id", "seq", "state", "address", "domain", "variant", "reader", "name", "sent_at", "code", "reply", "reason"
]  # fmt: skip


def _rows(
    i: ColumnElement[int], mailing: ColumnElement[int], seq: ColumnElement[int], at: datetime
) -> Select[*tuple[Any, ...]]:
    number, place = cast(i, String), literal("example", String) + cast(i % _DOMAINS, String) + ".org"
    state = case(*((i % 1000 < until, fate.value) for until, fate in _FATES), else_=State.SENT.value)
    sent, refused = state == State.SENT.value, state == State.REFUSED.value
    return select(
        mailing,
        seq,
        state,
        literal("reader", String) + number + "@" + place,
        place,
        case((i % 2 == 0, _LANGUAGES[0]), else_=_LANGUAGES[1]),
        i,
        literal("Dora ", String) + number,
        case((sent, _moment(at)), else_=cast(null(), UTCDateTime)),
        case((sent, 250), (refused, 550), else_=cast(null(), Integer)),
        case(
            (sent, literal("2.0.0 Ok: queued as 4XyZ", String) + number),
            (refused, "5.1.1 The email account that you tried to reach does not exist."),
            else_=cast(null(), String),
        ),
        case((refused, "There is no such mailbox."), else_=cast(null(), String)),
    )


def _numbers(count: int) -> Any:
    numbers = select(literal(1).label("i")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.i + 1).where(numbers.c.i < count))


def _moment(at: datetime) -> ColumnElement[datetime]:
    return literal(at, UTCDateTime)
