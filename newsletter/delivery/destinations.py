"""Domains that mail goes to and that are treated otherwise than others: by limits, or by a pause after they blamed us.

A domain that finds fault with the sender (too much at once, a block list, SPF) is left alone for a while: not the relay,
which carries mail for all others, and not its readers, who did nothing. Service mail still goes, since somebody waits for it.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from newsletter import clock, mail
from newsletter.database import db
from newsletter.delivery.claims import steer
from newsletter.delivery.faces import Destination
from newsletter.delivery.states import RUNNING, State
from newsletter.delivery.tables import Batch, DomainRow, Mailing, Recipient
from newsletter.delivery.upserts import upsert
from newsletter.errors import Invalid
from newsletter.wake import Job, wake

_PAUSES = (300, 900, 1800, 3600, 7200)
"""Seconds of the first, second … pause in a row."""
_LIMITS = ("per_second", "per_hour", "per_day")


def destinations() -> list[Destination]:
    """Return the domains that have limits, or are paused or were until mail goes there again."""
    return sorted(special(db.session.connection()).values(), key=lambda one: one.name)


def limit_domain(name: str, pace: mail.Pace) -> None:
    """Let mail go to a domain only so fast; an empty pace takes the limits away. Raises `Invalid`."""
    name = name.strip().lower().lstrip("@")
    if "." not in name or " " in name or "@" in name:
        raise Invalid("Give a domain such as example.org.", "domain")
    values = {limit: getattr(pace, limit) for limit in _LIMITS}
    values |= {"warm_up": "-".join(map(str, pace.warm_up)) or None, "warm_up_from": pace.warm_up_from}
    upsert(db.session.connection(), DomainRow, {"name": name}, values, pauses=0)
    _drop_ordinary(db.session.connection(), name)
    try_domain(name)


def try_domain(name: str) -> None:
    """End the pause of a domain, and let its mail that waits for it or for a limit be tried now."""
    connection = db.session.connection()
    steer(connection)
    connection.execute(
        update(DomainRow).where(DomainRow.name == name).values(paused_until=None, since=None, pauses=0)
    )
    _drop_ordinary(connection, name)
    now = clock.now()
    running = select(Mailing.id).where(Mailing.state.in_(RUNNING))
    # what the domain itself has put off keeps its time
    untried = (Recipient.state == State.DEFERRED) & Recipient.code.is_(None)
    waits = or_(Recipient.state == State.QUEUED, untried)
    theirs = (Recipient.domain == name) & (Recipient.due_at > now) & waits
    for mailing_id in db.session.scalars(running).all():
        mine = (Recipient.mailing_id == mailing_id) & theirs
        here = mine & Recipient.seq.between(Batch.first_seq, Batch.last_seq)
        batches = update(Batch).where(Batch.mailing_id == mailing_id, Batch.due_at > now)
        touched = select(Recipient.seq).where(here).correlate(Batch).exists()
        connection.execute(batches.where(touched).values(due_at=now, moves=Batch.moves + 1))
        connection.execute(update(Recipient).where(mine).values(due_at=now))
    wake(Job.DELIVER)


def special(connection: Connection) -> dict[str, Destination]:
    """Return the domains that are treated otherwise than others, by their names."""
    now = clock.now()
    found = {}
    for row in connection.execute(select(DomainRow.__table__)):
        paused = row.paused_until if row.paused_until and row.paused_until > now else None
        found[row.name] = Destination(
            row.name, _pace(row), paused, row.pauses > 0, row.reason or "", row.reply or "", row.since
        )
    return found


def pause_domain(connection: Connection, name: str, reason: str, reply: str) -> None:
    """Leave a domain alone for a while, longer each time in a row. A pause under way is not prolonged."""
    now = clock.now()
    found = connection.execute(
        select(DomainRow.pauses, DomainRow.paused_until, DomainRow.since).where(DomainRow.name == name)
    ).first()
    pauses, until, since = found or (0, None, None)
    if until is not None and until > now:
        return
    values = {
        "paused_until": now + timedelta(seconds=_PAUSES[min(pauses, len(_PAUSES) - 1)]),
        "pauses": pauses + 1,
        "since": since or now,
        "reason": reason[:300],
        "reply": reply,
    }
    upsert(connection, DomainRow, {"name": name}, values)


def went_well(connection: Connection, name: str) -> None:
    """Note that a domain takes mail again after a pause that is over."""
    over = (DomainRow.name == name) & (DomainRow.paused_until <= clock.now())
    connection.execute(update(DomainRow).where(over).values(paused_until=None, pauses=0, since=None))
    _drop_ordinary(connection, name)


def _drop_ordinary(connection: Connection, name: str) -> None:
    """Forget a domain that has neither limits nor a pause any more."""
    ordinary = (DomainRow.name == name) & DomainRow.paused_until.is_(None) & DomainRow.warm_up.is_(None)
    for limit in _LIMITS:
        ordinary &= getattr(DomainRow, limit).is_(None)
    connection.execute(delete(DomainRow).where(ordinary))


def _pace(row: Row[Any]) -> mail.Pace:
    steps = mail.read_steps(row.warm_up) if row.warm_up else ()
    return mail.Pace(row.per_second, row.per_hour, row.per_day, steps, row.warm_up_from)
