"""The counters of mailings: collected while a transaction moves rows, written once at its end.

Written last and in the order of their numbers, so that couriers hold a mailing's row for an instant and never wait for
each other in a circle.
"""

from collections import Counter, defaultdict

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from newsletter import clock
from newsletter.database import UTCDateTime
from newsletter.delivery.states import RUNNING, MailingState, State
from newsletter.delivery.tables import Batch, Mailing, RateRow

SLOT = 10
"""Seconds over which it is counted how fast a mailing goes."""
_RATED = (State.SENT, State.DEFERRED, State.REFUSED)


class Counts:
    """What one transaction changes in the counters."""

    def __init__(self) -> None:
        self._changes: defaultdict[int, Counter[State]] = defaultdict(Counter)
        self._rates: defaultdict[int, Counter[State]] = defaultdict(Counter)

    def move(self, mailing_id: int, old: State, new: State, count: int = 1) -> None:
        """Count rows that went from one state to another."""
        self._changes[mailing_id][old] -= count
        self._changes[mailing_id][new] += count
        if old == State.SENDING and new in _RATED:
            self._rates[mailing_id][new] += count

    def touch(self, mailing_id: int) -> None:
        """See at the end whether this mailing is finished."""
        self._changes.setdefault(mailing_id, Counter())

    def write(self, connection: Connection) -> None:
        """Write the counters, begin what began, and finish what is finished."""
        for mailing_id in sorted(self._changes):
            self._write(connection, mailing_id, self._changes[mailing_id])
        for mailing_id in sorted(self._rates):
            _write_rate(connection, mailing_id, self._rates[mailing_id])

    @staticmethod
    def _write(connection: Connection, mailing_id: int, changes: Counter[State]) -> None:
        now = {"mailing": mailing_id, "now": clock.now()}
        if changes[State.SENDING] > 0:
            connection.execute(_BEGIN, now)
        if any(changes.values()):
            connection.execute(_CHANGE, {"mailing": mailing_id, **_by_name(changes)})
        if (
            changes[State.SENDING] <= 0
        ):  # a statement of its own, after the row is ours: only now is in sight what others did
            connection.execute(_FINISH, now)


_THIS = update(Mailing).where(Mailing.id == bindparam("mailing"))
_BEGIN = _THIS.where(Mailing.state == MailingState.QUEUED).values(
    started_at=func.coalesce(Mailing.started_at, bindparam("now", type_=UTCDateTime)),
    state=MailingState.SENDING,
)
_CHANGE = _THIS.values({state.value: getattr(Mailing, state) + bindparam(f"by_{state}") for state in State})
_FINISH = _THIS.where(
    Mailing.state.in_(RUNNING),
    Mailing.readers.is_(None),
    Mailing.sending == 0,
    Mailing.queued == 0,
    Mailing.deferred == 0,
    ~select(Batch.first_seq)
    .where(
        Batch.mailing_id == bindparam("mailing"), Batch.due_at.is_not(None) | Batch.lease_owner.is_not(None)
    )
    .exists(),
).values(
    state=MailingState.FINISHED,
    started_at=func.coalesce(Mailing.started_at, bindparam("now", type_=UTCDateTime)),
    finished_at=bindparam("now", type_=UTCDateTime),
    paused_by=None,
)


def _by_name(changes: Counter[State]) -> dict[str, int]:
    return {f"by_{state}": changes[state] for state in State}


def _write_rate(connection: Connection, mailing_id: int, done: Counter[State]) -> None:
    slot = int(clock.now().timestamp() // SLOT)
    values = {state.value: done[state] for state in _RATED}
    connection.execute(
        _ADD_TO_RATE[connection.dialect.name], {"mailing_id": mailing_id, "slot": slot, **values}
    )


def _adding(row: "postgresql.Insert | sqlite.Insert") -> "postgresql.Insert | sqlite.Insert":
    added = {state.value: getattr(RateRow, state) + getattr(row.excluded, state) for state in _RATED}
    return row.on_conflict_do_update(index_elements=["mailing_id", "slot"], set_=added)


_ADD_TO_RATE = {
    "postgresql": _adding(postgresql.insert(RateRow)),
    "sqlite": _adding(sqlite.insert(RateRow)),
}
