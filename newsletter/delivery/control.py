"""How people and the rest of the service steer a mailing that runs: pause, resume, withdraw, decide about doubts.

All of it happens in the caller's transaction. Rows that a courier has in hand are its own: it looks every half second
whether its mailings still run and which readers have left, and gives back what it has not sent.
"""

from sqlalchemy import ColumnElement, case, select, update

from newsletter import clock
from newsletter.database import db
from newsletter.delivery.adding_up import told_apart
from newsletter.delivery.claims import steer, waiting
from newsletter.delivery.states import RUNNING, MailingState, State
from newsletter.delivery.suppressions import forget_suppressed
from newsletter.delivery.tables import Batch, Mailing, Recipient
from newsletter.errors import Conflict, NotFound
from newsletter.wake import Job, wake


def pause(mailing_id: int, by: str = "") -> None:
    """Stop a mailing after the messages that are on the wire. Raises `Conflict` where nothing is left to stop."""
    mailing = _running(mailing_id)
    mailing.state = MailingState.PAUSED
    mailing.paused_by = by or None
    db.session.flush()


def hold_all(by: str) -> int:
    """Pause every mailing that has mail to send, and return how many that are."""
    steer(db.session.connection())
    going = Mailing.state.in_((MailingState.QUEUED, MailingState.SENDING))
    held = update(Mailing).where(going).values(state=MailingState.PAUSED, paused_by=by)
    return db.session.connection().execute(held).rowcount


def resume(mailing_id: int) -> None:
    """Let a paused mailing go on. Raises `Conflict` where it is not paused."""
    mailing = _running(mailing_id)
    if mailing.state != MailingState.PAUSED:
        raise Conflict(f"“{mailing.label}” is not paused.")
    mailing.state = MailingState.SENDING if mailing.started_at else MailingState.QUEUED
    mailing.paused_by = None
    db.session.flush()
    wake(Job.DELIVER)


def withdraw(mailing_id: int) -> None:
    """Cancel all that was not sent yet. Raises `Conflict` where nothing is left to cancel."""
    mailing = _running(mailing_id)
    mailing.state = MailingState.WITHDRAWN
    mailing.finished_at = clock.now()
    mailing.readers = None
    db.session.flush()
    free = (Batch.mailing_id == mailing_id) & Batch.lease_owner.is_(None)
    db.session.execute(update(Batch).where(free).values(due_at=None, moves=Batch.moves + 1))
    _take_out(mailing_id, Recipient.mailing_id == mailing_id)
    db.session.refresh(mailing)


def withdraw_reader(reader: int, scope: int | None = None) -> int:
    """Send nothing more to one reader, in running mailings (of one scope); return how many rows that met."""
    steer(db.session.connection())
    theirs = (Recipient.reader == reader) & (waiting() | (Recipient.state == State.SENDING))
    rows = select(Recipient.mailing_id, Recipient.seq).join(Mailing, Mailing.id == Recipient.mailing_id)
    rows = rows.where(theirs, Mailing.state.in_(RUNNING))
    if scope is not None:
        rows = rows.where(Mailing.scope == scope)
    found = db.session.execute(rows.order_by(Recipient.mailing_id, Recipient.seq)).all()
    for mailing_id, seq in found:
        _take_out(mailing_id, (Recipient.mailing_id == mailing_id) & (Recipient.seq == seq), in_hand=True)
        _look_again(mailing_id, seq)
    return len(found)


def resend_unknown(mailing_id: int) -> int:
    """Send again what may or may not have arrived and is held; return how many that are."""
    mailing = _mailing(mailing_id)
    if mailing.state == MailingState.WITHDRAWN:
        raise Conflict(f"“{mailing.label}” was withdrawn.")
    now = clock.now()
    held = (
        (Recipient.mailing_id == mailing_id) & (Recipient.state == State.UNKNOWN) & Recipient.due_at.is_(None)
    )
    again = db.session.scalars(
        update(Recipient).where(held).values(due_at=now).returning(Recipient.seq)
    ).all()
    if not again:
        return 0
    batches = update(Batch).where(Batch.mailing_id == mailing_id, Batch.lease_owner.is_(None))
    touched = select(Recipient.seq).where(
        Recipient.mailing_id == mailing_id,
        Recipient.seq.between(Batch.first_seq, Batch.last_seq),
        Recipient.state == State.UNKNOWN,
        Recipient.due_at.is_not(None),
    )
    db.session.execute(
        batches.where(touched.exists()).values(due_at=now, moves=Batch.moves + 1),
        execution_options={"synchronize_session": False},
    )
    if mailing.state == MailingState.FINISHED:
        mailing.state, mailing.finished_at = MailingState.SENDING, None
    db.session.flush()
    wake(Job.DELIVER)
    return len(again)


def forget(reader: int, address: str | None = None) -> None:
    """Withdraw a reader everywhere, and make what the ledger and the suppressions say of them unreadable."""
    withdraw_reader(reader)
    theirs = (Recipient.reader == reader) & Recipient.mailing_id.in_(select(Mailing.id))
    settled = theirs & Recipient.state.not_in((State.QUEUED, State.DEFERRED, State.SENDING))
    shared = told_apart(db.session.connection(), settled)
    # many share a domain that has a line of its own in a sum, which would not add up without it
    domain = case((Recipient.mailing_id.in_(shared), Recipient.domain), else_="")
    values = {"address": "", "name": None, "fields": None, "reply": None, "domain": domain}
    db.session.execute(update(Recipient).where(settled).values(**values))
    if address:
        forget_suppressed(address)


def _take_out(mailing_id: int, rows: ColumnElement[bool], *, in_hand: bool = False) -> None:
    """Withdraw waiting rows and keep the counters; those in hand are only marked, and withdrawn by who has them."""
    changed: dict[str, int] = {}
    for state in (State.QUEUED, State.DEFERRED, State.UNKNOWN):
        leaving = update(Recipient).where(rows, waiting(), Recipient.state == state)
        result = db.session.connection().execute(leaving.values(state=State.WITHDRAWN, due_at=None))
        changed[state] = result.rowcount
    if in_hand:
        marked = update(Recipient).where(rows, Recipient.state == State.SENDING).values(leaving=True)
        db.session.connection().execute(marked)
    counters = {state: getattr(Mailing, state) - count for state, count in changed.items() if count}
    if counters:
        counters["withdrawn"] = Mailing.withdrawn + sum(changed.values())
        connection = db.session.connection()
        connection.execute(update(Mailing).where(Mailing.id == mailing_id).values(**counters))


def _look_again(mailing_id: int, seq: int) -> None:
    """Let a courier see soon whether anything is left of a batch that waits for a later try."""
    this = (Batch.mailing_id == mailing_id) & (Batch.first_seq <= seq) & (Batch.last_seq >= seq)
    idle = this & Batch.lease_owner.is_(None) & Batch.due_at.is_not(None)
    db.session.execute(update(Batch).where(idle).values(due_at=clock.now(), moves=Batch.moves + 1))
    wake(Job.DELIVER)


def _running(mailing_id: int) -> Mailing:
    mailing = _mailing(mailing_id)
    if mailing.state not in RUNNING:
        raise Conflict(f"“{mailing.label}” is {mailing.state} already.")
    return mailing


def _mailing(mailing_id: int) -> Mailing:
    steer(db.session.connection())
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True)
    if mailing is None:
        raise NotFound(f"There is no mailing {mailing_id}.")
    return mailing
