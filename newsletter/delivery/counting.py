"""The counters of mailings: collected while a transaction moves rows, written once at its end.

Written last and in the order of their numbers, so that couriers hold a mailing's row for an instant and never wait for
each other in a circle.
"""

from collections import Counter, defaultdict

from sqlalchemy import Connection, func, select, update

from newsletter import clock
from newsletter.delivery.states import MailingState, State
from newsletter.delivery.tables import Batch, Mailing, RateRow
from newsletter.delivery.upserts import insert_into

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
        now = clock.now()
        this = update(Mailing).where(Mailing.id == mailing_id)
        values = {state.value: getattr(Mailing, state) + n for state, n in changes.items() if n}
        if changes[State.SENDING] > 0:
            begun = {"started_at": func.coalesce(Mailing.started_at, now), "state": MailingState.SENDING}
            connection.execute(this.where(Mailing.state == MailingState.QUEUED).values(**begun))
        if values:
            connection.execute(this.values(**values))
        # a statement of its own, after the row is ours: only now are the batches that others released in sight
        left = select(Batch.first_seq).where(
            Batch.mailing_id == mailing_id, Batch.due_at.is_not(None) | Batch.lease_owner.is_not(None)
        )
        live = Mailing.state.in_((MailingState.SENDING, MailingState.PAUSED))
        over = this.where(
            live, Mailing.sending == 0, Mailing.queued == 0, Mailing.deferred == 0, ~left.exists()
        )
        connection.execute(over.values(state=MailingState.FINISHED, finished_at=now, paused_by=None))


def _write_rate(connection: Connection, mailing_id: int, done: Counter[State]) -> None:
    values = {state.value: done[state] for state in _RATED}
    row = insert_into(connection, RateRow).values(
        mailing_id=mailing_id, minute=int(clock.now().timestamp() // 60), **values
    )
    added = {name: getattr(RateRow, name) + count for name, count in values.items()}
    connection.execute(row.on_conflict_do_update(index_elements=["mailing_id", "minute"], set_=added))
